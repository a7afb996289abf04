import subprocess
import sys
from pathlib import Path

import pytest

import milieu
from milieu.errors import QueryError


def test_an_unknown_query_is_answered_with_the_nearest_name(lighthouses: Path) -> None:
    with pytest.raises(QueryError, match=r"there is no stored query 'light-on'\. Did you mean lights-on\?"):
        milieu.open(lighthouses).query("light-on")


def test_a_changed_header_is_read_anew_and_rebuilds_no_store(lighthouses: Path) -> None:
    graph = milieu.open(lighthouses)
    before = graph.build.digest
    path = lighthouses / "queries" / "answers" / "keepers.rq"
    assert graph.queries.get("keepers").summary == "Who keeps which light"
    path.write_text(path.read_text().replace("Who keeps which light", "Keepers and their lights"))
    again = milieu.open(lighthouses)

    assert again.queries.get("keepers").summary == "Keepers and their lights"
    assert again.build.digest == before


def test_a_query_cannot_be_named_out_of_its_folder(lighthouses: Path) -> None:
    with pytest.raises(QueryError, match="there is no stored query"):
        milieu.open(lighthouses).query("../checks/secret")


def test_a_stored_query_that_is_not_sparql_is_named_with_its_file_and_line(lighthouses: Path) -> None:
    path = lighthouses / "queries" / "answers" / "bad.rq"
    path.write_text("#+ summary: Bad\n#+ expect: {min_rows: 1}\nSELECT ?x WHERE {\n  ?x lh:height }\n")

    with pytest.raises(QueryError, match=r"queries/answers/bad\.rq:4:16: this is not SPARQL"):
        milieu.open(lighthouses).query("bad")


def test_a_cold_query_imports_neither_rdflib_nor_pyshacl_nor_a_yaml_parser(lighthouses: Path, cache: Path) -> None:
    milieu.open(lighthouses, cache=cache).query("lights-on")
    program = (
        "import sys\n"
        "from milieu.cli import main\n"
        f"main(['--graph', {str(lighthouses)!r}, '--cache', {str(cache)!r}, 'query', 'lights-on'])\n"
        "print(sorted({'rdflib', 'pyshacl', 'shifty', 'yaml', 'rich', 'owlready2', 'difflib'} & set(sys.modules)))\n"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert out.splitlines()[-1] == "[]"


@pytest.mark.parametrize("word", ["SERVICE", "service", "\\u0053ERVICE"])
def test_a_stored_query_reaches_no_other_machine(lighthouses: Path, word: str) -> None:
    path = lighthouses / "queries" / "answers" / "far.rq"
    path.write_text(
        f"#+ summary: Far\n#+ expect: {{rows: 0}}\nSELECT ?x WHERE {{ {word} <http://127.0.0.1:1/> {{ ?x a ?y }} }}\n"
    )

    with pytest.raises(QueryError, match=r"far\.rq"):
        milieu.open(lighthouses).query("far")
