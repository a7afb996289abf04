"""Every check finds what its failing example has in it, and nothing in its passing one."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from milieu.check.hygiene import check_hygiene, findings_of, read_profile, rows_of
from milieu.errors import FolderError, QueryError
from milieu.finding import Place, Severity
from milieu.folder import Folder
from milieu.load import parse_file
from milieu.namespaces import ASSERTED, Prefixes
from milieu.query.header import StoredQuery, read
from milieu.store.oxigraph import OxigraphStore

HERE = Path(__file__).parent
FOLDER = Folder.find()
CHECKS = FOLDER.root / "queries" / "checks"
NAMES = sorted(path.stem for path in CHECKS.glob("*.rq"))
COLUMNS = ("entity", "property", "value", "other")


@cache
def check(name: str) -> StoredQuery:
    return read(f"queries/checks/{name}.rq", (CHECKS / f"{name}.rq").read_text(encoding="utf-8"), FOLDER.prefixes)


def found(name: str, example: str) -> set[tuple[str, ...]]:
    """The rows that a check gives for an example, its terms in N-Triples syntax and blank nodes without their names."""
    path = HERE / example / f"{name}.ttl"
    store = ox.Store()
    lines = "".join(f"{line} <{ASSERTED}> .\n" for line in parse_file(path, path.name))
    store.extend(ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS))
    rows = rows_of(check(name), OxigraphStore(store, FOLDER.prefixes), FOLDER.prefixes)
    return {tuple(re.sub(r"^_:.*", "_:", row[column]) for column in COLUMNS if column in row) for row in rows}


def expected(name: str) -> set[tuple[str, ...]]:
    """The rows that the failing example announces in its lines `# expect: entity property value`, as Turtle terms."""
    text = (HERE / "failing" / f"{name}.ttl").read_text(encoding="utf-8")
    rows = set()
    for line in re.findall(r"^# expect: (.+)$", text, re.MULTILINE):
        terms = re.findall(r'<[^>]*>|"(?:[^"\\]|\\.)*"\S*|\S+', line)
        rows.add(tuple(ntriples(term) for term in terms))
    return rows


def ntriples(term: str) -> str:
    if term == "_:":
        return term
    turtle = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in FOLDER.prefixes.items())
    (quad,) = ox.parse(f"{turtle}<urn:s> <urn:p> {term} .".encode(), format=ox.RdfFormat.TURTLE)
    return str(quad.object)


def shortened(rows: set[tuple[str, ...]], like: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    length = max(map(len, like))
    return {row[:length] for row in rows}


@pytest.mark.parametrize("name", NAMES)
def test_a_check_names_what_is_wrong_in_its_failing_example(name: str) -> None:
    wanted = expected(name)

    assert wanted
    assert shortened(found(name, "failing"), wanted) == wanted


@pytest.mark.parametrize("name", NAMES)
def test_a_check_finds_nothing_in_its_passing_example(name: str) -> None:
    assert found(name, "passing") == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_check_says_what_is_wrong_and_what_to_do(name: str) -> None:
    stored = check(name)

    assert stored.columns == COLUMNS[: len(stored.columns)]
    assert stored.summary
    assert not stored.summary.endswith(".")
    assert stored.problem.endswith(".")
    assert stored.remedy.endswith(".")
    assert stored.tags
    assert set(stored.tags) <= {"ontology", "shapes", "data"}
    assert stored.severity == "", "severities are in the profile"


def test_every_check_has_its_examples_and_its_severity() -> None:
    assert len(NAMES) >= 38
    assert sorted(path.stem for path in (HERE / "failing").iterdir()) == NAMES
    assert sorted(path.stem for path in (HERE / "passing").iterdir()) == NAMES
    assert sorted(read_profile(FOLDER)) == NAMES


def test_no_two_checks_say_the_same() -> None:
    said = [check(name).summary for name in NAMES]

    assert len(set(said)) == len(said)


def test_the_graph_has_no_violation() -> None:
    import milieu

    grave = [f.message for f in check_hygiene(milieu.open()) if f.severity is Severity.VIOLATION]

    assert grave == []


LIGHTS = "https://example.org/id/light/"
NAMELESS = """#+ summary: Lights
#+ problem: It is a light.
#+ remedy: Put it out.
SELECT ?entity ?property ?value { BIND(lh:standsOn AS ?property) ?entity lh:standsOn ?value }
"""


@pytest.fixture
def lights(lighthouses: Path) -> Callable[[str], Path]:
    """Writes a check into the second folder, and gives the folder's top."""

    def write(text: str) -> Path:
        (lighthouses / "queries" / "checks").mkdir(exist_ok=True)
        (lighthouses / "queries" / "checks" / "lights.rq").write_text(text)
        return lighthouses

    return write


