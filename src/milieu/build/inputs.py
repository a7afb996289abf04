"""What a build is made from: the input files of a folder, their digest, and whether they have changed."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path

import milieu
from milieu.errors import FolderError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["digest_of", "scan"]

LAYOUT = "3"
"""Changes whenever builds change in form, so that one made by an older Milieu is never opened by a newer."""

_MAKER = f"{LAYOUT} {milieu.__version__}"
_TOPS = ("ontology", "data")
_ENDINGS = (".ttl", ".rq")
_NOT_READ = "alignments"
_RACY = 2_000_000_000  # ns: some file systems keep times no finer than this

Seen = dict[str, tuple[int, int]]


def scan(root: Path) -> Seen:
    """Size and time of change of every input file of a folder, by path from its top.

    Raises `FolderError` when a directory cannot be read.
    """
    seen: Seen = {}
    for top in _TOPS:
        _walk(os.path.join(root, top), top, seen)  # noqa: PTH118 - os.scandir is several times quicker than pathlib
    return seen


def _walk(path: str, name: str, seen: Seen) -> None:
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if entry.name != _NOT_READ:
                        _walk(entry.path, f"{name}/{entry.name}", seen)
                elif entry.name.endswith(_ENDINGS):
                    _check_kind(entry, f"{name}/{entry.name}")
                    state = entry.stat()
                    seen[f"{name}/{entry.name}"] = (state.st_size, state.st_mtime_ns)
    except FileNotFoundError:
        return
    except OSError as fault:
        raise FolderError(
            f"the folder cannot be read ({fault.strerror})", place=name, remedy="Check that you may read it."
        ) from None


def _check_kind(entry: os.DirEntry[str], name: str) -> None:
    """Raises `FolderError` for what has the name of an input and cannot be one."""
    if not entry.name.isprintable():
        shown = name.encode(errors="backslashreplace").decode()
        raise FolderError("the file's name is not readable text", place=shown, remedy="Rename it.")
    if not entry.is_file():
        what = "link leads nowhere" if entry.is_symlink() else "entry is no file"
        raise FolderError(f"the {what}", place=name, remedy="Remove it, or give it a name that does not end so.")


def digest_of(root: Path, index: Path) -> str:
    """The digest of the inputs of a folder: 20 hexadecimal digits that change when any byte of them does.

    `index` remembers what was read last; a file whose size and time have not changed since is not read again, unless
    it changed so shortly before that its time could not tell (as Git does for its index).
    """
    seen = scan(root)
    known = _read_index(index)
    settled = known["written"] - _RACY
    files = known["files"]
    if (
        files
        and seen.keys() == files.keys()
        and all(
            (size, changed) == (files[name][0], files[name][1]) and changed < settled
            for name, (size, changed) in seen.items()
        )
    ):
        return str(known["digest"])
    return _digest_anew(root, index, seen, known)


def _digest_anew(root: Path, index: Path, seen: Seen, known: dict[str, Any]) -> str:
    import hashlib

    settled = known["written"] - _RACY
    files: dict[str, str] = {}
    for name in sorted(seen):
        entry = known["files"].get(name)
        same = entry and (entry[0], entry[1]) == seen[name] and entry[1] < settled
        files[name] = entry[2] if same else _sha256(root / name, name)
    whole = hashlib.sha256(f"milieu build {_MAKER}\n".encode())
    for name, digest in files.items():
        whole.update(f"{digest} {name}\n".encode())
    digest = whole.hexdigest()[:20]
    entries = {name: [*seen[name], files[name]] for name in files}
    _write_index(index, {"written": time.time_ns(), "digest": digest, "made_by": _MAKER, "files": entries})
    return digest


def _sha256(path: Path, name: str) -> str:
    import hashlib

    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as fault:
        raise FolderError(
            f"the file cannot be read ({fault.strerror})",
            place=name,
            remedy="Check that it exists and that you may read it.",
        ) from None


def _read_index(index: Path) -> dict[str, Any]:
    try:
        found = json.loads(index.read_bytes())
        if found["made_by"] == _MAKER and isinstance(found["files"], dict) and isinstance(found["digest"], str):
            return dict(found)
    except (OSError, ValueError, KeyError, TypeError):
        pass  # It only saves reading; without it everything is read.
    return {"written": 0, "files": {}}


def _write_index(index: Path, content: object) -> None:
    beside = index.with_name(f"{index.name}.{os.getpid()}")
    try:
        beside.write_text(json.dumps(content))
        beside.replace(index)
    except OSError:
        with suppress(OSError):
            beside.unlink()
