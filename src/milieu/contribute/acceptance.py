"""Accept: a contribution that the gate lets through becomes a file of the folder, and the build follows."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from milieu.build.cache import Cache
from milieu.build.inputs import Seen, scan
from milieu.build.manifest import Build
from milieu.build.steps import Watch, bring_up_to_date
from milieu.contribute.extension import extend, quad_of
from milieu.contribute.lock import locked, sweep, write_durably
from milieu.contribute.template import is_instruction
from milieu.errors import FolderError, MilieuError
from milieu.finding import Report, Severity
from milieu.folder import Folder
from milieu.namespaces import DCTERMS, Prefixes
from milieu.turtle.fix import diff
from milieu.turtle.format import format_quads, format_turtle
from milieu.validate.contribution import Contribution
from milieu.validate.gate import Examined, examine
from milieu.validate.placeholders import CODE as PLACEHOLDER

__all__ = ["CONTRIBUTIONS", "Accepted", "accept"]

CONTRIBUTIONS = "data/contributions"
"""Where accepted contributions are kept, each as a file of its own."""

_SOURCE = f"{DCTERMS}source"
_HEAD = 4000
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Accepted:
    """What came of it: the report and, when nothing in it is a violation, the file as a path from the folder's top.

    `text` is what the file holds, `diff` what changes in the folder. After a dry run the file is not there. Where the
    report conforms and there is no file, the graph states all of it already.
    """

    report: Report
    file: str | None = None
    text: str = ""
    diff: str = ""


def accept(
    folder: Folder,
    cache: Cache,
    contribution: Contribution,
    *,
    by: str,
    name: str | None = None,
    dry_run: bool = False,
    watch: Watch = lambda step, done, total: None,
) -> Accepted:
    """Validate a contribution and, when nothing in it is a violation, make it part of the folder.

    It is written in the one layout to `data/contributions/`, headed by who handed in what and when; nodes without a
    name have got one. The file appears whole or not at all, whenever the process is killed, and two that accept at
    once do so one after the other. What a template leaves to be filled in is a violation here. Raises `FolderError`
    when it cannot be written and `BuildError` when the folder does not build.
    """
    with locked(folder.root / "data"):
        before = scan(folder.root)
        build = cache.find(cache.digest()) or bring_up_to_date(folder, cache, watch=watch)
        examined = examine(folder, build, [contribution])
        report = _strict(examined.report)
        if not report.conforms or (examined.triples and not _brings(examined, build)):
            return Accepted(report)
        file = _free(folder, _slug(name or Path(contribution.name).stem))
        text = _written(examined, contribution, by, Prefixes(build.prefixes))
        accepted = Accepted(report, file, text, diff("", text, file))
        if not dry_run:
            sweep(folder.root / CONTRIBUTIONS)
            write_durably(folder.root / file, text)
            _follow(folder, cache, build, file, examined, before)
    return accepted


def _strict(report: Report) -> Report:
    """The report with what is left of a template as a violation: it would be the next one's example, too."""
    found = [replace(one, severity=Severity.VIOLATION) if one.code == PLACEHOLDER else one for one in report]
    return Report(found, report.files)


def _brings(examined: Examined, build: Build) -> bool:
    """Whether anything in it is new to the graph."""
    return any(quad_of(triple) not in build.store.inner for triple in examined.triples)


def _written(examined: Examined, contribution: Contribution, by: str, prefixes: Prefixes) -> str:
    """The contribution in the one layout, under a head that says where it comes from."""
    if not examined.triples:
        raise FolderError(
            "there is nothing in it to accept", place=contribution.name, remedy="Hand in at least one statement."
        )
    sources = sorted(
        {prefixes.compact(t.object.value) for t in examined.triples if t.predicate.value == _SOURCE}  # type: ignore[union-attr]
    )
    head = [
        f"# Contributed by {_line(by)}, accepted on {datetime.now(UTC).date().isoformat()}.",
        f"# Handed in as {_line(Path(contribution.name).name)}; sources: {', '.join(sources) or 'none'}.",
    ]
    head += _comments(contribution)
    quads = [ox.Quad(t.subject, t.predicate, t.object) for t in examined.triples]
    text = format_turtle("\n".join((*head, "", format_quads(quads, prefixes))), prefixes)
    kept = {quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)}
    if kept != set(examined.triples):  # pragma: no cover - what is stored must be what was judged, term for term
        raise MilieuError(
            "the contribution changes when it is written", remedy="Please report it; nothing was changed."
        )
    return text


def _comments(contribution: Contribution) -> list[str]:
    """What the contributor says at the head of the file."""
    said = []
    for line in contribution.content[:_HEAD].decode("utf-8-sig", "replace").splitlines():
        if line.strip() and not line.startswith("#"):
            break
        if line.strip("# \t") and not is_instruction(line.rstrip()):
            said.append(f"# {_line(line.lstrip('#'))}")
    return said


def _follow(folder: Folder, cache: Cache, build: Build, file: str, examined: Examined, before: Seen) -> None:
    """Have a build of the folder as it is now; when that cannot be, the next command makes one."""
    now = scan(folder.root)
    now.pop(file, None)
    if now != before:
        return  # somebody has edited another file meanwhile
    with suppress(MilieuError, OSError):
        extend(folder, cache, build, file, examined.triples)


def _free(folder: Folder, slug: str) -> str:
    number, file = 1, f"{CONTRIBUTIONS}/{slug}.ttl"
    while (folder.root / file).exists():
        number += 1
        file = f"{CONTRIBUTIONS}/{slug}-{number}.ttl"
    return file


def _slug(name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80].strip("-")
    return slug if _SLUG.fullmatch(slug) else "contribution"


def _line(text: str) -> str:
    """A text on one line, without what nobody sees."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:200] or "somebody"
