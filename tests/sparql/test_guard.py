"""What the guard refuses, whatever way it is spelt, and what it lets pass."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.errors import QueryError
from milieu.sparql.algebra import patterns
from milieu.sparql.guard import guard, guard_stranger

REFUSED = [
    "SELECT * { SERVICE <http://h/> { ?s ?p ?o } }",
    "SELECT * { service <http://h/> { ?s ?p ?o } }",
    "SELECT * { SeRvIcE <http://h/> { ?s ?p ?o } }",
    "SELECT * { SERVICE<http://h/>{ ?s ?p ?o } }",
    "SELECT * { SERVICE#c\n<http://h/> { ?s ?p ?o } }",
    "SELECT * { SERVICE\n\t<http://h/> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <http://h/> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://h/>{ ?s ?p ?o } }",
    "SELECT * { SERVICE?v{ ?s ?p ?o } }",
    "PREFIX ex: <http://h/> SELECT * { SERVICE ex:x { ?s ?p ?o } }",
    "PREFIX ex: <http://h/> SELECT * { SERVICEex:x{ ?s ?p ?o } }",
    "PREFIX ex: <http://h/> SELECT * { SERVICESILENTex:x#c\n{ ?s ?p ?o } }",
    "PREFIX : <http://h/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "SELECT * { ?s ?p 1SERVICE<http://h/>{ ?s ?p ?o } }",
    "SELECT * { ?s ?p trueSERVICE<http://h/>{ ?s ?p ?o } }",
    "PREFIX ex: <http://h/> SELECT * { ?s ?p trueSERVICEex:x{ ?s ?p ?o } }",
    "SELECT * { OPTIONAL { GRAPH ?g { { SERVICE <http://h/> {} } } } }",
    "SELECT * { FILTER EXISTS { SERVICE <http://h/> {} } }",
    r"SELECT * { \u0053ERVICE <http://h/> { ?s ?p ?o } }",
    r"SELECT * { \U00000053ERVICE <http://h/> { ?s ?p ?o } }",
    r"SELECT * { SER\u0056ICE <http://h/> { ?s ?p ?o } }",
    "SELECT * { # \\u000A SERVICE <http://h/> {} \n }",
    "SELECT * { BIND('\\u0027 AS ?x) SERVICE <http://h/> {} #' AS ?y) \n }",
    "SELECT * { # \r SERVICE <http://h/> {} \n }",
    "SELECT * { VALUES ?v { <http://h/> } FILTER(?a<?x)SERVICE?v#>\n{ ?s ?p ?o } }",
    "SELECT * { VALUES ?v { <http://h/> } FILTER(?a<?x#>'''\n) SERVICE ?v { ?s ?p ?o } #'''\n }",
    "SELECT * { VALUES ?x { '''a''''b SERVICE <http://h/> {}' } }",
    "LOAD <http://h/>",
    "load silent <http://h/> INTO GRAPH <a:b>",
    "PREFIX ex: <http://h/> LOADex:x",
    "INSERT DATA { <a:b> <a:b> 1 } ; LOAD <http://h/>",
    r"\u004COAD <http://h/>",
]
LOOKS_ONLY_SO = [
    "SELECT ?service { ?service a <http://h/service> }",
    "SELECT $SERVICE { $SERVICE a <http://h/SERVICE#LOAD> }",
    "SELECT * { ?s ?p 'SERVICE <http://h/> {}' }",
    'SELECT * { ?s ?p "SERVICE <http://h/> {}"@en }',
    "SELECT * { ?s ?p '''\nSERVICE <http://h/> {}\n''' }",
    'SELECT * { ?s ?p """a "quoted" SERVICE <http://h/> {}""" }',
    "SELECT * { ?s ?p ?o } # SERVICE <http://h/> { }",
    "# LOAD <http://h/>\nASK { ?s ?p ?o }",
    "PREFIX service: <http://h/> SELECT * { service:x a service:Service ; service:load ?x }",
    "PREFIX service: <http://h/> SELECT * { GRAPH service:x { ?s ?p ?o } }",
    "PREFIX from: <http://h/> PREFIX load: <http://h/> SELECT * { ?from from:x load:y }",
    "SELECT * { _:SERVICE ?p ?o }",
    "SELECT * { ?s ?p 'x'@service }",
    "PREFIX ex: <http://h/> SELECT * { ex:SERVICE ex:LOAD ex:FROM }",
    "SELECT * { ?s ?p ?o FILTER(?o < 5 && ?o > 2) }",
    "SELECT * { VALUES (?a ?b) { (<urn:a> <urn:b>) } }",
    r"SELECT * { ?s ?p 'a\\u0041\t' }",
]


@pytest.mark.parametrize("text", REFUSED)
def test_every_spelling_of_service_and_load_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match=r"^line \d+, column \d+: "):
        guard(text)


