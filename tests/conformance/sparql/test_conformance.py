"""The W3C's SPARQL suites through the HTTP endpoint; `docs/conformance.md` is what they came to."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from conformance.sparql.known import KNOWN, NOT_OFFERED, SUITES
from conformance.sparql.manifest import cases, suites
from conformance.sparql.run import Runner
from milieu.server.site import Settings
from milieu.worker.limits import Limits
from server.serving import serving, site_of

PAGE = Path(__file__).resolve().parents[3] / "docs" / "conformance.md"
TOP = suites()
TOKEN = "a-token-for-conformance"
GROUPS = [(suite, group) for suite, groups in SUITES.items() for group in groups]
pytestmark = [
    pytest.mark.skipif(
        TOP is None and not os.environ.get("MILIEU_REQUIRE_ALL"), reason="the W3C suites are not beside the checkout"
    ),
    pytest.mark.xdist_group("conformance-sparql"),
]


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    # Every update reaches the disk before it is answered; in memory that takes no time.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as top:
        yield from _runner(Path(top) / "store")


def _runner(copy: Path) -> Iterator[Runner]:
    ox.Store(str(copy)).flush()
    # The suites ask for more than strangers may, and their default graph is one of its own.
    limits = Limits(seconds=30, query_bytes=1 << 20, memory=4096)
    settings = Settings(limits=limits, watch=0, token=TOKEN, copy=copy, union=False)
    with serving(site_of(settings=settings)) as root:
        made = Runner(root, TOKEN)
        yield made
        made.close()


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, str], tuple[int, list[str]]]:
    """For each group that was run: how many cases it has, and which fail."""
    return {}


@pytest.mark.parametrize(("suite", "group"), GROUPS, ids=["/".join(pair) for pair in GROUPS])
def test_a_group_fails_where_it_is_known_to_and_nowhere_else(
    suite: str, group: str, runner: Runner, found: dict
) -> None:
    assert TOP is not None
    listed = list(cases(TOP, suite, [group]))
    failing = {case.id: fault for case in listed if (fault := runner.fails(case))}
    found[suite, group] = (len(listed), list(failing))
    known = {name for name in KNOWN if name.startswith(f"{suite}/{group}/")}

    assert {name: fault for name, fault in failing.items() if name not in known} == {}
    assert known - failing.keys() == set(), "these pass now"


def test_the_page_tells_what_came_of_it(found: dict) -> None:
    if len(found) < len(GROUPS):
        pytest.skip("needs every group to have been run")
    text = page(found)
    if os.environ.get("MILIEU_WRITE_DOCS"):
        PAGE.write_text(text, encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == text


def page(found: dict[tuple[str, str], tuple[int, list[str]]]) -> str:
    """`docs/conformance.md`."""
    lines = [
        "# Conformance",
        "",
        "What the W3C's SPARQL suites came to, run through the HTTP endpoint of a private site that takes updates.",
        "Written by the tests (`MILIEU_WRITE_DOCS=1 pytest tests/conformance/sparql`) and checked by them; the suites",
        "are looked for in the folder that `MILIEU_W3C` names. A literal counts as equal to the one that the engine",
        "keeps for it: Oxigraph's store normalises numbers, dates and truth values.",
        "",
        "| suite | group | cases | pass | fail |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for (suite, group), (count, failing) in found.items():
        lines.append(
            f"| {suite} | {group} | {count} | {count - len(failing)} | {len(failing) or ''} |".replace("|  |", "| |")
        )
    for suite in SUITES:
        count = sum(cases for (name, _), (cases, _) in found.items() if name == suite)
        bad = sum(len(failing) for (name, _), (_, failing) in found.items() if name == suite)
        lines.append(f"| **{suite}** | **all** | **{count}** | **{count - bad}** | **{bad}** |")
    lines += ["", "## Every failure and its cause", "", "| case | whose | cause |", "| --- | --- | --- |"]
    lines += [f"| {name} | {whose} | {cause} |" for name, (whose, cause) in KNOWN.items()]
    lines += ["", "## Not offered", "", "| group | why |", "| --- | --- |"]
    lines += [f"| {name} | {why} |" for name, why in NOT_OFFERED.items()]
    return "\n".join(lines) + "\n"
