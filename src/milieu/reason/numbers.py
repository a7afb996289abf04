"""Terms as numbers: sets of many pairs are compared several times faster than sets of pairs of terms."""

from __future__ import annotations

from pyoxigraph import Literal

from milieu.reason.atoms import Term

__all__ = ["Numbers"]


class Numbers:
    """A number for each term met: of a literal below zero, of any other above.

    >>> numbers = Numbers()
    >>> numbers.of(Literal("Kanazawa"))
    -1
    >>> numbers.term(-1).value
    'Kanazawa'
    """

    __slots__ = ("_numbers", "_spellings", "_terms")

    def __init__(self) -> None:
        self._numbers: dict[Term, int] = {}
        self._terms: list[Term] = []
        self._spellings: dict[int, str] = {}

    def of(self, term: Term) -> int:
        """The number of a term."""
        number = self._numbers.get(term)
        if number is None:
            self._terms.append(term)
            number = -len(self._terms) if type(term) is Literal else len(self._terms)
            self._numbers[term] = number
        return number

    def term(self, number: int) -> Term:
        """The term that has this number."""
        return self._terms[abs(number) - 1]

    def spelling(self, number: int) -> str:
        """The term that has this number, in N-Triples syntax."""
        spelling = self._spellings.get(number)
        if spelling is None:
            spelling = self._spellings[number] = str(self.term(number))
        return spelling

    def copy(self) -> Numbers:
        """The same numbers, to which others may be added."""
        copied = Numbers()
        copied._numbers, copied._terms = self._numbers.copy(), self._terms.copy()
        return copied
