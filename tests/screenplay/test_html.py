from __future__ import annotations

import contextlib
import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from carrying import carried
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import printable_screenplays, screenplays

from screenplay.elements import (
    Action,
    Character,
    Dialogue,
    Element,
    Lyric,
    Note,
    PageBreak,
    Parenthetical,
    SceneHeading,
    Screenplay,
    Section,
    Synopsis,
    Transition,
)
from screenplay.errors import ReadError, ReadWarning
from screenplay.readers.html import read, scan
from screenplay.readers.html_markup import pieces
from screenplay.signatures import HTML
from screenplay.writers.html import render

CASES = Path(__file__).parent.parent / "cases" / "html.jsonl"


@settings(max_examples=400)
@given(screenplays())
def test_any_screenplay_reads_back_as_it_was_written(screenplay: Screenplay) -> None:
    expected = carried(screenplay)
    assert read(render(screenplay)) == expected
    assert read(render(expected)) == expected


@given(printable_screenplays())
def test_an_ordinary_screenplay_reads_back_without_any_change(screenplay: Screenplay) -> None:
    assert read(render(screenplay)) == screenplay


_SCRAPS = (
    "<p>", "</p>", "<p class='action'>", "<div class=dual>", "</div>", "<pre>", "</pre>", "<b>", "</b>", "<i>", "</i>",
    "<!--", "-->", "<!", "<br>", "<hr>", "<", ">", '"', "'", "&", "&amp;", "&#x41;", "INT. BAR - DAY\n", "BO\n",
    "</h3>", "<h6>", "<script>", "</script>", "<title>", "<p class=\"", "=", "/", "<sup>", "<head>", "<table><tr><td>",
    "\x00", "<p class=character>", "<h2 class=scene-heading>", "<span class=number>", "<nav>",
    "<meta name=generator content=x>",
)  # fmt: skip


@settings(max_examples=500)
@given(st.lists(st.sampled_from(_SCRAPS) | st.text(max_size=5), max_size=30).map("".join))
@pytest.mark.filterwarnings("ignore::screenplay.errors.ReadWarning")
def test_nothing_fails_but_a_page_without_text(page: str) -> None:
    with contextlib.suppress(ReadError):
        read(page)


