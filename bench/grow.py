"""Builds of any size: the folder's own data, copied under new names until there are so many statements."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from milieu.build.manifest import Build

__all__ = ["grown"]

_THING = re.compile(r"<(https://w3id\.org/milieu/id/[^>]*)>")


def grown(build: Build, size: int, place: Path) -> Build:
    """A build of at least so many statements, without a store: `canonical.nq` and the manifest only."""
    place.mkdir(parents=True)
    lines = build.canonical.read_text(encoding="utf-8").splitlines(keepends=True)
    things = [line for line in lines if _THING.match(line)]
    loose = place / "loose.nq"
    with loose.open("w", encoding="utf-8") as stream:
        stream.writelines(lines)
        left, copy = size - len(lines), 0
        while left > 0:
            copy += 1
            stream.writelines(_THING.sub(rf"<\1-copy-{copy}>", line) for line in things[:left])
            left -= len(things)
    subprocess.run(["sort", "-u", "-o", place / "canonical.nq", loose], check=True, env={"LC_ALL": "C"})
    loose.unlink()
    return Build(place, build.manifest)
