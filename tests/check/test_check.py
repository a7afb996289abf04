from pathlib import Path

import pytest


def test_the_real_folder_keeps_everything_it_promises(milieu) -> None:
    said = milieu("check")

    assert said.status == 0, said.out
    assert [line[:1] for line in said.err.splitlines()] == ["✓"] * 5


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
