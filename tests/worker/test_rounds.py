import asyncio

from milieu.worker.rounds import Rounds


def test_things_are_looked_at_until_they_are_taken_out() -> None:
    seen: list[str] = []

    def look(thing: str, now: float) -> None:
        seen.append(thing)
        rounds.discard(thing)
        rounds.discard("never")

    rounds: Rounds[str] = Rounds(0.01, look)

    async def run() -> None:
        rounds.add("once")
        rounds.add("gone before")
        rounds.discard("gone before")
        await asyncio.sleep(0.1)

    asyncio.run(run())

    assert seen == ["once"]
