from __future__ import annotations

import pytest

from cli.manifest import manifest_for, manifests
from cli.titles import fold, is_called, of_file, running_title

FILMS = manifest_for("los-angeles")


def film(text: str) -> str | None:
    assert FILMS is not None
    return next((film.title for film in FILMS.films if film.is_named(text)), None)


def test_the_films_of_los_angeles() -> None:
    assert FILMS is not None
    assert FILMS in manifests()
    assert [(film.title, film.year) for film in FILMS.films] == [
        ("Chinatown", 1974),
        ("Blade Runner", 1982),
        ("To Live and Die in L.A.", 1985),
        ("Die Hard", 1988),
        ("Point Break", 1991),
        ("Falling Down", 1993),
        ("L.A. Confidential", 1997),
        ("The Big Lebowski", 1998),
    ]
    assert manifest_for("Los Ángeles!") is FILMS
    assert manifest_for("Los") is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("CHINATOWN", "Chinatown"),
        ("CHINATOWN - Rev. 10/9/73", "Chinatown"),
        ('"BLADE RUNNER" by two people', "Blade Runner"),
        ("Big Lebowski, The", "The Big Lebowski"),
        ("L. A. CONFIDENTIAL", "L.A. Confidential"),
        ("To Live & Die in LA", "To Live and Die in L.A."),
        ("Die Hard (4th draft)", "Die Hard"),
        ("DÏE HARD", "Die Hard"),
    ],
)
def test_a_title_is_known_however_it_is_written(text: str, title: str) -> None:
    assert film(text) == title


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("chinatown-third-draft", "Chinatown"),
        ("Chinatown_1973-10-09", "Chinatown"),
        ("TheBigLebowski", "The Big Lebowski"),
        ("big-lebowski", "The Big Lebowski"),
        ("LAConfidential", "L.A. Confidential"),
        ("la_confidential.1997.final", "L.A. Confidential"),
        ("bladerunner", "Blade Runner"),
        ("point.break.1991", "Point Break"),
        ("12 - Falling Down", "Falling Down"),
        ("to-live-and-die-in-l-a", "To Live and Die in L.A."),
    ],
)
def test_a_title_is_known_by_a_files_name(stem: str, title: str) -> None:
    assert film(of_file(stem)) == title


@pytest.mark.parametrize(
    "text",
    ["Die Hard 2", "die-hard-with-a-vengeance", "Blade Runner 2049", "Point Break 2015", "Return to Chinatown", "", "-",
     "The", "draft", "The Chinatown Murders", "Nightfall"],
)  # fmt: skip
def test_another_film_is_not_taken_for_it(text: str) -> None:
    assert film(of_file(text)) is None


def test_words_of_a_title() -> None:
    assert fold("To Live and Die in L. A.") == ("to", "live", "and", "die", "in", "la")
    assert fold("Élodie's  Café & Bar") == ("elodies", "cafe", "and", "bar")
    assert fold("...") == ()


def test_a_number_is_part_of_the_title_or_of_a_list() -> None:
    assert is_called("48 Hrs.", "48 Hrs.")
    assert is_called("48 Hrs. draft", "48 HRS")
    assert not is_called("Hrs.", "48 Hrs.")


def test_the_line_above_most_pages_is_the_running_title() -> None:
    pages = [f"CHINATOWN - Rev. 10/9/73      {number}." for number in range(9)]
    assert running_title(["CONTINUED:", "(MORE)"] * 20 + pages) == "CHINATOWN - Rev. 10/9/73"
    assert running_title([f"{number}.   DIE HARD 2" for number in range(3)]) == "DIE HARD 2"
    assert running_title([f"{number}." for number in range(99)]) is None
    assert running_title(pages[:2]) is None
    assert running_title(["CONTD:", "(Cont’d)"] * 9) is None
    assert running_title([]) is None
