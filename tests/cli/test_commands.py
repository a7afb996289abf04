import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from milieu.cli import COMMANDS

HEAD = "@prefix lh: <https://example.org/lighthouses#> .\n@prefix light: <https://example.org/id/light/> .\n"


def test_build_says_what_is_in_the_graph(milieu, lighthouses: Path, tmp_path: Path) -> None:
    first = milieu("--graph", lighthouses, "--cache", tmp_path, "build")
    again = milieu("--graph", lighthouses, "--cache", tmp_path, "build")

    assert first.status == again.status == 0
    assert first.out.startswith("lighthouses: 51 asserted and 3 inferred statements from 3 files (built in ")
    assert "(up to date, build " in again.out


def test_query_without_a_name_lists_what_is_stored(milieu, lighthouses: Path) -> None:
    said = milieu("--graph", lighthouses, "query", "--format", "json")

    assert json.loads(said.out) == [
        {"name": "keepers", "summary": "Who keeps which light", "tags": ["keepers"], "parameters": []},
        {
            "name": "lights-on",
            "summary": "The lights of a coast that are at least so high",
            "tags": ["lights"],
            "parameters": [
                {
                    "name": "coast",
                    "type": "iri",
                    "description": "the coast",
                    "default": "coast:north",
                    "class": "https://example.org/lighthouses#Coast",
                    "required": False,
                },
                {
                    "name": "least",
                    "type": "integer",
                    "description": "the least height in metres",
                    "default": "0",
                    "required": False,
                },
            ],
        },
    ]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("words", [["{}", "--help"], ["{}", "-h"], ["--help", "{}"]])
def test_every_command_has_its_help(milieu, name: str, words: list[str]) -> None:
    said = milieu(*(word.format(name) for word in words))

    assert (said.status, said.err) == (0, "")
    assert said.out.startswith(f"usage: milieu {name}")


def test_a_query_prints_tsv_in_a_pipe_and_a_table_when_asked(milieu, lighthouses: Path) -> None:
    piped = milieu("--graph", lighthouses, "query", "lights-on", "--least", "20")
    table = milieu("--graph", lighthouses, "query", "lights-on", "--least=20", "--format", "table")

    assert piped.out == '?light\t?name\t?height\n<https://example.org/id/light/high-rock>\t"High Rock"@en\t36\n'
    assert table.out.splitlines()[2] == "light:high-rock  High Rock  36"


@pytest.mark.parametrize("name", ["json", "csv", "tsv", "xml", "markdown"])
def test_every_format_of_rows_is_printed(milieu, lighthouses: Path, name: str) -> None:
    said = milieu("--graph", lighthouses, "query", "keepers", "--format", name)

    assert said.status == 0
    assert "high-rock" in said.out


@pytest.mark.parametrize("name", ["turtle", "ntriples", "jsonld", "rdfxml"])
def test_every_format_of_triples_is_printed(milieu, lighthouses: Path, name: str) -> None:
    said = milieu("--graph", lighthouses, "sparql", "--format", name, "DESCRIBE keeper:ada")

    assert said.status == 0
    assert "Ada" in said.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["query", "lihgts-on"], "milieu: there is no stored query 'lihgts-on'. Did you mean lights-on?\n"),
        (
            ["query", "lights-on", "--caost", "x"],
            "milieu: the query 'lights-on' has no parameter 'caost'. Did you mean --coast?\n",
        ),
        (
            ["query", "lights-on", "--least", "tall"],
            "milieu: parameter least: 'tall' is not a whole number such as 5. Give one.\n",
        ),
        (["query", "lights-on", "--least"], "milieu: the parameter --least has no value. Write --least VALUE.\n"),
        (
            ["sparql", "SELECT * { ?s lhh:height ?o }"],
            "milieu: line 1, column 15: the prefix lhh: is not declared. Did you mean lh:?\n",
        ),
        (
            ["sparql", "SELECT * {\n ?s lh:height ^ }"],
            "milieu: line 2, column 15: this is not SPARQL: '^' is not expected here\n",
        ),
        (
            ["qurey"],
            "milieu: there is no command 'qurey' (did you mean 'query'?). 'milieu --help' tells what there is.\n",
        ),
        (
            ["build", "--agian"],
            "milieu build: unknown argument '--agian'. 'milieu build --help' tells what there is.\n",
        ),
    ],
)
def test_a_slip_is_met_with_one_paragraph_and_2(milieu, lighthouses: Path, words: list[str], message: str) -> None:
    said = milieu("--graph", lighthouses, *words)

    assert (said.status, said.out, said.err) == (2, "", message)


