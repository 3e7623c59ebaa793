import pytest

from screenplay.readers import layout
from screenplay.writers import layout as layout_writer

PAGE = """\
INTERIOR  BOWLING ALLEY

Balls roll. Somebody is losing, and he takes it as
badly as a man can take it.

                    WALTER
               (quietly)
          This is not a game. There are rules
          here, and this is one of them.

He sits down again.

                                                     CUT TO:

EXT. PARKING LOT - NIGHT

Rain.
"""
KINDS = [
    "scene_heading",
    "action",
    "character",
    "parenthetical",
    "dialogue",
    "action",
    "transition",
    "scene_heading",
    "action",
]


def kinds(text: str) -> list[str]:
    return [element.kind for element in layout.read(text).elements]


@pytest.mark.parametrize("margin", [0, 3, 10, 17])
def test_any_left_margin(margin: int) -> None:
    text = "".join(" " * margin + line if line.strip() else line for line in PAGE.splitlines(keepends=True))
    assert kinds(text) == KINDS
    assert layout.read(text) == layout.read(PAGE)


def test_wrapped_lines_are_one_text() -> None:
    elements = layout.read(PAGE).elements
    assert elements[0].text == "INTERIOR BOWLING ALLEY"  # type: ignore[union-attr]
    assert elements[4].text == "This is not a game. There are rules here, and this is one of them."  # type: ignore[union-attr]


def test_a_page_written_reads_back() -> None:
    screenplay = layout.read(PAGE)
    text = layout_writer.render(screenplay)
    assert layout.read(text) == screenplay
    assert layout_writer.render(layout.read(text)) == text


def test_one_tag_a_line() -> None:
    tags = layout.scan(PAGE).tags
    assert len(tags) == len(PAGE.splitlines())
    assert [tag for tag in tags if tag != "blank"][:4] == ["scene_heading", "action", "action", "character"]


@pytest.mark.parametrize(
    "text", ["", "\n", "\n\n  \n", "\ufeff", "\x00", "\f\f", "(", "()", "12", "♪", "\ud800", "NAME\n\n\n(", "A:\n"]
)
def test_little_texts(text: str) -> None:
    reading = layout.scan(text)
    assert len(reading.tags) == len(text.replace("\r\n", "\n").split("\n")) - (text.endswith("\n") or not text)
