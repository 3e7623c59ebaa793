from __future__ import annotations

import hashlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from running import Run, save_untrained

import cli
from cli import collecting, collection, corpus, models, processes
from cli.collecting import add
from cli.collection import Tally
from model.checkpoint import load
from screenplay import formats
from screenplay.errors import LebowskiGenError
from screenplay.readers import fountain

LANES = "".join(
    f"INT. LANES {i} - NIGHT\n\nRain falls.\n\nGUS\nNo, not lane {i}.\n\nARLENE\nYes.\n\n" for i in range(12)
)
PIER = LANES.replace("LANES", "PIER").replace("GUS", "NINA")
TITLED = "Title: CHINATOWN\n\n" + PIER
PAGES = "".join(
    f"DIE HARD - Rev. 1/1/87                              {page}.\n\nINT. TOWER {page} - NIGHT\n\nA door falls.\n\n"
    "                    JACK\n          Not that door.\n\n"
    for page in range(1, 9)
)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting processes takes longer than reading these files; `test_corpus_many` does."""
    monkeypatch.setattr(processes, "cores", lambda: 1)


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    folder = tmp_path / "scripts"
    (folder / "drafts").mkdir(parents=True)
    (folder / "lanes.fountain").write_text(LANES, encoding="utf-8")
    (folder / "drafts" / "pier.fountain").write_text(PIER, encoding="utf-8")
    return folder


def stored(home: Path) -> list[str]:
    return sorted(str(p.relative_to(home / "collections")) for p in (home / "collections").rglob("*") if p.is_file())


def test_files_are_read_counted_and_kept(run: Run, scripts: Path, home: Path) -> None:
    done = run("corpus", "My Noir", scripts / "lanes.fountain", scripts / "drafts" / "pier.fountain")
    assert done.code == 0
    assert done.out.splitlines()[0] == "My Noir: 2 screenplays, 24 scenes, 48 cues, 4 voices"
    sha256 = hashlib.sha256(LANES.encode()).hexdigest()
    row = next(line for line in done.out.splitlines() if str(scripts / "lanes.fountain") in line)
    assert row.split() == ["lanes", "12", "24", "2", "71", "%", sha256[:12], str(scripts / "lanes.fountain")]
    assert "       48 words   80 %  GUS" in done.out
    assert done.err.splitlines() == [
        "2 screenplays read",
        "learn from it: lebowski-gen train --collection 'My Noir'",
    ]
    kept = collection.find_collection("my noir")
    assert kept.entries[0].sha256 == sha256
    assert stored(home) == sorted(["my-noir/collection.json", *(f"my-noir/{e.sha256}.json" for e in kept.entries)])
    assert list(kept.screenplays()) == [
        ("lanes.fountain", fountain.read(LANES)),
        ("pier.fountain", fountain.read(PIER)),
    ]


def test_folders_are_read_to_their_depths(run: Run, scripts: Path, home: Path) -> None:
    (scripts / ".hidden.fountain").write_text(LANES, encoding="utf-8")
    (scripts / "README.md").write_text("GUS\nNo.\n", encoding="utf-8")
    (scripts / "cover.jpg").write_bytes(b"\xff\xd8\xff")
    done = run("corpus", "noir", scripts, scripts / "lanes.fountain")
    assert done.code == 0
    entries = collection.find_collection("noir").entries
    assert [Path(entry.path).name for entry in entries] == ["lanes.fountain", "pier.fountain"]
    assert f"  {scripts}: files without a screenplay's suffix: .md 1, .jpg 1" in done.out.splitlines()


def test_every_format_that_convert_reads_is_read(run: Run, tmp_path: Path) -> None:
    film = fountain.read(TITLED)
    for row in formats.TABLE:
        if row.scan and row.render:
            content = formats.render(film, row)
            path = tmp_path / "all" / f"{row.name}{row.suffixes[0]}"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    assert run("corpus", "all", tmp_path / "all").code == 0
    entries = collection.find_collection("all").entries
    assert {entry.format for entry in entries} == set(formats.readable())
    assert {(entry.tally.scenes, entry.tally.cues) for entry in entries} == {(12, 24)}


def test_what_can_not_be_read_is_skipped_with_its_reason(run: Run, scripts: Path, home: Path) -> None:
    (scripts / "broken.fdx").write_bytes(bytes(range(256)) * 9)
    (scripts / "shopping.txt").write_text("milk\n", encoding="utf-8")
    (scripts / "twin.fountain").write_text(LANES, encoding="utf-8")
    done = run("corpus", "noir", scripts, scripts / "nowhere.txt", "-", "a\0b")
    assert done.code == 0
    skipped = done.out.splitlines()[done.out.splitlines().index("skipped") + 1 :]
    assert [line.split(": ")[0].strip() for line in skipped] == [
        str(scripts / "broken.fdx"),
        str(scripts / "shopping.txt"),
        str(scripts / "twin.fountain"),
        str(scripts / "nowhere.txt"),
        "<stdin>",
        "a\\x00b",
    ]
    text = "\n".join(skipped)
    assert "broken.fdx: this is binary data" in text
    assert "shopping.txt: no scene heading and no cue was found in it" in text
    assert f"twin.fountain: the same as {scripts / 'lanes.fountain'}" in text
    assert "nowhere.txt: there is no such file" in text
    assert "2 screenplays read, 6 skipped" in done.err
    # What is wrong no more is said no more.
    (scripts / "shopping.txt").unlink()
    assert "shopping" not in run("corpus", "noir", scripts).out


def test_nothing_readable_fails_and_leaves_nothing(run: Run, tmp_path: Path, home: Path) -> None:
    (tmp_path / "shopping.txt").write_text("milk\n", encoding="utf-8")
    done = run("corpus", "noir", tmp_path / "shopping.txt", tmp_path / "nowhere.txt")
    assert (done.code, done.out) == (3, "")
    assert [line.split(":")[0] for line in done.err.splitlines()] == ["warning", "warning", "error"]
    assert "nothing could be read" in done.err
    assert not (home / "collections").exists()


def test_only_what_changed_is_read_again(scripts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    scan = formats.Source.scan

    def watched(source: formats.Source) -> object:
        read.append(Path(source.name).name)
        return scan(source)

    monkeypatch.setattr(formats.Source, "scan", watched)
    assert len(add("noir", [str(scripts)]).read) == 2
    assert len(add("noir", [str(scripts)]).unchanged) == 2
    assert sorted(read) == ["lanes.fountain", "pier.fountain"]
    # Touched is not changed.
    os.utime(scripts / "lanes.fountain", ns=(1, 1))
    assert len(add("noir", [str(scripts)]).unchanged) == 2
    (scripts / "lanes.fountain").write_text(LANES.replace("Rain", "Snow"), encoding="utf-8")
    outcome = add("noir", [str(scripts)])
    assert (len(outcome.read), len(outcome.unchanged)) == (1, 1)
    assert read[2:] == ["lanes.fountain"]
    assert len(outcome.collection.entries) == 2
    # Nor is what was moved.
    (scripts / "lanes.fountain").rename(scripts / "alleys.fountain")
    outcome = add("noir", [str(scripts)])
    assert read[3:] == []
    assert sorted(Path(entry.path).name for entry in outcome.collection.entries) == ["alleys.fountain", "pier.fountain"]
    # A newer version of this program may read it otherwise.
    monkeypatch.setattr(collecting, "_version", lambda: "newer")
    assert len(add("noir", [str(scripts)]).read) == 2


def test_what_has_become_unreadable_is_kept_as_it_was(run: Run, scripts: Path) -> None:
    assert run("corpus", "noir", scripts).code == 0
    (scripts / "lanes.fountain").write_bytes(bytes(range(256)) * 9)
    assert "changed since they were read: lebowski-gen corpus noir" in run("corpus", "noir").err
    done = run("corpus", "noir", scripts)
    assert done.code == 0
    assert "lanes.fountain: this is binary data" in done.out
    assert len(list(collection.find_collection("noir").screenplays())) == 2


def test_files_come_to_what_is_there(run: Run, scripts: Path) -> None:
    assert run("corpus", "noir", scripts / "lanes.fountain").code == 0
    assert run("corpus", "NOIR", scripts / "drafts").code == 0
    kept = collection.find_collection("noir")
    assert (kept.name, [Path(e.path).stem for e in kept.entries]) == ("noir", ["lanes", "pier"])


def test_ctrl_c_keeps_what_was_read(scripts: Path) -> None:
    def stop(path: str) -> None:
        if path.endswith("pier.fountain"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add("noir", [str(scripts)], on_file=stop)
    assert [Path(e.path).stem for e in collection.find_collection("noir").entries] == ["lanes"]


def test_a_crash_while_saving_leaves_the_collection_as_it_was(scripts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add("noir", [str(scripts / "lanes.fountain")])
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(LebowskiGenError, match="No space left"):
            add("noir", [str(scripts)])
    kept = collection.find_collection("noir")
    assert [name for name, _ in kept.screenplays()] == ["lanes.fountain"]


def test_files_can_be_taken_out_again(run: Run, scripts: Path, home: Path) -> None:
    run("corpus", "noir", scripts)
    done = run("corpus", "noir", "--remove", "lanes.fountain")
    assert (done.code, done.out) == (0, "")
    assert "1 screenplay left in noir; the files themselves are where they were" in done.err
    assert [Path(e.path).stem for e in collection.find_collection("noir").entries] == ["pier"]
    assert len(stored(home)) == 2
    done = run("corpus", "noir", "--remove", "lanes.fountain")
    assert done.code == 1
    assert "lanes.fountain is not in noir; expected one of what is: pier.fountain" in done.err
    assert run("corpus", "noir", "--remove", scripts / "drafts" / "pier.fountain").code == 0
    assert stored(home) == []
    assert (scripts / "lanes.fountain").read_text("utf-8") == LANES


def test_a_collection_can_be_taken_away(run: Run, scripts: Path, home: Path) -> None:
    run("corpus", "noir", scripts)
    assert run("corpus", "noir", "--remove").code == 0
    assert stored(home) == []
    assert run("corpus", "noir", "--remove").code == 1


def test_a_damaged_collection_says_so_and_can_be_taken_away(run: Run, scripts: Path, home: Path) -> None:
    run("corpus", "noir", scripts)
    index = home / "collections" / "noir" / "collection.json"
    index.write_text('{"name": 5}', encoding="utf-8")
    done = run("corpus", "noir")
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert "this is damaged (name: " in done.err
    assert "lebowski-gen corpus noir --remove" in done.err
    assert "warning: " in run("corpus").err
    assert run("corpus", "noir", "--remove").code == 0


def test_damage_to_what_was_read_is_said_and_mended_by_reading(run: Run, scripts: Path, home: Path) -> None:
    run("corpus", "noir", scripts)
    entry = collection.find_collection("noir").entries[0]
    kept = home / "collections" / "noir" / f"{entry.sha256}.json"
    kept.write_text("{", encoding="utf-8")
    with pytest.raises(LebowskiGenError, match="what was read of this is damaged"):
        list(collection.find_collection("noir").screenplays())
    kept.unlink()
    assert run("corpus", "noir", scripts).code == 0
    assert len(list(collection.find_collection("noir").screenplays())) == 2


def test_films_are_recognised_and_missing_ones_named(run: Run, scripts: Path) -> None:
    (scripts / "mulwray.fountain").write_text(TITLED, encoding="utf-8")
    (scripts / "nakatomi.txt").write_text(PAGES, encoding="utf-8")
    (scripts / "opening.fountain").write_text("> POINT BREAK <\n\n" + LANES, encoding="utf-8")
    (scripts / "BladeRunner-1981.fountain").write_text(LANES.replace("Rain", "Ash"), encoding="utf-8")
    (scripts / "heading.txt").write_text("FALLING DOWN\n\n\n" + PAGES.replace("DIE HARD", "OF"), encoding="utf-8")
    done = run("corpus", "los-angeles", scripts)
    assert done.code == 0
    lines = [line.strip() for line in done.out.splitlines()]
    assert "Chinatown (1974): mulwray.fountain, known by its title page" in lines
    assert "Die Hard (1988): nakatomi.txt, known by its running title" in lines
    assert "Point Break (1991): opening.fountain, known by its first page" in lines
    assert "Blade Runner (1982): BladeRunner-1981.fountain, known by its file name" in lines
    assert [line for line in lines if line.endswith(": missing")] == [
        "To Live and Die in L.A. (1985): missing",
        "L.A. Confidential (1997): missing",
        "The Big Lebowski (1998): missing",
    ]
    assert "Falling Down (1993): heading.txt, known by its first page" in lines
    assert lines[0].startswith("Los Angeles: 7 screenplays")


def test_a_manifest_without_files_names_all_that_is_missing(run: Run) -> None:
    done = run("corpus", "Los Angeles")
    assert done.code == 0
    assert done.out.count(": missing") == 8
    assert "lebowski-gen corpus 'Los Angeles' FILE..." in done.err


def test_manifests_are_part_of_the_package() -> None:
    settings = (Path(cli.__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert 'cli = ["py.typed", "manifests/*.json"]' in settings
    for path in (Path(cli.__file__).parent / "manifests").glob("*.json"):
        assert set(json.loads(path.read_text(encoding="utf-8"))) == {"name", "about", "films"}


def test_the_list_has_ours_yours_and_what_could_be(run: Run, scripts: Path) -> None:
    run("corpus", "noir", scripts)
    done = run("corpus")
    assert done.code == 0
    rows = done.out.splitlines()
    ours = len(list((Path(__file__).parent.parent.parent / "corpora").glob("*.fountain")))
    assert sum(line.endswith(".fountain") for line in rows) == ours >= 9
    assert next(line for line in rows if "lane-nineteen" in line).split()[:4] == ["LANE", "NINETEEN", "54", "908"]
    assert "  noir: 2 screenplays, 24 scenes, 48 cues, 4 voices" in rows
    assert any(line.startswith("  Los Angeles: nothing yet; Chinatown, Blade Runner") for line in rows)


def test_a_wheel_has_none_of_ours(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "_BUNDLED", tmp_path / "nothing")
    assert run("corpus").out.startswith("yours\n")


@pytest.mark.parametrize(
    ("arguments", "code", "found"),
    [
        (["nope"], 1, 'there is no collection "nope". Make it: lebowski-gen corpus nope FILE...'),
        (["nope", "--remove"], 1, 'there is no collection "nope"'),
        (["nope", "x.txt", "--remove"], 1, 'there is no collection "nope"'),
        (["--remove"], 2, "which collection?"),
        (["a/b", "x.txt"], 2, "'a/b' is no name"),
        (["...", "x.txt"], 2, "'...' is no name"),
        (["{script}"], 2, "name a collection first: lebowski-gen corpus NAME "),
        (["lanes.fountain", "x.txt"], 2, "lanes.fountain is a file; name a collection first"),
        (["drafts"], 2, "drafts is a folder; name a collection first"),
    ],
)
def test_what_can_not_be_done_is_one_line(
    run: Run, scripts: Path, home: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, found: str
) -> None:
    monkeypatch.chdir(scripts)
    done = run("corpus", *(a.format(script=scripts / "lanes.fountain") for a in arguments))
    assert (done.code, done.out) == (code, "")
    assert found in done.err
    assert done.err.count("\n") == 1
    assert not (home / "collections").exists()


def test_who_speaks_how_much() -> None:
    text = "INT. A\n\nGUS\nOne two three.\n(softly)\nFour.\n\nHe waits.\n\nARLENE\n~Five six\n\nGUS (V.O.)\nSeven.\n"
    tally = Tally.of(fountain.read(text))
    assert list(tally.speakers.items()) == [("GUS", 5), ("ARLENE", 2)]
    assert (tally.scenes, tally.cues, tally.words_said, tally.words_told) == (1, 3, 7, 2)
    assert Tally.of(fountain.read("A bell.")).words_said == 0


def test_of_many_screenplays_the_loudest_are_shown(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(13):
        text = LANES.replace("GUS", f"GUS {'I' * (number + 1)}") * (number + 1)
        (folder / f"film-{number}.fountain").write_text(text, encoding="utf-8")
    out = run("corpus", "many", folder).out
    lines = out[out.index("who speaks most") :].splitlines()
    assert lines[1].endswith("GUS IIIIIIIIIIIII (film-12)")
    assert "who speaks in" not in out


@pytest.mark.parametrize("width", [40, 80, 130])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_terminal_gets_a_plot_that_fits(scripts: Path, home: Path, width: int, encoding: str) -> None:
    name = "A very long title indeed for so narrow a terminal"
    (scripts / "lanes.fountain").write_text(f"Title: {name}\n\n{LANES}", encoding="utf-8")
    script = (
        "import sys; from cli import console; from cli.app import main; console.shows_pages = lambda: True;"
        "raise SystemExit(main(sys.argv[1:]))"
    )
    environment = os.environ | {"COLUMNS": str(width), "PYTHONIOENCODING": encoding}
    done = subprocess.run(
        [sys.executable, "-c", script, "corpus", "noir", str(scripts)],
        capture_output=True, check=True, env=environment, encoding="utf-8",
    )  # fmt: skip
    plot = done.stdout[done.stdout.index("scenes") :]
    bars = [line for line in plot.splitlines() if line.startswith(("GUS", "ARLENE", "NINA"))]
    assert len(bars) == 4
    block = "█" if encoding == "utf-8" else "#"
    assert all(block in line for line in bars)
    counts = [line.count(block) for line in bars]
    assert counts[0] > 2 * counts[1] > 0
    table = [line for line in plot.splitlines() if line.startswith(("A very", "pier", *"GAN"))]
    assert len(table) == 6
    assert all(len(line) <= width for line in table)
    assert "\ufffd" not in done.stdout


def test_a_collection_is_learned_from_by_name(
    run: Run, scripts: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = save_untrained(tmp_path / "tiny")
    monkeypatch.setattr(models, "bundled", lambda: bundled)
    run("corpus", "My Noir", scripts)
    # What was read is what is learned, wherever the files are now.
    other = tmp_path / "other.fountain"
    (scripts / "lanes.fountain").rename(other)
    done = run("train", "--collection", "my noir", "--minutes", "0.02")
    assert done.code == 0
    assert done.err.startswith("my-noir learns from 2 screenplays")
    assert [s.name for s in load(home / "models" / "my-noir").config.scripts] == ["lanes.fountain", "pier.fountain"]
    refused = run("train", "--collection", "my noir", "--minutes", "0.02")
    assert "lebowski-gen train --collection 'my noir' --name my-noir --force" in refused.err
    command = shlex.split(refused.err.strip().split("replace it: lebowski-gen ")[1])
    (tmp_path / "third.fountain").write_text(LANES.replace("Rain", "Hail"), encoding="utf-8")
    assert run(*command, tmp_path / "third.fountain", "--minutes", "0.02").code == 0
    assert len(load(home / "models" / "my-noir").config.scripts) == 3
