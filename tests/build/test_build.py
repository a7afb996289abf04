import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from milieu.build.cache import Cache
from milieu.build.steps import bring_up_to_date, build
from milieu.errors import BuildError
from milieu.folder import Folder
from milieu.namespaces import ASSERTED, INFERRED


def built(root: Path, cache: Path):
    folder = Folder.find(root)
    return build(folder, Cache(folder.root, cache))


def test_a_build_holds_the_sorted_quads_of_both_graphs_and_they_are_disjoint(lighthouses: Path, tmp_path: Path) -> None:
    made = built(lighthouses, tmp_path / "cache").build
    lines = made.canonical.read_text().splitlines()
    asserted = {line.removesuffix(f" <{ASSERTED}> .") for line in lines if line.endswith(f"<{ASSERTED}> .")}
    inferred = {line.removesuffix(f" <{INFERRED}> .") for line in lines if line.endswith(f"<{INFERRED}> .")}

    assert lines == sorted(lines)
    assert len(asserted) + len(inferred) == len(lines) == len(made.store.inner)
    assert not asserted & inferred
    assert (
        "<https://example.org/id/keeper/ada> <https://example.org/lighthouses#keeps> "
        "<https://example.org/id/light/high-rock>" in inferred
    )


def test_the_same_folder_is_built_once_and_a_changed_byte_builds_anew(lighthouses: Path, tmp_path: Path) -> None:
    first = built(lighthouses, tmp_path / "cache")
    second = built(lighthouses, tmp_path / "cache")
    lights = lighthouses / "data" / "lights.ttl"
    lights.write_text(lights.read_text().replace("36", "37"))
    third = built(lighthouses, tmp_path / "cache")

    assert (first.fresh, second.fresh, third.fresh) == (True, False, True)
    assert first.build.digest == second.build.digest != third.build.digest


def test_the_same_files_in_another_place_give_the_same_bytes(lighthouses: Path, tmp_path: Path) -> None:
    import shutil

    elsewhere = Path(shutil.copytree(lighthouses, tmp_path / "elsewhere"))
    one, other = built(lighthouses, tmp_path / "c1").build, built(elsewhere, tmp_path / "c2").build

    assert one.digest == other.digest
    assert one.canonical.read_bytes() == other.canonical.read_bytes()


def test_a_statement_can_be_traced_to_its_file(lighthouses: Path, tmp_path: Path) -> None:
    made = built(lighthouses, tmp_path / "cache").build

    assert made.origins(
        "<https://example.org/id/light/high-rock> <https://example.org/lighthouses#standsOn> "
        "<https://example.org/id/coast/north>"
    ) == ["data/lights.ttl"]
    assert made.origins("<https://example.org/a> <https://example.org/b> <https://example.org/c>") == []


def test_a_broken_file_leaves_the_last_good_build_in_place(lighthouses: Path, tmp_path: Path) -> None:
    good = built(lighthouses, tmp_path / "cache").build
    (lighthouses / "data" / "broken.ttl").write_text("light:x lh:height\n")
    folder = Folder.find(lighthouses)
    cache = Cache(folder.root, tmp_path / "cache")

    with pytest.raises(
        BuildError, match=r"data/broken\.ttl:\d+:\d+: the folder does not build: .*--no-build answers from it"
    ):
        bring_up_to_date(folder, cache)
    assert cache.last().digest == good.digest
    assert len(good.store.inner) > 0


def test_a_violation_of_a_shape_is_not_built_and_has_its_place(lighthouses: Path, tmp_path: Path) -> None:
    lights = lighthouses / "data" / "lights.ttl"
    lights.write_text(lights.read_text().replace("lh:height 12", 'lh:height "tall"'))
    outcome = built(lighthouses, tmp_path / "cache")
    finding = outcome.report.findings[0]

    assert outcome.build is None
    assert (finding.code, finding.message) == ("sh:datatype", "The height of a light is a whole number of metres.")
    assert finding.remedy == "For example: lh:height 36"
    assert str(finding.place).startswith("data/lights.ttl:")
    line = lights.read_text().splitlines()[finding.place.line - 1]
    assert line[finding.place.column - 1 : finding.place.end_column - 1] == '"tall"'


