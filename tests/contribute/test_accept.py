"""Accepting and taking back."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import milieu
from milieu.build.cache import Cache
from milieu.build.steps import build
from milieu.contribute.acceptance import accept
from milieu.contribute.retraction import retract
from milieu.contribute.template import template
from milieu.errors import FolderError
from milieu.folder import Folder
from milieu.validate.contribution import Contribution

HEAD = """@prefix coast: <https://example.org/id/coast/> .
@prefix keeper: <https://example.org/id/keeper/> .
@prefix lh: <https://example.org/lighthouses#> .
@prefix light: <https://example.org/id/light/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
NEW = HEAD + (
    'light:new a lh:Lighthouse ; rdfs:label "New"@en ; lh:height 20 ;\n'
    "    lh:keptBy keeper:ada ; lh:standsOn coast:north .\n"
)


def handed_in(folder: Path, text: str, name: str = "new.ttl", **options):
    found = Folder(folder)
    return accept(found, Cache(found.root), Contribution(name, text.encode()), by="Ada", **options)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "data" / "contributions").glob("*"))


def test_an_accepted_contribution_is_a_file_that_says_who_and_what(lighthouses) -> None:
    accepted = handed_in(lighthouses, NEW)
    lines = (lighthouses / "data/contributions/new.ttl").read_text().splitlines()

    assert accepted.file == "data/contributions/new.ttl"
    assert lines[0].startswith("# Contributed by Ada, accepted on 20")
    assert lines[1] == "# Handed in as new.ttl; sources: none."
    assert lines[-6:] == [
        "light:new",
        "    a lh:Lighthouse ;",
        '    rdfs:label "New"@en ;',
        "    lh:height 20 ;",
        "    lh:keptBy keeper:ada ;",
        "    lh:standsOn coast:north .",
    ]


def test_what_the_contributor_says_at_the_head_is_kept(lighthouses) -> None:
    handed_in(lighthouses, "# From the harbour master's list.\n#\n# Read twice.\n" + NEW)
    lines = (lighthouses / "data/contributions/new.ttl").read_text().splitlines()

    assert lines[1:4] == [
        "# Handed in as new.ttl; sources: none.",
        "# From the harbour master's list.",
        "# Read twice.",
    ]


def test_the_graph_answers_with_it_at_once(lighthouses) -> None:
    graph = milieu.open(lighthouses)
    assert len(graph.query("lights-on").rows) == 2

    graph.accept(NEW, by="Ada", name="new")

    assert len(graph.query("lights-on").rows) == 3
    assert len(graph.query("keepers").rows) == 2


def test_the_build_that_follows_is_the_one_that_would_be_made_anew(lighthouses) -> None:
    handed_in(lighthouses, NEW)
    folder = Folder(lighthouses)
    cache = Cache(folder.root)
    followed = cache.find(cache.digest())
    assert followed is not None
    lines, counts = followed.canonical.read_text(), followed.manifest["counts"]
    origins = {line: sorted(followed.origins(line.partition(" <https://w3id.org/")[0])) for line in lines.splitlines()}
    stored = sorted(str(quad) for quad in followed.store.inner)

    anew = build(folder, cache, again=True).build

    assert anew is not None
    assert anew.canonical.read_text() == lines
    assert anew.manifest["counts"] == counts
    assert {line: sorted(anew.origins(line.partition(" <https://w3id.org/")[0])) for line in origins} == origins
    assert sorted(str(quad) for quad in anew.store.inner) == stored


def test_what_had_been_inferred_and_is_now_said_is_in_one_graph_only(lighthouses) -> None:
    handed_in(lighthouses, HEAD + "light:high-rock a lh:Light .\n")
    folder = Folder(lighthouses)
    build_ = Cache(folder.root).find(Cache(folder.root).digest())

    assert build_ is not None
    lines = [line for line in build_.canonical.read_text().splitlines() if "high-rock" in line and "#Light>" in line]
    assert len(lines) == 1
    assert lines[0].endswith("graph/asserted> .")


def test_what_is_wrong_is_not_accepted(lighthouses) -> None:
    accepted = handed_in(lighthouses, HEAD + "light:new a lh:Light .")

    assert accepted.file is None
    assert [finding.code for finding in accepted.report] == ["sh:minCount"]
    assert not (lighthouses / "data/contributions").exists()