@pytest.mark.parametrize("text", [text for text in REFUSED if "LOAD" in text.upper() or "004C" in text])
def test_load_is_refused_where_updates_are_allowed_too(text: str) -> None:
    with pytest.raises(QueryError, match="LOAD is not allowed"):
        guard(text, update=True)


@pytest.mark.parametrize("text", LOOKS_ONLY_SO)
def test_what_only_looks_so_passes(text: str) -> None:
    guard(text)
    guard_stranger(text)


def test_the_place_is_that_of_the_word() -> None:
    with pytest.raises(QueryError) as caught:
        guard("SELECT * {\n  ?s ?p ?o .\n  SERVICE <http://h/> {} }")

    assert caught.value.place == "line 3, column 3"
    assert caught.value.message == "SERVICE is not allowed: it would ask another machine"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM <a:b> { ?s ?p ?o }",
        "SELECT * FROM NAMED <a:b> { ?s ?p ?o }",
        "SELECT * FROM<a:b>{ ?s ?p ?o }",
        "PREFIX ex: <a:> SELECT * FROMex:b { ?s ?p ?o }",
        "DESCRIBE <a:b> FROM <a:c>",
    ],
)
def test_from_is_refused_unless_datasets_are_allowed(text: str) -> None:
    with pytest.raises(QueryError, match="FROM is not allowed: it would choose other graphs"):
        guard(text)

    guard(text, datasets=True)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:b> <a:b> 1 }",
        "DROP ALL",
        "ASK {} ; DROP ALL",
        "PREFIX a: <b:> CLEAR ALL",
        "WITH <a:b> DELETE {} WHERE {}",
    ],
)
def test_updates_are_refused_unless_they_are_allowed(text: str) -> None:
    with pytest.raises(QueryError):
        guard(text)


def test_an_update_passes_where_updates_are_allowed() -> None:
    guard("PREFIX load: <a:> INSERT DATA { load:b load:c 1 } ; CLEAR GRAPH load:d", update=True)


@pytest.mark.parametrize(
    "text", ["", "  # nothing", "DEFINE x SELECT * {}", "{", "PREFIX", "SELECT * { ?s ?p 'open }", "SELECT\u00a0* {}"]
)
def test_what_is_no_query_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        guard(text)


def test_limits_are_off_unless_asked_for() -> None:
    guard("ASK " + "{" * 100 + "}" * 100)
    guard("ASK { " + "?s ?p ?o . " * 2000 + "}")


def test_size_is_counted_in_bytes() -> None:
    text = "ASK { ?s ?p '" + "金" * 10 + "' }"
    guard(text, max_bytes=46)

    with pytest.raises(QueryError, match="the query has 46 bytes; 45 are allowed"):
        guard(text, max_bytes=45)


@pytest.mark.parametrize(
    ("opening", "closing"), [("{", "}"), ("FILTER(", ")"), ("[ <a:b> ", "]"), ("(", ")"), ("<< ", " >>")]
)
def test_nesting_is_bounded(opening: str, closing: str) -> None:
    with pytest.raises(QueryError, match="nested deeper than 64"):
        guard(f"ASK {{ {opening * 65}{closing * 65} }}", max_depth=64)


def test_brackets_within_strings_do_not_nest() -> None:
    guard("ASK { ?s ?p '" + "{" * 100 + "' }", max_depth=64)


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("?s ?p ?o . " * 65, 65),
        ("?s ?p " + ", ".join(["?o"] * 65), 65),
        ("?s ?p ?o " + "; ?p ?o " * 64, 65),
        ("?s " + "/".join(["<a:b>"] * 65) + " ?o", 65),
        ("?s ?p (" + "1 " * 32 + ")", 65),
        ("?s ?p " + "[ ?p " * 64 + "1" + "]" * 64, 65),
        ("FILTER EXISTS { " + "?s ?p ?o . " * 65 + "}", 65),
        ("{ SELECT * { " + "?s ?p ?o . " * 65 + "} }", 65),
        ("?x UNKNOWN ?y . " * 33, 66),
    ],
)
def test_patterns_are_counted_with_path_steps_lists_and_brackets(pattern: str, count: int) -> None:
    with pytest.raises(QueryError, match=f"has {count} triple patterns; 64 are allowed"):
        guard(f"ASK {{ {pattern} }}", max_patterns=64)


def test_as_many_patterns_as_allowed_pass() -> None:
    guard("ASK { " + "?s ?p ?o . " * 64 + "}", max_patterns=64)


@pytest.mark.parametrize(
    "text",
    [
        "VERSION '1.2' ASK {}",
        'PREFIX a: <b:> VERSION "1.2" BASE <c:> SELECT * { ?s a:b ?o }',
        'VERSION "1.2" VERSION "1.1" ASK { ' + "?s ?p ?o . " * 40 + "}",
    ],
)
def test_a_version_may_be_declared(text: str) -> None:
    guard_stranger(text)


