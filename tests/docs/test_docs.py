"""Every example in the documentation runs, and what it shows is what it prints."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
_BLOCK = re.compile(r"^```(\w+)(?: *)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ELLIPSIS = "…"


def blocks(page: Path, language: str) -> list[str]:
    return [body for kind, body in _BLOCK.findall(page.read_text(encoding="utf-8")) if kind == language]


def sessions() -> list[tuple[str, str, str]]:
    found = []
    for page in PAGES:
        for body in blocks(page, "console"):
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, _, expected = part.partition("\n")
                if command.startswith("milieu "):
                    found.append((page.name, command, expected))
    return found


@pytest.mark.parametrize(("page", "command", "expected"), sessions())
def test_a_command_prints_what_the_page_shows(page: str, command: str, expected: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
    }
    done = subprocess.run(
        command, shell=True, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    printed = re.sub(r"[ \t\r]+$", "", done.stdout.decode(), flags=re.MULTILINE)

    assert re.fullmatch(_pattern(expected), printed.rstrip() + "\n"), printed
    # Where a page shows nothing of what is printed, that must not be a complaint.
    assert done.returncode == 0 or expected.strip() != _ELLIPSIS, printed


def _pattern(expected: str) -> str:
    """A line that is an ellipsis stands for any lines or none, one within a line for any characters."""
    lines = []
    for line in expected.rstrip().split("\n"):
        if line.strip() == _ELLIPSIS:
            lines.append(r"(?:.*\n)*")
        else:
            lines.append(".*".join(re.escape(part) for part in line.split(_ELLIPSIS)) + r"\n")
    return "".join(lines)


def python_blocks() -> list[tuple[str, str]]:
    return [(page.name, body) for page in PAGES for body in blocks(page, "python")]


@pytest.mark.parametrize(("page", "body"), python_blocks())
def test_python_in_the_pages_runs(page: str, body: str) -> None:
    import doctest

    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    said: list[str] = []
    runner.run(parser.get_doctest(body, {}, page, None, 0), out=said.append)

    assert runner.failures == 0, "".join(said)
    assert runner.tries > 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]

    assert missing == []


def test_what_is_generated_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate.py", "--check"], capture_output=True, text=True, check=False
    )

    assert done.stderr == ""
