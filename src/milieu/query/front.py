"""The `#+ ` lines at the top of a query file, as values that know their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from milieu.errors import QueryError
from milieu.spelling import nearest

if TYPE_CHECKING:
    import yaml

__all__ = ["Entry", "read_front"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A value in a header: a text, a list or a mapping, and where it stands. What it is not raises `QueryError`."""

    value: str | list[Entry] | dict[str, Entry]
    path: str
    line: int
    column: int

    def fault(self, message: str, remedy: str = "") -> QueryError:
        """The error that says this about the value, with its place."""
        return QueryError(message, place=f"{self.path}:{self.line}:{self.column}", remedy=remedy)

    def text(self, allowed: Sequence[str] = ()) -> str:
        """The value as text, which is one of those allowed when any are."""
        if not isinstance(self.value, str):
            raise self.fault("a text is expected here", "Put it in quotes if it has brackets, ': ' or ' #' in it.")
        if allowed and self.value not in allowed:
            like = nearest(self.value, allowed)
            hint = f"Did you mean {like!r}?" if like else ""
            raise self.fault(f"{self.value!r} is none of {', '.join(allowed)}", hint)
        return self.value

    def number(self) -> int:
        """The value as a whole number from 0."""
        text = self.text()
        if not (text.isascii() and text.isdigit()):
            raise self.fault(f"{text!r} is not a whole number", "Write one such as 5.")
        return int(text)

    def truth(self) -> bool:
        """The value as true or false."""
        return self.text(("true", "false")) == "true"

    def entries(self) -> list[Entry]:
        """The value as a list; a single text is a list of one."""
        if isinstance(self.value, dict):
            raise self.fault("a list is expected here", "Write [one, two].")
        if self.value == "":
            return []
        return self.value if isinstance(self.value, list) else [self]

    def mapping(self, allowed: Sequence[str] = ()) -> dict[str, Entry]:
        """The value as a mapping, whose keys are among those allowed when any are."""
        if self.value == "":
            return {}
        if not isinstance(self.value, dict):
            raise self.fault("a mapping is expected here", "Write {key: value}.")
        for key, entry in self.value.items():
            if allowed and key not in allowed:
                like = nearest(key, allowed)
                remedy = f"Did you mean {like!r}?" if like else f"Known are {', '.join(allowed)}."
                raise entry.fault(f"the key {key!r} is unknown here", remedy)
        return self.value


def read_front(path: str, text: str) -> Entry:
    r"""The header of a query file as a mapping. Raises `QueryError` with the line for what is not such a header.

    >>> front = read_front("a.rq", "#+ summary: All cities\nSELECT ?city { ?city a mil:City }")
    >>> front.mapping()["summary"].text()
    'All cities'
    """
    import yaml

    lines: list[str] = []
    body = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("#+"):
            if body:
                raise QueryError(
                    "a '#+' line after the query began",
                    place=f"{path}:{number}:1",
                    remedy="Keep the header at the top of the file.",
                )
            # The `#+` makes way for spaces, so that YAML counts lines and columns as the file does.
            lines.append(f"  {line[2:].rstrip()}")
        else:
            body = body or (line.strip() != "" and not line.lstrip().startswith("#"))
            lines.append("")
    try:
        node = yaml.compose("\n".join(lines), yaml.BaseLoader)
        return _entry(node, path, set()) if node else Entry({}, path, 1, 1)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        raise QueryError(
            f"the header is not YAML: {fault.problem or fault.context}",
            place=place,
            remedy="Put texts with ': ', ' #' or brackets in quotes.",
        ) from None
    except yaml.YAMLError as fault:
        raise QueryError(f"the header is not YAML: {fault}".splitlines()[0], place=path) from None


def _entry(node: yaml.Node, path: str, seen: set[int]) -> Entry:
    import yaml

    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    here = Entry("", path, line, column)
    if id(node) in seen:
        raise here.fault("an alias (*name) of this value is not allowed", "Write the value again.")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return Entry(node.value, path, line, column)
    if isinstance(node, yaml.SequenceNode):
        return Entry([_entry(child, path, seen) for child in node.value], path, line, column)
    found: dict[str, Entry] = {}
    for key, value in node.value:
        name = _entry(key, path, seen)
        if name.text() in found:
            raise name.fault(f"the key {name.text()!r} is here twice", "Keep one.")
        entry = _entry(value, path, seen)
        # A fault of a value is shown at its key, which is where one looks for it.
        found[name.text()] = Entry(entry.value, path, name.line, name.column)
    return Entry(found, path, line, column)