@pytest.mark.parametrize("text", ["VERSION INSERT DATA {}", 'VERSION "1.2" DROP ALL', "VERSION", 'VERSION "1.2"'])
def test_behind_a_version_there_must_be_a_query(text: str) -> None:
    with pytest.raises(QueryError):
        guard(text)


@pytest.mark.parametrize("text", ["", "# nothing", "BASE <a:b>", "PREFIX a: <b:> # alone"])
def test_an_update_may_be_a_prologue_alone_but_a_query_may_not(text: str) -> None:
    guard(text, update=True)

    with pytest.raises(QueryError, match="there is no query"):
        guard(text)


@given(st.lists(st.sampled_from(["<a:b>", "/", "|", ",", ";", "?o", "( 1 1 1 )", "[ ?p 1 ]", "a", "."]), max_size=28))
def test_what_is_counted_is_what_the_pattern_has_however_short_it_is(pieces: list[str]) -> None:
    text = "ASK { ?s <a:b> " + " ".join(pieces) + " }"
    try:
        count = sum(node.weight for node in patterns(text).walk())
    except QueryError:
        return
    if refusal(text) is not None:
        return  # for another reason, whatever is counted
    for allowed in (1, 4, 16, 64):
        assert (refusal(text, max_patterns=allowed) is not None) == (count > allowed)


def refusal(text: str, **limits: int) -> QueryError | None:
    try:
        guard(text, **limits)
    except QueryError as fault:
        return fault
    return None


BLANKS = [" ", "\n", "\t", "\r\n", "#c\n", " # SERVICE\r", ""]


def test_a_thousand_ways_to_write_service_are_all_refused() -> None:
    chance = random.Random(11)
    for _ in range(1000):
        word = "".join(_spelt(letter, chance) for letter in "SERVICE")
        silent = chance.choice(["", " SILENT", "SILENT", " silent "])
        target = chance.choice(["<http://h/>", "?v", "$v", "ex:x", ":x"])
        blank = [chance.choice(BLANKS) for _ in range(4)]
        before = chance.choice(["", "?s ?p 1", "?s ?p true", "{} ", "?s ?p 'x'", "FILTER(?a<?b)", "OPTIONAL{}"])
        call = f"{before}{blank[0]}{word}{silent}{blank[1]}{target}{blank[2]}{{}}{blank[3]}"
        text = f"PREFIX ex: <a:> PREFIX : <a:> SELECT * {{{call}}}"
        with pytest.raises(QueryError):
            guard(text)


def _spelt(letter: str, chance: random.Random) -> str:
    if chance.random() < 0.1:
        return chance.choice([f"\\u{ord(letter):04X}", f"\\U{ord(letter):08x}"])
    return chance.choice([letter, letter.lower()])


@pytest.fixture
def listener() -> Iterator[tuple[int, list[str]]]:
    """A port on this machine, and who has called it."""
    server = socket.create_server(("127.0.0.1", 0))
    calls: list[str] = []

    def answer() -> None:
        while True:
            caller, _ = server.accept()
            with caller:
                calls.append("call")
                if caller.recv(4) == b"stop":
                    return

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    port = server.getsockname()[1]
    yield port, calls
    with socket.create_connection(("127.0.0.1", port)) as last:
        last.sendall(b"stop")
        thread.join()
    server.close()


def test_what_passes_makes_no_connection(listener: tuple[int, list[str]]) -> None:
    port, calls = listener
    host = f"http://127.0.0.1:{port}/"
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("a:b"), ox.NamedNode("a:p"), ox.Literal(1)))
    pieces = [
        "SERVICE",
        "service ",
        "SILENT",
        "?v",
        "ex:x",
        f"<{host}>",
        "{ ?s ?p ?o }",
        "#",
        "\n",
        "'",
        '"',
        "'''",
        "<?x",
        ">",
    ]
    pieces += [")", "(", "}", "{", "\\", "\\u0053", "\\u000A", "1", "true", ".", "FILTER(?o<?x", "FROM", "LOAD", " "]
    chance = random.Random(5)
    passed = 0
    for text in chance.choices([*REFUSED, *LOOKS_ONLY_SO], k=3000):
        changed = text.replace("http://h/", host)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(changed) + 1)
            cut = at + chance.choice([0, 0, 1, 2, 7])
            changed = changed[:at] + chance.choice(pieces) + changed[cut:]
        try:
            guard_stranger(changed)
        except QueryError:
            continue
        passed += 1
        try:
            answer = store.query(changed)
            if not isinstance(answer, ox.QueryBoolean):
                list(answer)
        except (SyntaxError, RuntimeError, OSError):
            continue

    assert passed > 300
    assert calls == []
    with pytest.raises(OSError):  # noqa: PT011 - whatever the other end does, it was called
        list(store.query(f"SELECT * {{ SERVICE <{host}> {{ ?s ?p ?o }} }}"))
    assert calls == ["call"]