def test_a_dry_run_shows_the_file_and_writes_nothing(lighthouses) -> None:
    accepted = handed_in(lighthouses, NEW, dry_run=True)

    assert "+++ b/data/contributions/new.ttl\n" in accepted.diff
    assert "+    lh:height 20 ;\n" in accepted.diff
    assert not (lighthouses / "data/contributions").exists()


def test_nodes_without_a_name_get_one_and_equal_labels_never_merge(lighthouses) -> None:
    for height in (21, 22):
        handed_in(lighthouses, HEAD + f'_:x a lh:Light ; rdfs:label "Pier Head"@en ; lh:height {height} .')
    rows = (
        milieu.open(lighthouses)
        .sparql('SELECT ?light ?height WHERE { ?light rdfs:label "Pier Head"@en ; lh:height ?height } ORDER BY ?height')
        .rows
    )

    assert [(row["light"].rsplit("/", 1)[-1], row["height"]) for row in rows] == [
        ("pier-head", 21),
        ("pier-head-2", 22),
    ]


def test_the_same_contribution_again_says_nothing_new(lighthouses) -> None:
    text = HEAD + '[] a lh:Light ; rdfs:label "Pier Head"@en ; lh:height 21 .'
    handed_in(lighthouses, text)
    again = handed_in(lighthouses, text)

    assert [finding.code for finding in again.report] == ["already-known"]
    assert len(milieu.open(lighthouses).sparql('SELECT ?l WHERE { ?l rdfs:label "Pier Head"@en }').rows) == 1


def test_a_second_file_of_the_same_name_stands_beside_the_first(lighthouses) -> None:
    handed_in(lighthouses, NEW)
    other = handed_in(lighthouses, HEAD + 'coast:west a lh:Coast ; rdfs:label "West"@en .', name="/tmp/../New!.ttl")

    assert other.file == "data/contributions/new-2.ttl"


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "", "a/b\\c", "\u202e", "x" * 500])
def test_no_name_leaves_the_folder_of_contributions(lighthouses, name) -> None:
    accepted = handed_in(lighthouses, NEW, name=name or "-")

    assert accepted.file is not None
    assert (lighthouses / accepted.file).resolve().parent == (lighthouses / "data/contributions").resolve()


def test_who_hands_it_in_cannot_write_triples_into_the_head(lighthouses) -> None:
    folder = Folder(lighthouses)
    accept(folder, Cache(folder.root), Contribution("n.ttl", NEW.encode()), by="Ada\nlight:low-rock lh:height 1 .\r\n#")

    assert milieu.open(lighthouses).sparql("ASK { light:low-rock lh:height 1 }").boolean is False


def test_the_file_is_in_the_one_layout(lighthouses) -> None:
    from milieu.turtle.format import format_turtle

    handed_in(lighthouses, NEW)
    text = (lighthouses / "data/contributions/new.ttl").read_text()

    assert format_turtle(text, Folder(lighthouses).prefixes) == text


def test_a_folder_that_cannot_be_written_is_an_error_and_nothing_is_left(lighthouses, monkeypatch) -> None:
    build(Folder(lighthouses), Cache(lighthouses))

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("milieu.contribute.lock.os.fsync", full)
    with pytest.raises(FolderError, match=r"the file cannot be written \(No space left on device\)"):
        handed_in(lighthouses, NEW)
    assert files(lighthouses) == []


def test_what_the_graph_states_already_is_not_written_again(lighthouses, milieu, tmp_path) -> None:
    path = tmp_path / "again.ttl"
    path.write_text(NEW)
    handed_in(lighthouses, NEW)

    said = milieu("--graph", lighthouses, "accept", "--by", "Ada", path)

    assert (said.status, said.out) == (0, "nothing in it is new, so nothing was written\n")
    assert files(lighthouses) == ["new.ttl"]


def test_a_template_is_not_accepted_before_its_names_are_replaced(lighthouses) -> None:
    graph = milieu.open(lighthouses)
    text = template(graph.folder, graph.build, "lighthouse")

    report = handed_in(lighthouses, text).report

    assert {(finding.code, finding.severity.word) for finding in report} == {("placeholder", "violation")}
    assert files(lighthouses) == []


def test_the_instructions_of_a_template_are_not_kept(lighthouses) -> None:
    graph = milieu.open(lighthouses)
    text = template(graph.folder, graph.build, "lighthouse")
    own = text.replace("some-name", "pier").replace("Some name", "Pier").replace("# lh:", "# From the list.\n# lh:", 1)

    head = handed_in(lighthouses, own).text.partition("\n\n")[0].splitlines()

    assert head[2:] == ["# From the list."]


