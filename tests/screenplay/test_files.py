from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from screenplay import files
from screenplay.errors import ReadError, ReadWarning, WriteError


def read_text(path: Path | str) -> str:
    return files.decode(files.read_bytes(path), source=str(path))


TEXT = "INT. CAFÉ - NIGHT\n\nÉLODIE\nWho’s there?\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_that_say_what_they_are_need_no_guess(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "film.fountain"
    path.write_bytes(TEXT.encode(encoding))
    assert read_text(path) == TEXT


def test_big_endian_utf_16_with_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "film.fountain"
    path.write_bytes(b"\xfe\xff" + TEXT.encode("utf-16-be"))
    assert read_text(path) == TEXT


def test_cp1252_is_guessed_and_the_first_line_that_shows_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "film.txt"
    path.write_bytes(("Night.\n" + TEXT).encode("cp1252"))
    with pytest.warns(ReadWarning, match=r"film\.txt:2: not UTF-8; read as CP1252"):
        assert read_text(path) == "Night.\n" + TEXT


FRENCH = "ÉLODIE s’assoit, « très fatiguée ». Où est l’œuf\u00a0? Ça va… — “Oui”."


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", "CP1252"), ("mac_roman", "Mac Roman")])
def test_mac_roman_is_told_from_cp1252(tmp_path: Path, encoding: str, name: str) -> None:
    path = tmp_path / "film.txt"
    path.write_bytes(FRENCH.encode(encoding))
    with pytest.warns(ReadWarning, match=rf"read as {name}"):
        assert read_text(path) == FRENCH


@pytest.mark.parametrize("text", ["Don’t.", "a café", "“Hello,” he said. “It’s … you?”", "naïve façade", "№"])
@pytest.mark.parametrize("encoding", ["cp1252"])
def test_a_few_letters_are_taken_for_cp1252(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "film.txt"
    path.write_bytes(text.encode(encoding, "ignore") + b" \xe9t\xe9")
    with pytest.warns(ReadWarning, match="CP1252"):
        read_text(path)


def test_bytes_that_mean_nothing_in_cp1252_lose_no_word(tmp_path: Path) -> None:
    path = tmp_path / "film.txt"
    path.write_bytes(b"A caf\xe9 \x81 by the harbour.\n")
    with pytest.warns(ReadWarning):
        assert read_text(path) == "A café \x81 by the harbour.\n"


def test_broken_utf_16_is_read_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "film.txt"
    path.write_bytes(TEXT.encode("utf-16") + b"x")
    with pytest.warns(ReadWarning, match="breaks utf-16"):
        assert read_text(path).startswith(TEXT)


def test_line_breaks_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "film.txt"
    path.write_bytes(b"one\r\ntwo\rthree\n")
    assert read_text(path) == "one\r\ntwo\rthree\n"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf \n\n", "the file is empty"),
        (bytes(range(256)) * 40, "this is binary data"),
        (b"\x7fELF" + b"\x00" * 200, "this is binary data"),
        (b"%PDF-1.7 ...", "this is a PDF file"),
        (b"PK\x03\x04....", "this is a ZIP archive"),
        (b"{\\rtf1 INT. ROOM}", "this is a rich text"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, found: str) -> None:
    path = tmp_path / "film.fountain"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=found) as caught:
        read_text(path)
    assert str(caught.value).startswith(str(path))


def test_a_stray_nul_does_not_make_a_text_binary(tmp_path: Path) -> None:
    path = tmp_path / "film.txt"
    path.write_bytes(b"She waits.\x00 " * 20 + b"He does not come, and the rain goes on and on." * 20)
    assert "\x00" in read_text(path)


def test_a_missing_file_with_another_suffix_is_suggested(tmp_path: Path) -> None:
    (tmp_path / "film.fountain").write_text(TEXT, encoding="utf-8")
    with pytest.raises(ReadError, match=r"no such file\. Did you mean .*film\.fountain\?"):
        read_text(tmp_path / "film.txt")


@pytest.mark.parametrize("name", ["nowhere/film.txt", "a\0b", "x" * 300])
def test_names_that_can_not_be_opened(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReadError):
        read_text(tmp_path / name)
    with pytest.raises(WriteError):
        files.write(tmp_path / name, TEXT)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="this is a folder"):
        read_text(tmp_path)
    with pytest.raises(WriteError, match="this is a folder"):
        files.write(tmp_path, TEXT)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert read_text("-") == TEXT


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 0),
        ("a", 1),
        ("a\n", 1),
        ("a\n\n", 2),
        ("a\r\nb\rc\n", 3),
        ("a\x0cb\u2028c\x85d\x0be\n", 1),
        ("\n", 1),
    ],
)
def test_lines_are_those_an_editor_numbers(text: str, lines: int) -> None:
    assert len(files.lines_of(text)) == lines


def test_writing_uses_utf_8_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "film.fountain"
    files.write(path, TEXT)
    assert path.read_bytes() == TEXT.encode()
    assert [p.name for p in tmp_path.iterdir()] == ["film.fountain"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_a_new_file_follows_the_umask_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    new, old = tmp_path / "new.txt", tmp_path / "old.txt"
    old.write_text("x", encoding="utf-8")
    old.chmod(0o640)
    mask = os.umask(0o027)
    try:
        files.write(new, TEXT)
        files.write(old, TEXT)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(new.stat().st_mode) == 0o640
    assert stat.S_IMODE(old.stat().st_mode) == 0o640


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    files.write(tmp_path / "link.txt", TEXT)
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_while_writing_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    path = tmp_path / "film.fountain"
    path.write_text("old", encoding="utf-8")

    def fail(handle: int) -> None:
        raise fault

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((WriteError, KeyboardInterrupt)) as caught:
        files.write(path, TEXT)
    if isinstance(fault, OSError):
        assert "No space left on device" in str(caught.value)
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["film.fountain"]


def test_a_full_disk_is_said() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with pytest.raises(WriteError, match="No space left"):
        files.write("/dev/full", TEXT)


def test_a_killed_writer_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "film.fountain"
    path.write_text("old", encoding="utf-8")
    script = (
        "import os, signal, sys; from screenplay import files; "
        "os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGTERM); "
        "files.write(sys.argv[1], 'new')"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert done.returncode != 0
    assert path.read_text(encoding="utf-8") == "old"


def test_check_writable_says_beforehand_what_would_fail(tmp_path: Path) -> None:
    files.check_writable("-")
    files.check_writable(tmp_path / "film.txt")
    with pytest.raises(WriteError, match=r"its folder does not exist\. Make it first: mkdir -p"):
        files.check_writable(tmp_path / "nowhere" / "film.txt")