@pytest.mark.parametrize("word", ["SERVICE <http://127.0.0.1/> { ?s ?p ?o }", "GRAPH ?g { ?s ?p ?o } } LIMIT 1 #"])
def test_only_what_reaches_outside_is_refused(milieu, lighthouses: Path, word: str) -> None:
    said = milieu("--graph", lighthouses, "sparql", f"SELECT * {{ {word} }}")

    assert said.status == (2 if word.startswith("SERVICE") else 0)


def test_an_update_is_no_query(milieu, lighthouses: Path) -> None:
    said = milieu("--graph", lighthouses, "sparql", "DROP ALL")

    assert said.status == 2
    assert len(said.err.splitlines()) == 1


def test_sparql_reads_a_file_and_standard_input(lighthouses: Path, tmp_path: Path, cache: Path) -> None:
    (tmp_path / "q.rq").write_text("ASK { ?l lh:height 36 }")
    command = [
        sys.executable,
        "-m",
        "milieu",
        "--graph",
        str(lighthouses),
        "--cache",
        str(cache),
        "sparql",
        "--format",
        "csv",
    ]
    file = subprocess.run([*command, "-f", str(tmp_path / "q.rq")], capture_output=True, text=True, check=True)
    piped = subprocess.run(command, input="ASK { ?l lh:height 36 }", capture_output=True, text=True, check=True)

    assert file.stdout == piped.stdout == "true"