def test_what_is_no_folder_that_can_be_written_to_is_named_with_a_remedy(lighthouses, milieu, tmp_path) -> None:
    path = tmp_path / "pier.ttl"
    path.write_text(NEW)
    (lighthouses / "data" / "contributions").write_text("not a folder")

    said = milieu("--graph", lighthouses, "accept", "--by", "Ada", path)

    assert said.status == 2
    assert "data/contributions: nothing can be written to the folder (" in said.err
    assert "Have it made a folder that you may write to, or work on a copy; nothing was changed." in said.err


def test_a_contribution_is_taken_back(lighthouses) -> None:
    handed_in(lighthouses, NEW)
    folder = Folder(lighthouses)

    retracted = retract(folder, Cache(folder.root), "new")

    assert retracted.report.findings == ()
    assert "-    lh:height 20 ;\n" in retracted.diff
    assert files(lighthouses) == []
    assert len(milieu.open(lighthouses).query("lights-on").rows) == 2


def test_what_others_rest_on_stays(lighthouses) -> None:
    handed_in(lighthouses, HEAD + 'coast:west a lh:Coast ; rdfs:label "West"@en .', name="coast.ttl")
    handed_in(lighthouses, HEAD + 'light:w a lh:Light ; rdfs:label "W"@en ; lh:standsOn coast:west .', name="light.ttl")
    folder = Folder(lighthouses)

    retracted = retract(folder, Cache(folder.root), "coast.ttl")

    assert [finding.code for finding in retracted.report] == ["still-mentioned"]
    assert retracted.report.findings[0].message == (
        "data/contributions/light.ttl says light:w lh:standsOn coast:west, "
        "and nobody would describe coast:west any more."
    )
    assert files(lighthouses) == ["coast.ttl", "light.ttl"]


def test_what_the_shapes_would_miss_stays(lighthouses) -> None:
    handed_in(lighthouses, HEAD + 'light:x a lh:Light ; rdfs:label "X"@en .', name="one.ttl")
    handed_in(lighthouses, HEAD + "light:x a lh:Light ; lh:height 9 .", name="two.ttl")
    folder = Folder(lighthouses)

    [finding] = retract(folder, Cache(folder.root), "one").report

    assert finding.code == "sh:minCount"
    assert finding.message.startswith("data/contributions/two.ttl speaks of light:x, which would lack something: ")
    assert finding.remedy == "Take that back first: milieu retract two."


def test_who_speaks_of_a_thing_that_goes_is_named_once(lighthouses) -> None:
    handed_in(lighthouses, HEAD + 'light:x a lh:Light ; rdfs:label "X"@en .', name="one.ttl")
    handed_in(lighthouses, HEAD + 'light:x rdfs:label "X"@ja ; lh:height 9 .', name="two.ttl")
    folder = Folder(lighthouses)

    report = retract(folder, Cache(folder.root), "one").report

    assert [(finding.code, finding.remedy) for finding in report] == [
        ("still-mentioned", "Take that back first: milieu retract two.")
    ]
    assert "and nobody would describe light:x any more." in report.findings[0].message


def test_evidence_of_others_for_a_statement_that_goes_is_named(lighthouses) -> None:
    owl = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    axiom = "a owl:Axiom ; owl:annotatedSource light:x ; owl:annotatedProperty lh:height ; owl:annotatedTarget 9 ."
    handed_in(lighthouses, HEAD + 'light:x a lh:Light ; rdfs:label "X"@en .', name="one.ttl")
    handed_in(lighthouses, HEAD + "light:x lh:height 9 .", name="two.ttl")
    (lighthouses / "data" / "proofs.ttl").write_text(f"{owl}{HEAD}light:proof {axiom}", encoding="utf-8")
    folder = Folder(lighthouses)

    [finding] = retract(folder, Cache(folder.root), "two").report

    assert finding.message.startswith("data/proofs.ttl gives evidence for light:x lh:height ")
    assert finding.message.endswith(", and nobody would state it any more.")
    assert finding.remedy == "Change that file first."


def test_a_contribution_that_is_not_there_is_an_error_with_the_nearest(lighthouses) -> None:
    handed_in(lighthouses, NEW, name="harbour")
    folder = Folder(lighthouses)

    with pytest.raises(FolderError, match="Did you mean 'harbour'"):
        retract(folder, Cache(folder.root), "harbor")


