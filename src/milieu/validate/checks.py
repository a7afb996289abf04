"""The checks of `queries/checks/`: what each finds, how much that matters, and how it is told.

A check is a SELECT with the column `entity`, the thing to mend; where they help, `property` and `value`, the statement
about it that is wrong, and `other`, the thing it clashes with. `milieu check` asks them of the graph, the gate of what
a contribution touches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from milieu.errors import FolderError, QueryError
from milieu.finding import Finding, Severity
from milieu.namespaces import Prefixes
from milieu.query.run import run

if TYPE_CHECKING:
    from milieu.folder import Folder
    from milieu.query.header import StoredQuery
    from milieu.store.seam import Store
    from milieu.validate.place import At

__all__ = ["Row", "findings_of", "read_profile", "rows_of"]

_COLUMNS = ("entity", "property", "value", "other")
_MOST = 20  # rows of one check that are told one by one
_LONGEST = 80  # code points of a value that are shown in a message

Row: TypeAlias = Mapping[str, str]
"""What a check names in those of its columns that have a value, as terms in N-Triples syntax."""


def rows_of(check: StoredQuery, store: Store, prefixes: Prefixes, most: int | None = None) -> list[Row]:
    """What a check finds in a store, in order and each once; of more than `most` rows any so many.

    Raises `QueryError` when it has no column `entity`.
    """
    if "entity" not in check.columns:
        raise QueryError(
            "a check has no column 'entity'",
            place=check.path,
            remedy="Write SELECT ?entity ?property ?value WHERE { … }.",
        )
    answer = run(store, check, {}, prefixes)
    found = answer.terms if most is None else answer.first(most)
    rows = {tuple((name, str(row[name])) for name in _COLUMNS if row.get(name)): None for row in found}
    listed = [row for row in map(dict, rows) if "entity" in row]
    return sorted(listed, key=lambda row: [row.get(name, "") for name in _COLUMNS])


def findings_of(
    check: StoredQuery, rows: Iterable[Row], severity: Severity, prefixes: Prefixes, at: At = lambda *_: None
) -> Iterator[Finding]:
    """The rows of a check as findings, each where `at` finds it; from the twenty-first on they are only counted."""
    listed = list(rows)
    problem = check.problem or check.summary
    for row in listed[:_MOST]:
        entity, path, value, other = (row.get(name) for name in _COLUMNS)
        said = " ".join(_shown(part, prefixes) for part in (path, value) if part)
        said += f"; see {_shown(other, prefixes)}" if other else ""
        named = _shown(row["entity"], prefixes) + (f" ({said})" if said else "")
        elsewhere = at(other, path, value) if other else None
        yield Finding(
            severity,
            check.name,
            f"{named}: {problem}",
            check.remedy,
            focus=entity,
            path=path,
            value=value,
            place=at(row["entity"], path, value),
            related=(elsewhere,) if elsewhere else (),
        )
    if len(listed) > _MOST:
        yield Finding(severity, check.name, f"{len(listed) - _MOST} more: {problem}", check.remedy)


def read_profile(folder: Folder) -> Mapping[str, Severity]:
    """How much what each check finds matters: `queries/checks/profile.toml`, a severity per name.

    Raises `FolderError` when it cannot be read, names a check that is not there, or another severity.

    >>> from milieu.folder import Folder
    >>> read_profile(Folder.find())["statement-without-evidence"].word
    'violation'
    """
    import tomllib

    path = folder.root / "queries" / "checks" / "profile.toml"
    if not path.is_file():
        return {}
    place = folder.relative(path)
    try:
        written = tomllib.loads(folder.read(path))
    except tomllib.TOMLDecodeError as fault:
        raise FolderError(f"the profile is not TOML: {fault}", place=place) from None
    words = {severity.word: severity for severity in Severity}
    profile: dict[str, Severity] = {}
    for name, word in written.items():
        if word not in words:
            raise FolderError(
                f"{name} = {word!r} is no severity", place=place, remedy=f"Write one of {', '.join(words)}."
            )
        if not path.with_name(f"{name}.rq").is_file():
            raise FolderError(f"there is no check {name!r}", place=place, remedy="Remove the line, or add the file.")
        profile[name] = words[word]
    return profile


def _shown(term: str, prefixes: Prefixes) -> str:
    """A term as a message shows it: prefixed, cut short, and a number or date without its datatype."""
    from milieu.render.text import readable

    if term.startswith("_:"):
        return "a node without a name"
    text = readable(re.sub(r'(?<=")\^\^<[^>]*>$', "", term), prefixes)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