def test_an_unwritable_cache_is_a_clear_error(lighthouses: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(BuildError, match=r"the cache cannot be written .* --cache DIR"):
        built(lighthouses, tmp_path / "file" / "cache")


def test_a_full_disk_is_a_clear_error_and_leaves_nothing(
    lighthouses: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("milieu.build.steps.write_origins", full)

    with pytest.raises(
        BuildError, match=r"cannot be written \(No space left on device\).*last good build is untouched"
    ):
        built(lighthouses, tmp_path / "cache")
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_dir() and path.name.startswith("tmp-")]


def test_a_build_that_was_killed_leaves_the_old_one_and_its_rest_is_swept_away(
    lighthouses: Path, tmp_path: Path
) -> None:
    good = built(lighthouses, tmp_path / "cache").build
    (lighthouses / "data" / "more.ttl").write_text("<https://e.org/a> <https://e.org/b> <https://e.org/c> .\n")
    program = (
        "import os, sys, time\n"
        "from milieu.build import steps\n"
        "def slow(*args, **more):\n    print('storing', flush=True); time.sleep(60)\n"
        "steps.write_origins = slow\n"
        "from milieu.cli import main\n"
        f"main(['--graph', {str(lighthouses)!r}, '--cache', {str(tmp_path / 'cache')!r}, 'build'])\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"storing\n"
        process.send_signal(signal.SIGKILL)
    cache = Cache(lighthouses.resolve(), tmp_path / "cache")
    left = list(cache.path.glob("tmp-*"))

    assert len(left) == 1
    assert cache.last().digest == good.digest

    built(lighthouses, tmp_path / "cache")

    assert list(cache.path.glob("tmp-*")) == []


def test_an_interrupted_build_says_so_and_ends_with_2(lighthouses: Path, tmp_path: Path) -> None:
    program = (
        "import sys, time\n"
        "from milieu.build import steps\n"
        "def slow(*args, **more):\n    print('storing', flush=True); time.sleep(60)\n"
        "steps.write_origins = slow\n"
        "from milieu.cli import main\n"
        f"sys.exit(main(['--graph', {str(lighthouses)!r}, '--cache', {str(tmp_path / 'cache')!r}, 'build']))\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"storing\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)

    assert process.returncode == 2
    assert err.decode() == "milieu: interrupted; nothing was left half-written\n"
    assert not list((tmp_path / "cache").glob("*/tmp-*"))


def _count(root: str, cache: str, answers: "multiprocessing.Queue[int]") -> None:
    import milieu

    graph = milieu.open(root, cache=cache)
    for _ in range(20):
        answers.put(len(graph.query("lights-on").rows))


def test_several_readers_and_a_builder_work_at_once(lighthouses: Path, tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    built(lighthouses, tmp_path / "cache")
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    readers = [spawn.Process(target=_count, args=(str(lighthouses), cache, answers)) for _ in range(3)]
    for reader in readers:
        reader.start()
    folder = Folder.find(lighthouses)
    build(folder, Cache(folder.root, cache), again=True)
    counts = [answers.get(timeout=60) for _ in range(60)]
    for reader in readers:
        reader.join(timeout=60)

    assert counts == [2] * 60
    assert [reader.exitcode for reader in readers] == [0, 0, 0]


def test_old_builds_are_cleared_but_a_few(lighthouses: Path, tmp_path: Path) -> None:
    for number in range(6):
        (lighthouses / "data" / "more.ttl").write_text(f"<https://e.org/a> <https://e.org/b> {number} .\n")
        os.utime(lighthouses / "data" / "more.ttl", ns=(time.time_ns(), time.time_ns() + number))
        built(lighthouses, tmp_path / "cache")

    assert len(Cache(lighthouses.resolve(), tmp_path / "cache").builds()) == 3