def test_the_commands_accept_and_retract(lighthouses, milieu, tmp_path) -> None:
    path = tmp_path / "pier.ttl"
    path.write_text(NEW)

    assert milieu("--graph", lighthouses, "accept", "--dry-run", "--by", "Ada", path).out.startswith(
        "--- a/data/contrib"
    )
    said = milieu("--graph", lighthouses, "accept", "--by", "Ada", path)
    assert (said.status, said.out) == (0, "accepted as data/contributions/pier.ttl\n")
    said = milieu("--graph", lighthouses, "retract", "pier")
    assert (said.status, said.out) == (0, "took back data/contributions/pier.ttl\n")
    path.write_text("light:new")
    assert milieu("--graph", lighthouses, "accept", path).status == 1


ONE = """
import sys
from milieu.build.cache import Cache
from milieu.contribute.acceptance import accept
from milieu.folder import Folder
from milieu.validate.contribution import Contribution
folder = Folder.find(sys.argv[1])
for number in range(int(sys.argv[3])):
    name = f"{sys.argv[2]}-{number}"
    text = open(sys.argv[4]).read().replace("NAME", name)
    print(accept(folder, Cache(folder.root), Contribution("same.ttl", text.encode()), by="x").file, flush=True)
"""
LIGHT = HEAD + 'light:NAME a lh:Light ; rdfs:label "NAME"@en ; lh:height 5 .\n'


def process(folder: Path, text: Path, who: str, times: int) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", ONE, str(folder), who, str(times), str(text)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_two_that_accept_at_once_lose_nothing(lighthouses, tmp_path) -> None:
    text = tmp_path / "light.ttl"
    text.write_text(LIGHT)
    writers = [process(lighthouses, text, who, 5) for who in ("ada", "bob")]
    said = [writer.communicate(timeout=120) for writer in writers]

    assert [writer.returncode for writer in writers] == [0, 0], said
    assert len(files(lighthouses)) == 10
    assert len(milieu.open(lighthouses).sparql("SELECT ?l WHERE { ?l lh:height 5 }").rows) == 10


def test_killed_at_any_moment_the_folder_holds_all_of_it_or_nothing(lighthouses, tmp_path) -> None:
    text = tmp_path / "light.ttl"
    text.write_text(LIGHT)
    build(Folder(lighthouses), Cache(lighthouses))
    for number in range(8):
        writer = process(lighthouses, text, f"killed-{number}", 50)
        time.sleep(0.25 + 0.07 * number)
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged = writer.communicate()[0].decode().split()

        there = [path.name for path in (lighthouses / "data/contributions").glob("*.ttl")]
        assert {name.rsplit("/", 1)[-1] for name in acknowledged} <= set(there)
    found = milieu.open(lighthouses).sparql("SELECT (COUNT(*) AS ?n) WHERE { ?l lh:height 5 }").rows

    assert found[0]["n"] == len(there)
    assert all(len(path.read_text().splitlines()) > 8 for path in (lighthouses / "data/contributions").glob("*.ttl"))


def test_a_number_spelled_otherwise_is_kept_as_the_store_keeps_it_and_can_be_taken_back(lighthouses) -> None:
    accepted = handed_in(lighthouses, NEW.replace("lh:height 20", "lh:height 0020"))
    assert "    lh:height 20 ;\n" in accepted.text

    taken = milieu.open(lighthouses).retract("new")

    assert taken.report.findings == ()
    assert files(lighthouses) == []


def test_a_file_with_numbers_spelled_otherwise_can_be_taken_back(lighthouses) -> None:
    path = lighthouses / "data" / "contributions" / "old.ttl"
    path.parent.mkdir(exist_ok=True)
    path.write_text(NEW.replace("lh:height 20", "lh:height 0020"))

    assert milieu.open(lighthouses).retract("old").report.findings == ()
    assert not path.exists()


def test_what_a_killed_writer_left_is_swept_by_the_next(lighthouses) -> None:
    there = lighthouses / "data" / "contributions"
    there.mkdir(exist_ok=True)
    (there / ".new.ttl.4711.new").write_text("half")
    (there / ".keep").write_text("")

    handed_in(lighthouses, NEW)

    assert files(lighthouses) == [".keep", "new.ttl"]
