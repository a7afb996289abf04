from pathlib import Path

import pytest


def test_the_real_folder_keeps_everything_it_promises(milieu) -> None:
    said = milieu("check")

    assert said.status == 0, said.out
    assert [line[:1] for line in said.err.splitlines()] == ["✓"] * 7


@pytest.mark.parametrize(
    ("file", "before", "after", "step", "code"),
    [
        ("data/lights.ttl", "lh:height 12", 'lh:height "tall"', "build", "sh:datatype"),
        ("data/lights.ttl", "lh:height 12 ;", "lh:height  12 ;", "layout", "layout"),
        ("queries/answers/keepers.rq", "rows: 1", "rows: 2", "expectations", "expectation"),
    ],
)
def test_a_broken_promise_is_found_by_its_step(
    milieu, lighthouses: Path, file: str, before: str, after: str, step: str, code: str
) -> None:
    milieu("--graph", lighthouses, "format")
    milieu("--graph", lighthouses, "build")
    path = lighthouses / file
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))
    said = milieu("--graph", lighthouses, "check", "--only", step)

    assert said.status == 1
    assert f"✗ {step}" in said.err
    assert f"[{code}]" in said.out


def test_a_row_of_a_check_is_a_finding_with_the_severity_of_the_profile(milieu, lighthouses: Path) -> None:
    checks = lighthouses / "queries" / "checks"
    checks.mkdir()
    (checks / "low-light.rq").write_text(
        "#+ summary: Lights lower than ten metres\n#+ problem: A light is low.\n#+ remedy: Build it higher.\n"
        "SELECT ?entity ?property ?value WHERE {\n"
        "  ?entity lh:height ?value . BIND(lh:height AS ?property) FILTER(?value < 10) }\n"
    )
    warned = milieu("--graph", lighthouses, "check", "--only", "hygiene")
    (checks / "profile.toml").write_text('low-light = "violation"\n')
    refused = milieu("--graph", lighthouses, "check", "--only", "hygiene")

    assert (warned.status, refused.status) == (0, 1)
    assert "light:sand-point" in refused.out
    assert "Build it higher." in refused.out


def test_format_writes_only_what_changes_and_check_tells_which(milieu, lighthouses: Path) -> None:
    milieu("--graph", lighthouses, "format")
    again = milieu("--graph", lighthouses, "format")
    path = lighthouses / "data" / "lights.ttl"
    path.write_text(path.read_text().replace("    lh:height 12 ;", "lh:height 12;"))
    checked = milieu("--graph", lighthouses, "format", "--check")
    mended = milieu("--graph", lighthouses, "format", path)

    assert (again.status, again.out) == (0, "")
    assert (checked.status, checked.out) == (1, "data/lights.ttl\n")
    assert (mended.status, mended.out) == (0, "data/lights.ttl\n")


def test_format_refuses_what_is_not_turtle_and_leaves_it(milieu, lighthouses: Path) -> None:
    path = lighthouses / "data" / "lights.ttl"
    path.write_text("light:x lh:height\n")
    said = milieu("--graph", lighthouses, "format", path)

    assert said.status == 2
    assert "data/lights.ttl" in said.err
    assert path.read_text() == "light:x lh:height\n"


def test_a_link_that_leads_nowhere_is_found_with_its_line(milieu, lighthouses: Path) -> None:
    (lighthouses / "README.md").write_text("# Lights\n\nSee [the map](docs/map.md) and [the data](data/lights.ttl).\n")
    said = milieu("--graph", lighthouses, "check", "--only", "links")

    assert said.status == 1
    assert "README.md:3:15: violation [dead-link] The link to docs/map.md leads nowhere." in said.out


def test_an_import_without_a_file_is_found(milieu, lighthouses: Path) -> None:
    header = lighthouses / "ontology" / "lighthouses.ttl"
    header.write_text(
        header.read_text().replace("a owl:Ontology ;", "a owl:Ontology ; owl:imports <https://e.org/x> ;")
    )

    assert (
        "No file of the ontology is <https://e.org/x>."
        in milieu("--graph", lighthouses, "check", "--only", "links").out
    )


def test_a_fact_that_no_statement_carries_is_found(tmp_path: Path) -> None:
    import milieu
    from milieu.check.coverage import Fact, check_coverage

    facts = [
        Fact("s003-242", "source:sasaki-slides", 346, 347, "Kanazawa has a population of about 450,000"),
        Fact("s003-999", "source:sasaki-slides", 9000, 9000, "nothing stands there"),
    ]

    assert [finding.code for finding in check_coverage(milieu.open(), facts)] == ["uncovered"]


def test_the_statement_that_says_a_fact_comes_first() -> None:
    import milieu
    from milieu.check.coverage import Fact, coverage

    fact = Fact("s003-242", "source:sasaki-slides", 346, 347, "Kanazawa has a population of about 450,000")

    assert coverage(milieu.open(), [fact])[0].statements[0].startswith("city:kanazawa mil:population")


def test_what_does_not_build_is_never_told_to_be_fine(milieu, lighthouses: Path) -> None:
    (lighthouses / "data" / "broken.ttl").write_text("light:x lh:height\n")
    said = milieu("--graph", lighthouses, "check", "--only", "logic")

    assert said.status == 1
    assert "data/broken.ttl:1:" in said.out