def test_a_finding_points_to_the_statement_in_its_file(lights: Callable[[str], Path]) -> None:
    import milieu

    graph = milieu.open(lights(NAMELESS))
    finding = next(f for f in check_hygiene(graph) if f.focus == f"<{LIGHTS}high-rock>")
    assert finding.place is not None
    line = (graph.folder.root / finding.place.file).read_text().splitlines()[finding.place.line - 1]

    assert finding.place.file == "data/lights.ttl"
    assert line[finding.place.column - 1 : finding.place.end_column - 1] == "coast:north"
    assert finding.message == "light:high-rock (lh:standsOn coast:north): It is a light."
    assert (finding.code, finding.remedy) == ("lights", "Put it out.")


def test_a_check_that_no_profile_names_warns(lights: Callable[[str], Path]) -> None:
    import milieu

    assert {f.severity for f in check_hygiene(milieu.open(lights(NAMELESS)))} == {Severity.WARNING}


def test_the_profile_of_a_folder_says_how_much_a_check_matters(lights: Callable[[str], Path]) -> None:
    import milieu

    folder = lights(NAMELESS)
    (folder / "queries" / "checks" / "profile.toml").write_text('lights = "info"\n')

    assert {f.severity for f in check_hygiene(milieu.open(folder))} == {Severity.INFO}


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ('lights = "grave"\n', r"profile\.toml: lights = 'grave' is no severity"),
        ('lamps = "info"\n', r"there is no check 'lamps'"),
        ("lights = \n", "the profile is not TOML"),
    ],
)
def test_a_profile_with_a_fault_is_refused(lights: Callable[[str], Path], profile: str, message: str) -> None:
    folder = lights(NAMELESS)
    (folder / "queries" / "checks" / "profile.toml").write_text(profile)

    with pytest.raises(FolderError, match=message):
        read_profile(Folder.find(folder))


def test_a_check_without_the_column_entity_is_refused(lights: Callable[[str], Path]) -> None:
    import milieu

    with pytest.raises(QueryError, match=r"queries/checks/lights\.rq: a check has no column 'entity'"):
        list(check_hygiene(milieu.open(lights("#+ summary: Lights\nSELECT ?light { ?light lh:standsOn ?coast }"))))


def test_twenty_rows_are_told_and_the_rest_is_counted() -> None:
    stored = check("dangling-reference")
    rows = [{"entity": f"<https://example.org/{number:02}>"} for number in range(23)]
    findings = list(findings_of(stored, rows, Severity.WARNING, Prefixes({})))

    assert len(findings) == 21
    assert findings[-1].message == f"3 more: {stored.problem}"


def test_a_finding_names_the_thing_that_another_clashes_with() -> None:
    here, there = Place("data/a.ttl", 1, 1, 1, 2), Place("data/b.ttl", 5, 1, 5, 2)
    year = '"2009"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    rows = [{"entity": "<urn:c:kyoto>", "property": "<urn:c:since>", "value": year, "other": "<urn:c:nara>"}]
    known = {"<urn:c:kyoto>": here, "<urn:c:nara>": there}
    (finding,) = findings_of(
        check("identifier-of-two-things"),
        rows,
        Severity.INFO,
        Prefixes({"c": "urn:c:"}),
        lambda focus, *_: known[focus],
    )

    assert finding.message.startswith('c:kyoto (c:since "2009"; see c:nara): The number in a gazetteer')
    assert (finding.place, finding.related) == (here, (there,))
    assert finding.value == year


def test_a_long_value_is_cut_short_in_the_message() -> None:
    rows = [{"entity": "<urn:a>", "property": "<urn:b>", "value": f'"{"x" * 200}"'}]
    (finding,) = findings_of(check("statement-given-twice"), rows, Severity.INFO, Prefixes({}))

    assert f'<urn:b> "{"x" * 79}…)' in finding.message
    assert finding.value == f'"{"x" * 200}"'


def test_a_finding_without_a_place_has_none() -> None:
    place = Place("data/a.ttl", 1, 1, 1, 2)
    rows = [{"entity": "<urn:a>"}, {"entity": "<urn:b>"}]
    known = {"<urn:a>": place}
    findings = findings_of(
        check("dangling-reference"), rows, Severity.INFO, Prefixes({}), lambda focus, *_: known.get(focus)
    )

    assert [finding.place for finding in findings] == [place, None]
