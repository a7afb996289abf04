"""`docs/conformance.md`: a section per suite, each written and checked by the test that runs the suite."""

from __future__ import annotations

import os
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "conformance.md"


def told(name: str, lines: list[str]) -> bool:
    """Whether the page has these lines as its section; they are put there first when `MILIEU_WRITE_DOCS` asks for it."""
    first, last = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(first)
    section, _, after = rest.partition(last)
    text = "\n".join(lines) + "\n"
    if os.environ.get("MILIEU_WRITE_DOCS"):
        PAGE.write_text(before + first + text + last + after, encoding="utf-8")
        return True
    return section == text
