"""The fixes that leave no doubt, written into the contributor's own file."""

from milieu.validate.contribution import Contribution
from milieu.validate.repair import repair

HEAD = """@prefix coast: <https://example.org/id/coast/> .\r
@prefix lh: <http://example.org/lighthouses#> .\r
@prefix light: <https://example.org/id/light/> .\r
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\r
"""


def repaired(folder, text: str) -> str:
    import milieu

    graph = milieu.open(folder)
    return repair(graph.folder, graph.build, Contribution("new.ttl", text.encode())).contribution.content.decode()


def test_safe_fixes_are_made_and_everything_else_stays_byte_for_byte(lighthouses) -> None:
    text = HEAD + '# mine\r\nlight:new a lh:lighthouse ;  rdfs:label "New"@eng ; lh:height "20" . # end'

    assert repaired(lighthouses, text) == (
        HEAD.replace("<http://example.org/l", "<https://example.org/l")
        + '# mine\r\nlight:new a lh:Lighthouse ;  rdfs:label "New"@en ; lh:height 20 . # end'
    )


def test_a_guess_is_never_written(lighthouses) -> None:
    text = HEAD.replace("http://example.org/l", "https://example.org/l") + "light:new lh:heigth 20 ."

    assert repaired(lighthouses, text) == text


def test_a_text_that_is_right_stays(lighthouses) -> None:
    assert repaired(lighthouses, "") == ""


def test_fix_writes_the_file_and_diff_only_shows(lighthouses, milieu, tmp_path) -> None:
    path = tmp_path / "new.ttl"
    good = HEAD.replace("http://example.org/l", "https://example.org/l").replace("\r", "")
    path.write_text(good + 'light:new a lh:Light ; rdfs:label "New"@en ; lh:height "20" .\n')

    shown = milieu("--graph", lighthouses, "validate", "--diff", "--brief", path)

    assert '-light:new a lh:Light ; rdfs:label "New"@en ; lh:height "20" .\n' in shown.err
    assert 'lh:height "20"' in path.read_text()
    assert milieu("--graph", lighthouses, "validate", "--fix", path).status == 0
    assert path.read_text() == good + 'light:new a lh:Light ; rdfs:label "New"@en ; lh:height 20 .\n'