def test_validate_shows_the_line_and_ends_with_1(milieu, lighthouses: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.ttl"
    path.write_text(HEAD + 'light:new a lh:Light ;\n    lh:height "tall" .\n')
    said = milieu("--graph", lighthouses, "validate", path)

    assert said.status == 1
    assert f"{path}:4:15: violation [sh:datatype] The height of a light is a whole number of metres." in said.out
    assert '  4 |     lh:height "tall" .\n    |               ^^^^^^\n' in said.out


def test_validate_as_json_holds_the_places(milieu, lighthouses: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.ttl"
    path.write_text(HEAD + "light:new a lh:Light .\n")
    report = json.loads(milieu("--graph", lighthouses, "validate", path, "--format", "json").out)

    assert report["conforms"] is False
    assert report["findings"][0]["place"] == {"file": str(path), "line": 3, "column": 1, "endLine": 3, "endColumn": 10}


@pytest.mark.parametrize(("level", "status"), [("violation", 0), ("warning", 0), ("info", 1)])
def test_fail_on_sets_from_where_the_status_is_1(
    milieu, lighthouses: Path, tmp_path: Path, level: str, status: int
) -> None:
    path = tmp_path / "new.ttl"
    path.write_text(HEAD + "light:high-rock lh:height 36 .\n")

    assert milieu("--graph", lighthouses, "validate", path, "--fail-on", level).status == status


def test_a_changed_folder_that_does_not_build_still_answers_when_asked_to(milieu, lighthouses: Path) -> None:
    milieu("--graph", lighthouses, "build")
    (lighthouses / "data" / "broken.ttl").write_text("keeper:bo lh:keeps\n")
    refused = milieu("--graph", lighthouses, "query", "keepers")
    answered = milieu("--graph", lighthouses, "--no-build", "query", "keepers")

    assert refused.status == 2
    assert "--no-build answers from it" in refused.err
    assert answered.status == 0
    assert "ada" in answered.out


def test_shared_options_may_stand_behind_the_command(milieu, lighthouses: Path) -> None:
    assert milieu("query", "keepers", "--graph", lighthouses, "--format", "csv").status == 0


def test_help_of_a_stored_query_tells_its_parameters(milieu, lighthouses: Path) -> None:
    said = milieu("--graph", lighthouses, "query", "lights-on", "--help")

    assert "--coast IRI" in said.out
    assert "the least height in metres (default: 0)" in said.out


def test_a_home_that_cannot_be_written_is_a_clear_error(lighthouses: Path) -> None:
    environment = {**os.environ, "HOME": "/dev/null", "XDG_CACHE_HOME": ""}
    environment.pop("MILIEU_CACHE")
    done = subprocess.run(
        [sys.executable, "-m", "milieu", "--graph", str(lighthouses), "query", "keepers"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "--cache DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_version_is_told(milieu) -> None:
    assert milieu("--version").out == "milieu 1.0.0\n"


def run(*words: object, folder: Path, cache: Path, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "milieu", "--graph", str(folder), "--cache", str(cache), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload]


def test_an_export_follows_a_link_and_keeps_the_rights_of_the_file(milieu, lighthouses: Path, tmp_path: Path) -> None:
    real, link = tmp_path / "real.nt", tmp_path / "link.nt"
    real.write_text("old")
    real.chmod(0o600)
    link.symlink_to(real)
    said = milieu("--graph", lighthouses, "export", "-o", link)

    assert said.status == 0
    assert link.is_symlink()
    assert real.read_text().startswith("<https://example.org/")
    assert real.stat().st_mode & 0o777 == 0o600


def test_what_is_no_ordinary_file_is_written_into_not_replaced(lighthouses: Path, cache: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.nt"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        done = run("export", "-o", pipe, folder=lighthouses, cache=cache)
        read = reader.communicate(timeout=20)[0]

    assert done.returncode == 0
    assert read.startswith(b"<https://example.org/")
    assert pipe.is_fifo()


def test_a_minus_is_standard_output(milieu, lighthouses: Path) -> None:
    assert milieu("--graph", lighthouses, "export", "--format", "ntriples", "-o", "-").out.count("\n") == 54


def test_a_read_only_file_is_not_overwritten(milieu, lighthouses: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.nt"
    path.write_text("old")
    path.chmod(0o444)
    said = milieu("--graph", lighthouses, "export", "-o", path)

    assert said.status == 2
    assert "the file may not be written. Change its rights first." in said.err
    assert path.read_text() == "old"


def test_ctrl_c_ends_a_query_that_would_not_end(lighthouses: Path, cache: Path) -> None:
    import signal
    import time

    endless = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8)) + " }"
    command = [sys.executable, "-m", "milieu", "--graph", str(lighthouses), "--cache", str(cache), "sparql", endless]
    run("build", folder=lighthouses, cache=cache)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(2)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        process.wait(timeout=10)

    assert process.returncode == -signal.SIGINT


@pytest.mark.parametrize("bracket", ["{}", "()"])
def test_brackets_in_brackets_are_refused_before_they_break_the_engine(
    lighthouses: Path, cache: Path, bracket: str
) -> None:
    opening, closing = bracket
    inner = "?s ?p ?o" if bracket == "{}" else "?s ?p ?o FILTER "
    text = f"ASK {{ {inner} {opening * 6000} {'1' if bracket == '()' else ''} {closing * 6000} }}"
    done = run("sparql", folder=lighthouses, cache=cache, input=text)

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_a_folder_without_shapes_works(milieu, lighthouses: Path) -> None:
    import shutil

    shutil.rmtree(lighthouses / "ontology" / "shapes")

    assert milieu("--graph", lighthouses, "query", "keepers").status == 0
    assert milieu("--graph", lighthouses, "validate", lighthouses / "data" / "lights.ttl").status == 0


def test_an_empty_folder_is_told_what_it_lacks(milieu, tmp_path: Path) -> None:
    for name in ("ontology", "data", "queries"):
        (tmp_path / "new" / name).mkdir(parents=True)
    said = milieu("--graph", tmp_path / "new", "build")

    assert said.status == 2
    assert "ontology/ needs exactly one Turtle file beside its folders, the header; found none" in said.err


@pytest.mark.parametrize("words", [["query", "keepers"], ["export"], ["--help"]])
def test_a_full_disk_behind_standard_output_is_a_clear_error(lighthouses: Path, cache: Path, words: list[str]) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-m", "milieu", "--graph", lighthouses, "--cache", cache, *words],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert done.returncode == 2
    assert done.stderr.decode() == (
        "milieu: standard output cannot be written (No space left on device). Free some space, or name a file.\n"
    )


def test_a_damaged_build_is_made_anew(lighthouses: Path, tmp_path: Path) -> None:
    run("build", folder=lighthouses, cache=tmp_path)
    canonical = next(tmp_path.rglob("canonical.nq"))
    whole = canonical.read_bytes()
    canonical.write_bytes(whole[:600])
    exported = run("export", "--format", "nquads", folder=lighthouses, cache=tmp_path)
    for path in canonical.with_name("store").iterdir():
        path.unlink()
    rebuilt = run("build", folder=lighthouses, cache=tmp_path)

    assert exported.stdout.encode() == whole
    assert "built in" in rebuilt.stdout


@pytest.mark.parametrize("kind", ["fifo", "link"])
def test_what_cannot_be_an_input_is_refused_by_name(milieu, lighthouses: Path, kind: str) -> None:
    path = lighthouses / "data" / "odd.ttl"
    if kind == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to("nowhere.ttl")
    said = milieu("--graph", lighthouses, "build")

    assert said.status == 2
    assert said.err.startswith("milieu: data/odd.ttl: the ")


def test_files_may_stand_behind_options(milieu, lighthouses: Path) -> None:
    data = lighthouses / "data" / "lights.ttl"

    assert milieu("--graph", lighthouses, "validate", data, "--brief", data).status == 0


def test_a_table_fits_the_terminal() -> None:
    from milieu.render.table import table, width

    drawn = table(["city", "a long text", "year"], [["Kanazawa", "x" * 200, "2009"]], most=40)

    assert max(map(width, drawn.splitlines())) == 40
    assert "2009" in drawn


def test_broken_turtle_ends_a_build_with_2_and_a_violation_with_1(milieu, lighthouses: Path) -> None:
    lights = lighthouses / "data" / "lights.ttl"
    good = lights.read_text()
    lights.write_text(good.replace("lh:height 12", 'lh:height "tall"'))
    violated = milieu("--graph", lighthouses, "build")
    lights.write_text(good + "light:x lh:height\n")
    broken = milieu("--graph", lighthouses, "build")

    assert (violated.status, broken.status) == (1, 2)


def test_a_clash_points_to_a_statement_of_a_file(milieu, lighthouses: Path) -> None:
    module = lighthouses / "ontology" / "modules" / "light.ttl"
    module.write_text(module.read_text() + "\nlh:Coast owl:disjointWith lh:Keeper .\n")
    data = lighthouses / "data" / "lights.ttl"
    data.write_text(data.read_text() + "coast:north a lh:Keeper .\n")
    said = milieu("--graph", lighthouses, "build")

    assert said.status == 1
    assert "data/lights.ttl:" in said.err
    assert "[clash:disjoint-classes]" in said.err


def test_an_interrupted_publication_says_what_the_engine_holds(
    milieu, lighthouses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("milieu.publish.publish", interrupted)
    said = milieu("--graph", lighthouses, "publish", "http://127.0.0.1:9/query")

    assert said.status == 2
    assert said.err == (
        "milieu: http://127.0.0.1:9/query: interrupted. What was published before is still in place; "
        "the next run goes on from what was sent.\n"
    )
