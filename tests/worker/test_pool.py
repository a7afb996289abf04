import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from milieu.build.cache import Cache
from milieu.build.steps import bring_up_to_date
from milieu.folder import Folder
from milieu.worker.limits import Limits
from milieu.worker.pool import Pool, WorkError
from server.serving import LIGHTHOUSES

FORMATS = {"rows": "json", "boolean": "json", "triples": "turtle"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9)) + " }"
HEIGHTS = "SELECT * { ?light lh:height ?height }"
FLOOD = "SELECT * { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9)) + " }"


@pytest.fixture(scope="module")
def source(cache: Path) -> dict[str, str]:
    folder = Folder.find(LIGHTHOUSES)
    made = bring_up_to_date(folder, Cache(folder.root))
    return {"build": str(made.path), "root": str(folder.root)}


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow this machine is, nobody leaves a line."""
    monkeypatch.setattr("milieu.worker.pool._STUCK", 60.0)


def with_pool(source: dict, work: Callable[[Pool], Awaitable[None]], *, size: int = 2, **limits: object) -> None:
    async def run() -> None:
        pool = Pool(source, Limits(**{"seconds": 1, **limits}), size)  # type: ignore[arg-type]
        await pool.start()
        try:
            await work(pool)
        finally:
            await pool.close()

    asyncio.run(run())


async def rows(pool: Pool, text: str, follows: bool = False) -> int:
    task = {"do": "query", "text": text, "formats": FORMATS}
    reply = await pool.ask(task, open_lane=follows, follows=follows)
    return len(json.loads(await reply.read())["results"]["bindings"])


async def fault(pool: Pool, text: str, follows: bool = False, **more: object) -> WorkError:
    try:
        task = {"do": "query", "text": text, "formats": FORMATS, **more}
        reply = await pool.ask(task, open_lane=True, follows=follows)
        await reply.read()
    except WorkError as fault:
        return fault
    raise AssertionError("it was answered")


def test_a_worker_answers_a_query(source: dict) -> None:
    async def work(pool: Pool) -> None:
        assert await rows(pool, HEIGHTS) == 3

    with_pool(source, work)


def test_an_endless_query_is_ended_while_others_go_on(source: dict) -> None:
    async def work(pool: Pool) -> None:
        endless = asyncio.ensure_future(fault(pool, ENDLESS))
        for _ in range(20):
            assert await rows(pool, HEIGHTS) == 3
        assert (await endless).kind == "overdue"
        assert await rows(pool, HEIGHTS) == 3

    with_pool(source, work)


def test_a_flood_of_rows_breaks_off(source: dict) -> None:
    async def work(pool: Pool) -> None:
        assert (await fault(pool, FLOOD)).message == "the answer has more than 1,000 rows"

    with_pool(source, work, rows=1000, seconds=20)


def test_strangers_never_take_the_last_worker(source: dict) -> None:
    async def work(pool: Pool) -> None:
        endless = [asyncio.ensure_future(fault(pool, ENDLESS)) for _ in range(5)]
        await asyncio.sleep(0.1)
        assert await rows(pool, "ASK {}".replace("ASK", "SELECT *")) == 1
        kinds = {(await each).kind for each in endless}
        assert kinds == {"busy", "overdue"}

    with_pool(source, work)


def test_a_query_that_kills_its_worker_harms_no_other(source: dict) -> None:
    bomb = "ASK " + "{" * 20_000 + "}" * 20_000

    async def work(pool: Pool) -> None:
        for _ in range(3):
            assert (await fault(pool, bomb, own=True)).kind == "overdrawn"
        assert await rows(pool, HEIGHTS) == 3

    with_pool(source, work, seconds=20)


def test_a_worker_that_needs_too_much_memory_is_ended(source: dict) -> None:
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(36))
    greedy = f"SELECT (STRLEN(?x36) AS ?n) {{ BIND('ten letters' AS ?x0) {doubled} }}"

    async def work(pool: Pool) -> None:
        assert (await fault(pool, greedy)).kind in {"overdrawn", "failed", "refused"}
        assert await rows(pool, HEIGHTS) == 3

    with_pool(source, work, memory=1024, seconds=60)


def test_a_cancelled_request_ends_its_work(source: dict) -> None:
    async def work(pool: Pool) -> None:
        task = asyncio.ensure_future(pool.ask({"do": "query", "text": ENDLESS, "formats": FORMATS}))
        await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await rows(pool, HEIGHTS) == 3

    with_pool(source, work, size=1, seconds=30)


def test_a_killed_worker_is_replaced(source: dict) -> None:
    async def work(pool: Pool) -> None:
        for worker in list(pool._all):
            os.kill(worker.pid, signal.SIGKILL)
        await asyncio.sleep(0.1)
        assert await rows(pool, HEIGHTS) == 3

    with_pool(source, work, seconds=20)


def test_no_process_is_left_when_the_pool_is_closed(source: dict) -> None:
    pids: list[int] = []

    async def work(pool: Pool) -> None:
        await rows(pool, HEIGHTS)
        pids.extend(worker.pid for worker in pool._all)
        running = asyncio.ensure_future(asyncio.gather(fault(pool, ENDLESS), return_exceptions=True))
        await asyncio.sleep(0.2)
        assert not running.done()

    with_pool(source, work, seconds=30)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { service <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SeRvIcE<http://127.0.0.1:9/>{ ?s ?p ?o } }",
        "SELECT * { SERVICE#x\n<http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { VALUES ?e { <http://127.0.0.1:9/> } SERVICE ?e { ?s ?p ?o } }",
        "PREFIX x: <http://127.0.0.1:9/> SELECT * { SERVICEx:a { ?s ?p ?o } }",
        "SELECT * { { SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } } }",
        "SELECT * { FILTER EXISTS { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }",
        "LOAD <http://127.0.0.1:9/>",
        "LOAD SILENT <file:///etc/passwd> INTO GRAPH <a:b>",
        "ASK {} ; LOAD <http://127.0.0.1:9/>",
        "DROP ALL",
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "SELECT * { " + "(" * 70 + ")" * 70 + " }",
        "SELECT * { ?s ?p ?o " + "; ?p ?o " * 80 + "}",
        "SELECT * { ?s ?p '" + "x" * 9000 + "' }",
    ],
)
def test_what_reaches_outside_or_is_too_much_is_refused(source: dict, text: str) -> None:
    async def work(pool: Pool) -> None:
        assert (await fault(pool, text)).kind == "refused"

    with_pool(source, work, size=1, seconds=20)


def test_a_source_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    async def work(pool: Pool) -> None:
        raise AssertionError("it must not start")

    with pytest.raises(WorkError, match="manifest cannot be read"):
        with_pool({"build": str(tmp_path)}, work)


def test_a_small_query_does_not_wait_behind_an_endless_one(source: dict) -> None:
    async def work(pool: Pool) -> None:
        pool._takes = 0  # as after many small ones, so that all stand in one line
        endless = asyncio.ensure_future(fault(pool, ENDLESS, follows=True))
        await asyncio.sleep(0)
        small = await asyncio.gather(*(rows(pool, HEIGHTS, follows=True) for _ in range(20)))
        assert (small, endless.done()) == ([3] * 20, False)
        assert (await endless).kind == "overdue"

    with_pool(source, work, size=3, seconds=2)


def test_a_query_that_kills_its_worker_harms_none_that_stand_behind_it(source: dict, patient: None) -> None:
    bomb = "ASK " + "{" * 20_000 + "}" * 20_000

    async def work(pool: Pool) -> None:
        pool._takes = 0
        killing = asyncio.ensure_future(fault(pool, bomb, own=True, follows=True))
        await asyncio.sleep(0)
        small = [asyncio.ensure_future(rows(pool, HEIGHTS, follows=True)) for _ in range(5)]
        await asyncio.sleep(0)
        (worker,) = [worker for worker in pool._all if worker.line]
        assert len(worker.line) == 6
        assert (await killing).kind == "overdrawn"
        assert await asyncio.gather(*small) == [3] * 5

    with_pool(source, work, size=2, seconds=20)


def test_who_leaves_a_line_takes_nobody_along(source: dict) -> None:
    async def work(pool: Pool) -> None:
        pool._takes = 0
        asked = [asyncio.ensure_future(rows(pool, HEIGHTS, follows=True)) for _ in range(6)]
        await asyncio.sleep(0)
        asked[0].cancel()
        asked[3].cancel()
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert [answer for answer in answers if answer == 3] == [3] * 4
        assert [type(answers[0]), type(answers[3])] == [asyncio.CancelledError] * 2

    with_pool(source, work, size=3, seconds=20)


def test_small_queries_keep_one_worker_warm(source: dict, patient: None) -> None:
    async def work(pool: Pool) -> None:
        pool._takes = 0
        asked = [asyncio.ensure_future(rows(pool, HEIGHTS, follows=True)) for _ in range(20)]
        await asyncio.sleep(0)
        assert [len(worker.line) for worker in pool._all if worker.line] == [20]
        assert await asyncio.gather(*asked) == [3] * 20

    with_pool(source, work, size=3, seconds=20)


def test_a_long_answer_that_nobody_reads_leaves_no_worker_taken(source: dict) -> None:
    async def work(pool: Pool) -> None:
        for _ in range(4):
            reply = await pool.ask({"do": "query", "text": f"{FLOOD} LIMIT 20000", "formats": FORMATS}, open_lane=True)
            assert not reply.whole
            reply.close()
        assert await rows(pool, HEIGHTS) == 3

    with_pool(source, work, seconds=20)


def test_the_work_ends_when_the_one_who_asked_is_gone(source: dict) -> None:
    async def work(pool: Pool) -> None:
        async def gone() -> None:
            await asyncio.sleep(0.1)

        with pytest.raises(WorkError, match="hung up") as caught:
            await pool.ask({"do": "query", "text": ENDLESS, "formats": FORMATS}, gone=gone)
        assert caught.value.kind == "gone"
        assert await rows(pool, HEIGHTS) == 3

    with_pool(source, work, size=1, seconds=30)


def test_a_graph_that_is_held_in_memory_answers_alike_in_every_worker(source: dict) -> None:
    asked = "SELECT * { ?s ?p ?o }"

    async def bodies(pool: Pool) -> None:
        task = {"do": "query", "text": asked, "formats": FORMATS}
        replies = await asyncio.gather(*(pool.ask(task) for _ in range(8)))
        found.extend([await reply.read() for reply in replies])

    found: list[bytes] = []
    with_pool({**source, "held": True}, bodies, size=3, seconds=20)
    with_pool({**source, "held": True}, bodies, size=1, seconds=20)
    held = set(found)
    found.clear()
    with_pool(source, bodies, size=1, seconds=20)
    rows_of = [
        sorted(json.dumps(row, sort_keys=True) for row in json.loads(body)["results"]["bindings"])
        for body in (*held, *found[:1])
    ]

    assert len(held) == 1
    assert rows_of[0] == rows_of[1]
