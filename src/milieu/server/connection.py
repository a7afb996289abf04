"""Connections that wait for ever are closed: one that has not sent a whole request in time is given up."""

from __future__ import annotations

import asyncio
from typing import Any

__all__ = ["protocol"]

_SECONDS = 15.0


def protocol(seconds: float = _SECONDS) -> type[asyncio.Protocol]:
    """The protocol class for uvicorn, with a deadline for the head of the first request.

    uvicorn closes idle connections only after their first response; half a head would be waited for without end.
    """
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    base: Any = AutoHTTPProtocol

    class Impatient(base):  # type: ignore[misc]
        """uvicorn's protocol, that gives up on a head that does not come."""

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._deadline = self.loop.call_later(seconds, self._give_up)

        def connection_lost(self, exc: Exception | None) -> None:
            self._deadline.cancel()
            super().connection_lost(exc)

        def _give_up(self) -> None:
            if self.cycle is None and not self.transport.is_closing():
                self.transport.close()

    return Impatient
