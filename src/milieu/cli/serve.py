"""`milieu serve`: the graph over HTTP."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from milieu.cli.options import Parser
from milieu.errors import FolderError, FormatError, MissingError, StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket

    from milieu.server.site import Site

_LEAST_MEMORY = 1024
_PARTING = 5


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (default: 127.0.0.1)")
    parser.add_argument(
        "--port", type=int, default=8000, metavar="N", help="the port; 0 takes a free one (default: 8000)"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name that the server may be called by; may be repeated",
    )
    parser.add_argument("--workers", type=int, default=4, metavar="N", help="processes that run queries (default: 4)")
    parser.add_argument(
        "--timeout", type=float, default=10.0, metavar="S", help="seconds a query may take (default: 10)"
    )
    parser.add_argument(
        "--max-rows", type=int, default=1_000_000, metavar="N", help="rows of an answer (default: 1,000,000)"
    )
    parser.add_argument("--memory", type=int, default=2048, metavar="MIB", help="memory of a query (default: 2048)")
    parser.add_argument("--max-body", type=int, default=10, metavar="MIB", help="the size of a request (default: 10)")
    parser.add_argument(
        "--token-file",
        metavar="FILE",
        help="work on a copy that takes SPARQL updates from whoever has the token in FILE; the folder stays as it is",
    )
    parser.add_argument("--quiet", action="store_true", help="no access log")
    parser.add_argument("--get", metavar="PATH", help="make one request within this process, print the answer and end")
    parser.add_argument("-i", "--include", action="store_true", help="with --get: print status and headers as well")
    parser.add_argument(
        "-H",
        "--header",
        action="append",
        default=[],
        metavar="'NAME: VALUE'",
        help="with --get: a header to send; may be repeated",
    )


def run(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001
    """Serve until told to stop, or make one request; 1 when that was answered with an error."""
    try:
        import jinja2  # noqa: F401
        import uvicorn  # noqa: F401

        from milieu.server.app import app
    except ImportError as fault:
        raise MissingError(f"{fault.name} is not installed", remedy="Run 'pip install milieu-kg'.") from None
    site = _site(options)
    if options.get is None:
        return _serve(options, site)
    from milieu.server.once import get

    got = get(app(site), options.get, [_header(text) for text in options.header])
    sys.stdout.flush()
    if options.include:
        from http import HTTPStatus

        lines = [
            f"HTTP/1.1 {got.status} {HTTPStatus(got.status).phrase}",
            *(f"{name}: {value}" for name, value in got.headers),
        ]
        sys.stdout.buffer.write(("\n".join(lines) + "\n\n").encode())
    sys.stdout.buffer.write(got.body)
    if got.body and not got.body.endswith(b"\n") and sys.stdout.isatty():
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()
    return 0 if got.status < 400 else 1


def _site(options: argparse.Namespace) -> Site:
    from milieu.build.cache import Cache
    from milieu.folder import Folder
    from milieu.server.limits import hosts_for
    from milieu.server.site import Settings, Site
    from milieu.worker.limits import Limits

    for name in ("workers", "timeout", "max_rows", "memory", "max_body"):
        if getattr(options, name) <= 0:
            raise FormatError(f"--{name.replace('_', '-')} must be more than 0")
    if not 0 <= options.port < 1 << 16:
        raise FormatError("--port must be from 0 to 65535")
    if options.memory < _LEAST_MEMORY:
        raise FormatError(f"--memory must be at least {_LEAST_MEMORY}: a worker needs that much to start")
    if options.store and options.token_file:
        raise FormatError("--token-file works on a copy of a build", remedy="Leave out --store, or the token.")
    once = options.get is not None
    folder = Folder.find(options.graph)
    settings = Settings(
        limits=Limits(seconds=options.timeout, rows=options.max_rows, memory=options.memory),
        workers=2 if once else options.workers,
        hosts=hosts_for(options.host, options.allow_host),
        most_bytes=options.max_body << 20,
        token=_token(options.token_file),
        watch=0 if once else 2.0,
        warm=not once,
    )
    return Site(folder, Cache(folder.root, options.cache), settings, as_built=options.no_build, store=options.store)


def _serve(options: argparse.Namespace, site: Site) -> int:
    import uvicorn

    from milieu.server.access import Journal
    from milieu.server.app import app
    from milieu.server.connection import protocol

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="milieu: %(message)s")
    logging.getLogger("milieu.server").setLevel(logging.INFO)
    # Whatever goes wrong is told by ourselves, in our words; uvicorn would tell it again with its insides.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    config = uvicorn.Config(
        app(site, None if options.quiet else Journal(sys.stderr)),
        host=options.host,
        port=options.port,
        http=protocol(),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=_PARTING + 3,
        backlog=256,
    )

    class Announced(uvicorn.Server):
        """uvicorn's server, that tells its address once it listens."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started and self.servers:
                host, port = self.servers[0].sockets[0].getsockname()[:2]
                shown = f"[{host}]" if ":" in host else host
                print(f"http://{shown}:{port}/", flush=True)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # What still runs when the time is up is answered with 503, which only works while connections are open.
            loop = asyncio.get_running_loop()

            def part() -> None:
                self._ends.append(loop.create_task(site.edition.pool.close()))
                for connection in list(self.server_state.connections):
                    connection.part()  # type: ignore[union-attr]

            closing = loop.call_later(_PARTING, part)
            await super().shutdown(sockets)
            closing.cancel()

        _ends: ClassVar[list[asyncio.Task[None]]] = []

    server = Announced(config)
    # uvicorn sends itself the signal that stopped it once more, which would end the process as if it had been killed.
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), lambda number, frame: None)
    with suppress(SystemExit):  # how uvicorn ends when it cannot listen
        server.run()
    if site.failed:
        raise site.failed
    if not server.started:
        raise StoreError(
            f"the server cannot listen on {options.host}:{options.port}, or did not start",
            remedy="Is the port taken? Choose another with --port.",
        )
    return 0


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise FormatError(f"{text!r} is no header", place="--header", remedy="Write 'Accept: text/turtle'.")
    return name.strip(), value.strip()


def _token(path: str | None) -> str | None:
    if path is None:
        return None
    try:
        token = Path(path).read_text(encoding="utf-8").strip()
    except OSError as fault:
        raise FolderError(f"the token cannot be read ({fault.strerror})", place=path) from None
    if len(token) < 16:
        raise FormatError(
            "the token is shorter than 16 characters", place=path, remedy="Make one with 'openssl rand -hex 24'."
        )
    return token
