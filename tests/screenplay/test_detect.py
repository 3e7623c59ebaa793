from __future__ import annotations

import pytest

from screenplay.readers.detect import detect

FOUNTAIN = "Title: NIGHT FERRY\n\nINT. FERRY - NIGHT\n\nA bell.\n\nVERA\nHello.\n"
PAGE = """INT. KITCHEN - NIGHT

The kettle screams. Nobody moves.

                         MARTA
               Turn it off.
"""
FLUSH = "INT. KITCHEN - NIGHT\n\nThe kettle screams.\n\nMARTA\nTurn it off.\n"
LONG = "The kettle screams, and for what feels like a year nobody in the room moves so much as a finger."


@pytest.mark.parametrize(
    ("text", "source", "format"),
    [
        (FOUNTAIN, "film.fountain", "fountain"),
        (FOUNTAIN, "film.txt", "fountain"),
        (FOUNTAIN, "<stdin>", "fountain"),
        (PAGE, "film.txt", "text"),
        (PAGE, "<stdin>", "text"),
        (PAGE.replace("\n", "\r\n"), "<stdin>", "text"),
        (PAGE * 10, "film.fountain", "text"),
        (FLUSH, "film.txt", "text"),
        (FLUSH, "film.FOUNTAIN", "fountain"),
        (FLUSH.replace("The kettle screams.", LONG), "film.txt", "fountain"),
        (".ROOF\n\n!TO:\n\n@McRae\nAhoy.\n", "film.txt", "fountain"),
        ('{"title_page": {}, "elements": []}', "film.txt", "json"),
        ('\ufeff\n{ "elements": []}', "<stdin>", "json"),
        ("Just a line.\n", "film.json", "json"),
        ("{Softly.} And so it begins.\n", "film.txt", "text"),
        ("", "film", "text"),
    ],
)
def test_suffix_first_but_the_text_has_the_last_word(text: str, source: str, format: str) -> None:
    assert detect(text, source=source) == format


def test_a_fountain_file_with_indented_speeches_stays_fountain() -> None:
    speech = "            PILOT\n    Ready.\n        (into mic)\n    Go.\n\n"
    text = "Title: X\n\n" + (speech + LONG + "\n\n") * 20
    assert detect(text, source="film.fountain") == "fountain"


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ('<?xml version="1.0" encoding="UTF-8"?>\n<FinalDraft DocumentType="Script">', "fdx"),
        ("<!DOCTYPE html><html><pre>INT. ROOM</pre></html>", "html"),
    ],
)
def test_markup_is_known_whatever_the_file_is_called(text: str, format: str) -> None:
    assert detect(text, source="film.txt") == format