def cases() -> list[dict[str, object]]:
    return [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", cases(), ids=lambda case: str(case["id"]))
def test_case(case: dict[str, object]) -> None:
    page, expected = str(case["input"]), case["expected"]
    assert isinstance(expected, list)
    found = [(e.kind, getattr(e, "name", None) or getattr(e, "text", None)) for e in read(page).elements]
    assert found == [(e["type"], e["text"]) for e in expected]


BODY: tuple[Element, ...] = (
    SceneHeading(text="INT. HOUSE - DAY", number="1"),
    Action(text="Some *action* & **there**.\nSecond line."),
    Action(text="CENTER", centered=True),
    Character(name="BRICK", extension="V.O."),
    Parenthetical(text="quietly"),
    Dialogue(text="Screw retirement."),
    Character(name="STEEL", dual=True),
    Dialogue(text="Screw it _all_."),
    Transition(text="CUT TO:"),
    PageBreak(),
    SceneHeading(text="SNIPER SCOPE"),
    Action(text="He dies."),
)
TITLE = {"Title": ("BRICK",), "Credit": ("Written by",), "Author": ("Stu",), "Draft date": ("1/20/2012",)}


def test_a_page_with_bare_headings_as_fountain_js_writes_it() -> None:
    page = """
    <h1>BRICK</h1><p class="credit">Written by</p><p class="author">Stu</p><p class="draft-date">1/20/2012</p>
    <h3 id="1">INT. HOUSE - DAY</h3><p>Some <span class="italic">action</span> &amp; <span class="bold">there</span>.
    <br />Second line.</p><p class="centered">CENTER</p><div class="dual-dialogue"><div class="dialogue left">
    <h4>BRICK (V.O.)</h4><p class="parenthetical">(quietly)</p><p>Screw retirement.</p></div>
    <div class="dialogue right"><h4>STEEL</h4>
    <p>Screw it <span class="underline">all</span>.</p></div></div>
    <!-- A note --><h2>CUT TO:</h2>
    <hr /><h3>SNIPER SCOPE</h3><p>He dies.</p><hr />"""
    found = read(page)
    assert found.elements == BODY
    assert found.title_page == TITLE


def test_a_page_with_wrappers_as_screenplain_writes_it() -> None:
    page = """<html><head><title>x</title></head><body><div id="wrapper" class="screenplay">
    <h1>Act One</h1><span class="h1-synopsis">They meet.</span>
    <h6><span class="scnuml">1</span>INT. HOUSE - DAY<span class="scnumr">1</span></h6>
    <div class="action"><p>Some <em>action</em> &amp; <strong>there</strong>.<br/>Second line.</p></div>
    <div class="action centered"><p>CENTER</p></div>
    <div class="dual"><div class="left"><p class="character">BRICK (V.O.)</p><p class="parenthetical">(quietly)</p>
    <p>Screw retirement.</p></div><div class="right"><p class="character">STEEL</p><p>Screw it <u>all</u>.</p></div>
    <br /></div><div class="transition">CUT TO:</div><h6 class="page-break">SNIPER SCOPE</h6>
    <div class="action"><p>He dies.</p></div>
    <div class="action"><p>&nbsp;&nbsp;&nbsp; Indented.</p></div></div></body></html>"""
    found = read(page).elements
    assert found[:2] == (Section(text="Act One"), Synopsis(text="They meet."))
    assert found[2:] == (*BODY, Action(text="    Indented."))


def test_a_page_with_prefixed_classes_as_jouvence_writes_it() -> None:
    page = """<body><div class="jouvence-doc"><div class="jouvence-title-page"><h1>BRICK</h1>
    <p class="jouvence-title-page-heading">Written by</p><p class="jouvence-title-page-heading">Stu</p>
    <p class="jouvence-title-page-footer">1/20/2012</p></div><hr/><p class="jouvence-section">## Act</p>
    <p class="jouvence-scene-heading">INT. HOUSE - DAY #1#</p><p class="jouvence-character">BRICK (V.O.)</p>
    <p class="jouvence-dialog">Yes.<sup id="jouvence-note-ref-1"><a href="#n">1</a></sup></p>
    <p class="jouvence-lyrics">La la<br/>la</p><p class="jouvence-action-centered">END</p>
    <div class="jouvence-note"><p><sup>1</sup> A note</p></div></div>
    <p class="footer">Generated with Jouvence</p></body>"""
    found = read(page)
    assert found.title_page == TITLE
    assert found.elements == (
        Section(text="Act", level=2),
        SceneHeading(text="INT. HOUSE - DAY", number="1"),
        Character(name="BRICK", extension="V.O."),
        Dialogue(text="Yes."),
        Lyric(text="La la"),
        Lyric(text="la"),
        Action(text="END", centered=True),
        Note(text="A note"),
    )


def test_what_is_bold_because_of_the_page_is_no_emphasis() -> None:
    page = '<p class="sceneheading"><b>INT. BAR</b></p><p class="action">He <b>drinks</b>.</p>'
    assert read(page).elements == (SceneHeading(text="INT. BAR"), Action(text="He **drinks**."))


SITE = """<html><head><title>The Rug script</title><script>var x = "<pre>";</script></head>
<body><nav><a href="/">HOME</a></nav><table><tr><td class="scrtext"><pre>
<b>INT. KITCHEN - NIGHT
</b>
The kettle screams &amp; screams, all through the night, over
the noise of the street.

<b>                         MARTA
</b>               Turn it off.

<b>                         BO
</b>               No.
</pre></td></tr></table><p>Buy this ad</p></body></html>"""


def test_a_script_site_gives_what_its_preformatted_text_holds_and_no_more() -> None:
    found = read(SITE)
    assert [e for e in found.elements if isinstance(e, Character | Dialogue)] == [
        Character(name="MARTA"),
        Dialogue(text="Turn it off."),
        Character(name="BO"),
        Dialogue(text="No."),
    ]
    assert "ad" not in found.to_json().split()
    heading = next(e for e in found.elements if isinstance(e, SceneHeading))
    assert SITE.split("\n")[(heading.line or 0) - 1] == "<b>INT. KITCHEN - NIGHT"


def test_a_page_with_neither_is_read_as_laid_out_text_with_a_warning() -> None:
    lines = ("INT. BAR - NIGHT", "Bo sits alone and drinks.", "BO<br>One more.", "INT. STREET - DAY", "He walks off.")
    with pytest.warns(ReadWarning, match="x.html: neither"):
        found = read("<body>" + "".join(f"<p>{line}</p>" for line in lines) + "</body>", source="x.html")
    assert [e.text for e in found.elements if isinstance(e, SceneHeading)] == ["INT. BAR - NIGHT", "INT. STREET - DAY"]
    assert "One more." in [getattr(e, "text", "") for e in found.elements]


@pytest.mark.parametrize("page", ["", "<html></html>", "<script>INT. BAR</script>", "<title>x</title>"])
def test_a_page_without_text_is_refused(page: str) -> None:
    with pytest.raises(ReadError, match="no text"):
        read(page)


@pytest.mark.parametrize("name", ["utf-8", "windows-1252", "iso-8859-1", "koi8-r"])
def test_encoding_is_the_one_that_the_page_names(name: str) -> None:
    word = "Жанна" if name == "koi8-r" else "Zoë"
    page = f'<html><meta charset="{name}"><p class="scene-heading">INT. {word}</p></html>'.encode(name)
    assert HTML.match(page)
    assert read(page).elements == (SceneHeading(text=f"INT. {word}"),)


@pytest.mark.parametrize(
    "start", [b"<!DOCTYPE html>", b"\xef\xbb\xbf\n<html lang=en>", b"<!-- x --><HTML>", b"<pre>INT."]
)
def test_a_page_is_known_by_its_beginning(start: bytes) -> None:
    assert HTML.match(start)
    assert not HTML.match(b"<INT. BAR> " + start)


class _Balance(HTMLParser):
    """Complains where a tag is closed that isn't open."""

    void = frozenset({"meta", "br", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(screenplays())
def test_what_is_written_is_sound_and_stands_alone(screenplay: Screenplay) -> None:
    page = render(screenplay)
    checked = _Balance()
    checked.feed(page)
    checked.close()
    assert not checked.open
    assert not re.search(r"<(?:link|script|img)\b", page)


def test_a_page_says_that_it_is_english_only_where_it_is() -> None:
    english = "He looks at her, and she gives him the letter that they wrote to his mother. You know it. " * 2
    polish = "Patrzy na nią, a ona podaje mu list, który napisali do jego matki. Wiesz o tym. " * 2
    assert '<html lang="en">' in render(Screenplay(elements=(Action(text=english),)))
    assert "<html>" in render(Screenplay(elements=(Action(text=polish),)))


def test_the_title_is_the_heading_of_the_page() -> None:
    screenplay = Screenplay(title_page={"Title": ("THE *RUG*", "Part Two"), "Author": ("Bo",)})
    page = render(screenplay)
    assert "<h1>THE <em>RUG</em><br>Part Two</h1>" in page
    assert read(page) == screenplay


def test_text_is_escaped_once() -> None:
    screenplay = Screenplay(title_page={"Title": ("A < B",)}, elements=(Action(text='"R&B" <live> &amp;'),))
    assert '"R&amp;B" &lt;live&gt; &amp;amp;' in render(screenplay)
    assert "<title>A &lt; B</title>" in render(screenplay)


def test_dual_dialogue_stands_side_by_side() -> None:
    page = render(Screenplay(elements=BODY))
    assert '<div class="side-by-side">\n<div>\n<p class="character">BRICK' in page
    assert '</div>\n<div>\n<p class="character dual">STEEL' in page


def test_no_title_page_is_written_where_there_is_none() -> None:
    assert "<header" not in render(Screenplay(elements=BODY))


def test_elements_know_their_line() -> None:
    found = read("<html>\n<p class='action'>A\n</p>\n\n<p class='character'>B</p>")
    assert [element.line for element in found.elements] == [2, 5]
    assert scan("<pre>INT. BAR</pre>").tags == ()


@pytest.mark.parametrize(
    "piece",
    [
        "<div>",
        "<b>",
        "<b>x<p>",
        "</b>",
        '<a "',
        "<a '>",
        "<!--",
        "<",
        "<p class=dual>x",
        "&",
        "<pre>",
        "x<br>",
        "</",
        "<a x",
    ],
)
@pytest.mark.filterwarnings("ignore::screenplay.errors.ReadWarning")
def test_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    def seconds(count: int) -> float:
        page = "<p class='action'>x</p><p class='character'>BO</p>" + piece * count
        started = time.process_time()
        read(page)
        return time.process_time() - started

    seconds(100)
    assert seconds(30_000) < 40 * max(seconds(3000), 0.05)


def test_tags_are_cut_as_a_browser_cuts_them() -> None:
    found = [
        (p.tag, p.text, p.attributes) for p in pieces("a<P ID=x title='a>b' data-y>&lt;</p ><3 <title><b></title>")
    ]
    assert found == [
        ("", "a", {}),
        ("p", "", {"id": "x", "title": "a>b", "data-y": ""}),
        ("", "<", {}),
        ("/p", "", {}),
        ("", "<", {}),
        ("", "3 ", {}),
        ("title", "", {}),
        ("", "<b>", {}),
        ("/title", "", {}),
    ]
