"""The W3C's SPARQL suites through the HTTP endpoint."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from conformance.page import told
from conformance.sparql.known import KNOWN, NOT_OFFERED, SUITES
from conformance.sparql.manifest import cases, suites
from conformance.sparql.run import Runner
from milieu.server.site import Settings
from milieu.worker.limits import Limits
from server.serving import serving, site_of

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


@pytest.mark.parametrize(("suite", "group"), GROUPS, ids=["/".join(pair) for pair in GROUPS])
def test_a_group_fails_where_it_is_known_to_and_nowhere_else(suite: str, group: str, runner: Runner) -> None:
    assert TOP is not None
    failing = {case.id: fault for case in cases(TOP, suite, [group]) if (fault := runner.fails(case))}
    known = set(_known(suite, group))

    assert {name: fault for name, fault in failing.items() if name not in known} == {}
    assert known - failing.keys() == set(), "these pass now"


def test_the_page_tells_what_came_of_it() -> None:
    assert told("sparql", _lines())


def _known(suite: str, group: str) -> list[str]:
    return [name for name in KNOWN if name.startswith(f"{suite}/{group}/")]


def _lines() -> list[str]:
    assert TOP is not None
    lines = ["| suite | group | cases | pass | fail |", "| --- | --- | ---: | ---: | ---: |"]
    sums = []
    for suite, groups in SUITES.items():
        counts = [(len(list(cases(TOP, suite, [group]))), len(_known(suite, group))) for group in groups]
        for group, (count, bad) in zip(groups, counts, strict=True):
            lines.append(f"| {suite} | {group} | {count} | {count - bad} | {bad or ''} |".replace("|  |", "| |"))
        count, bad = (sum(column) for column in zip(*counts, strict=True))
        sums.append(f"| **{suite}** | **all** | **{count}** | **{count - bad}** | **{bad}** |")
    lines += [*sums, "", "### Every failure and its cause", "", "| case | whose | cause |", "| --- | --- | --- |"]
    lines += [f"| {name} | {whose} | {cause} |" for name, (whose, cause) in KNOWN.items()]
    lines += ["", "### Not offered", "", "| group | why |", "| --- | --- |"]
    return [*lines, *(f"| {name} | {why} |" for name, why in NOT_OFFERED.items())]
