"""The options that every command shares, and the way from words to a command."""

from __future__ import annotations

import argparse
import importlib
import sys

import milieu
from milieu.cli import COMMANDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn, Protocol

    from milieu.graph import Graph

    class Command(Protocol):
        """What the module of a command offers."""

        def arguments(self, parser: Parser) -> None:
            """Declare the command's own arguments."""

        def run(self, options: argparse.Namespace, rest: list[str]) -> int:
            """Do it and give the exit status; `rest` holds the words that no argument took."""


__all__ = ["Parser", "dispatch", "opened", "parser_of"]

_CLOSING = """exit status:
  0  fine
  1  there are findings at or above --fail-on
  2  it could not be run; the reason is on standard error"""


class Parser(argparse.ArgumentParser):
    """A parser whose complaints end in the way to the help, as one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call, and end with status 2."""
        print(f"{self.prog}: {message}. '{self.prog} --help' tells what there is.", file=sys.stderr)
        raise SystemExit(2)

    def print_help(self, file: Any = None) -> None:
        """Print the help; argparse's own would say nothing when it cannot be written."""
        print(self.format_help(), end="", file=file)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help of one width everywhere; asking the terminal for its own would import half the library at every start."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=100, max_help_position=28)


def parser_of(name: str) -> Parser:
    """The parser of one command."""
    parser = Parser(
        prog=f"milieu {name}",
        description=_sentence(COMMANDS[name]),
        formatter_class=_Formatter,
        epilog=_CLOSING,
        add_help=False,
        allow_abbrev=False,
    )
    command = _module(name)
    command.arguments(parser)
    shared = parser.add_argument_group("shared options")
    _shared(shared, suppress=True)
    return parser


def dispatch(words: list[str]) -> int:
    """Run the command that the words name."""
    top = top_parser()
    options, rest = top.parse_known_args(words)
    name = options.command
    if options.version:
        print(f"milieu {milieu.__version__}")
        return 0
    if name is None:
        top.print_help()
        return 0 if options.help else 2
    if name not in COMMANDS:
        from milieu.spelling import nearest

        like = nearest(name, COMMANDS)
        top.error(f"there is no command {name!r}" + (f" (did you mean {like!r}?)" if like else ""))
    command = _module(name)
    parser = parser_of(name)
    if not parser.get_default("takes_more") and (options.help or _asks_for_help(options.rest)):
        parser.print_help()  # whatever else was given, or was not
        return 0
    # A command that takes any option cannot tell whether a word belongs to one, so there files come first.
    parse = parser.parse_known_args if parser.get_default("takes_more") else parser.parse_known_intermixed_args
    options, unknown = parse(options.rest, namespace=options)
    unknown = [*rest, *unknown]
    if unknown and not getattr(options, "takes_more", False):
        parser.error(f"unknown argument {unknown[0]!r}")
    return command.run(options, unknown)


def _asks_for_help(words: list[str]) -> bool:
    before = words[: words.index("--")] if "--" in words else words
    return "-h" in before or "--help" in before


def top_parser() -> Parser:
    """The parser of `milieu` itself."""
    width = max(map(len, COMMANDS)) + 2
    listing = "\n".join(f"  {name:<{width}}{summary}" for name, summary in COMMANDS.items())
    parser = Parser(
        prog="milieu",
        usage="milieu [options] COMMAND …",
        description=f"A knowledge graph of creative cities, kept as files.\n\ncommands:\n{listing}\n\n"
        "'milieu COMMAND --help' tells more of one.",
        formatter_class=_Formatter,
        epilog=_CLOSING,
        add_help=False,
        allow_abbrev=False,
    )
    parser.add_argument("command", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    _shared(parser.add_argument_group("options"), suppress=False)
    parser.add_argument("--version", action="store_true", help="print the version")
    return parser


def opened(options: argparse.Namespace) -> Graph:
    """The graph that the shared options name; building it, if that is needed, shows its progress on a terminal."""
    from milieu.build.cache import Cache
    from milieu.cli.progress import progress
    from milieu.folder import Folder
    from milieu.graph import Graph

    folder = Folder.find(options.graph)
    cache = Cache(folder.root, options.cache)
    return Graph(folder, cache, watch=progress(), as_built=options.no_build, store=options.store)


def _shared(group: argparse._ArgumentGroup, *, suppress: bool) -> None:
    # The same options may stand before or behind the command; behind it they must not undo what stood before.
    absent = argparse.SUPPRESS if suppress else None
    group.add_argument("--graph", metavar="DIR", default=absent, help="the folder of the graph (default: Milieu's own)")
    group.add_argument(
        "--cache", metavar="DIR", default=absent, help="where builds are kept (default: the user's cache)"
    )
    group.add_argument(
        "--no-build",
        action="store_true",
        default=argparse.SUPPRESS if suppress else False,
        help="answer from the last good build, whatever the folder holds by now",
    )
    group.add_argument(
        "--store",
        metavar="URL",
        default=absent,
        help="answer from a SPARQL engine, such as sparql+http://127.0.0.1:7878/query, instead of a build",
    )
    group.add_argument(
        "-h", "--help", action="store_true", default=argparse.SUPPRESS if suppress else False, help="print this help"
    )


def _module(name: str) -> Command:
    return importlib.import_module(f"milieu.cli.{name}")


def _sentence(summary: str) -> str:
    return f"{summary[0].upper()}{summary[1:]}."
