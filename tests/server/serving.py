"""Sites that really listen, on a free port of this machine, in a thread of their own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from milieu.build.cache import Cache
from milieu.folder import Folder
from milieu.server.app import app
from milieu.server.connection import protocol
from milieu.server.site import Settings, Site

LIGHTHOUSES = Path(__file__).parents[1] / "folders" / "lighthouses"


def site_of(folder: Path = LIGHTHOUSES, settings: Settings | None = None, **more: object) -> Site:
    """A site over a folder, with two workers and no watch unless said otherwise."""
    found = Folder.find(folder)
    return Site(found, Cache(found.root), settings or Settings(workers=2, watch=0, **more))  # type: ignore[arg-type]


@contextmanager
def serving(site: Site, head_seconds: float = 15.0, stalled: float = 60.0) -> Iterator[str]:
    """The address of a site while it is served."""
    config = uvicorn.Config(
        app(site),
        host="127.0.0.1",
        port=0,
        http=protocol(head_seconds, stalled),
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    latest = time.monotonic() + 60
    while not server.started:
        if time.monotonic() > latest or not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)
