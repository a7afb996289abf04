"""A folder of files as one archive, the same bytes for the same files."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

__all__ = ["pack"]

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # archives know no earlier time


def pack(folder: Path, archive: Path) -> None:
    """Write the files of a folder into a zip archive, by name and without their times.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     folder = Path(place) / "files"
    ...     folder.mkdir()
    ...     _ = (folder / "a.csv").write_text("id")
    ...     pack(folder, Path(place) / "files.zip")
    ...     zipfile.ZipFile(Path(place) / "files.zip").namelist()
    ['a.csv']
    """
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(path.name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, packed.open(entry, "w") as target:
                shutil.copyfileobj(source, target)
