from __future__ import annotations

import json
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from carrying import carried
from hypothesis import given, settings
from strategies import printable_screenplays, screenplays

from screenplay.elements import (
    Action,
    Boneyard,
    Character,
    Dialogue,
    Element,
    Lyric,
    Note,
    PageBreak,
    SceneHeading,
    Screenplay,
    Section,
    Shot,
    Synopsis,
    Transition,
)
from screenplay.errors import ReadError, ReadWarning
from screenplay.readers.fdx import read, scan
from screenplay.signatures import FDX
from screenplay.writers.fdx import render

CASES = Path(__file__).parent.parent / "cases"


def body(paragraphs: str, rest: str = "") -> tuple[Element, ...]:
    """The elements of a file with these paragraphs."""
    return read(f'<FinalDraft Version="5"><Content>{paragraphs}</Content>{rest}</FinalDraft>').elements


def paragraph(kind: str, text: str = "", inside: str = "") -> str:
    return f'<Paragraph Type="{kind}"><Text>{text}</Text>{inside}</Paragraph>'


@settings(max_examples=400)
@given(screenplays())
def test_any_screenplay_reads_back_as_it_was_written(screenplay: Screenplay) -> None:
    expected = carried(screenplay, xml=True)
    assert read(render(screenplay)) == expected
    assert read(render(expected)) == expected


@given(printable_screenplays())
def test_an_ordinary_screenplay_reads_back_without_any_change(screenplay: Screenplay) -> None:
    assert read(render(screenplay)) == screenplay


@given(screenplays())
def test_what_is_written_has_the_structure_that_final_draft_writes(screenplay: Screenplay) -> None:
    check_structure(ElementTree.fromstring(render(screenplay).encode()))


STRUCTURE: dict[str, tuple[set[str], set[str]]] = {
    # element: children, attributes
    "FinalDraft": (
        {
            "Content", "HeaderAndFooter", "SpellCheckIgnoreLists", "PageLayout", "ElementSettings", "TitlePage",
            "SmartType", "MoresAndContinueds", "LockedPages", "SceneNumberOptions",
        },
        {"DocumentType", "Template", "Version"},
    ),
    "Content": ({"Paragraph"}, set()),
    "Paragraph": (
        {"Text", "SceneProperties", "ScriptNote", "DualDialogue", "DynamicLabel"},
        {
            "Alignment", "FirstIndent", "Leading", "LeftIndent", "Number", "RightIndent", "SpaceBefore", "Spacing",
            "StartsNewPage", "Type",
        },
    ),
    "Text": (set(), {"AdornmentStyle", "Background", "Color", "Font", "RevisionID", "Size", "Style"}),
    "SceneProperties": ({"Summary"}, {"Title"}),
    "Summary": ({"Paragraph"}, set()),
    "ScriptNote": ({"Paragraph"}, {"Color", "Name", "Type"}),
    "DualDialogue": ({"Paragraph"}, set()),
    "TitlePage": ({"HeaderAndFooter", "Content", "TextState"}, set()),
    "ElementSettings": ({"FontSpec", "ParagraphSpec", "Behavior"}, {"Type"}),
    "SmartType": ({"Characters", "Extensions", "SceneIntros", "Locations", "TimesOfDay", "Transitions"}, set()),
}  # fmt: skip


def check_structure(node: ElementTree.Element) -> None:
    children, attributes = STRUCTURE.get(node.tag, (None, None))
    if children is not None and attributes is not None:
        assert {child.tag for child in node} <= children, node.tag
        assert set(node.attrib) <= attributes, node.tag
    if node.tag == "FinalDraft":
        assert [child.tag for child in node].count("Content") == 1
        settings = {child.get("Type") for child in node.findall("ElementSettings")}
        assert {p.get("Type", "General") for p in node.findall("Content//Paragraph[@Type]")} <= settings
    if node.tag == "DualDialogue":
        cues = [child for child in node if child.get("Type") == "Character"]
        assert len(cues) == 2
        assert node[0] is cues[0]
    if node.tag == "Paragraph" and node.get("Type"):
        assert set(filter(None, (node.get("Style", "")).split("+"))) <= {"Bold", "Italic", "Underline"}
    for child in node:
        check_structure(child)


def cases() -> list[dict[str, object]]:
    return [json.loads(line) for line in (CASES / "fdx.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", cases(), ids=lambda case: str(case["id"]))
def test_case(case: dict[str, object]) -> None:
    screenplay = read(str(case["input"]))
    expected = case["expected"]
    assert isinstance(expected, list)
    found = [
        (e.kind, getattr(e, "name", None) or getattr(e, "text", None), getattr(e, "dual", None) is True)
        for e in screenplay.elements
    ]
    assert [(kind, text.replace("*", "") if text else text, dual) for kind, text, dual in found] == [
        (e["type"], e["text"], e.get("dual") == "right") for e in expected
    ]
    numbers = [e.number for e in screenplay.elements if isinstance(e, SceneHeading)]
    assert numbers == [e.get("scene_number") for e in expected if e["type"] == "scene_heading"]
    extensions = [e.extension for e in screenplay.elements if isinstance(e, Character)]
    assert extensions == [e.get("extension") for e in expected if e["type"] == "character"]
    assert read(render(screenplay)) == screenplay


def test_styles_become_emphasis() -> None:
    runs = '<Text Style="Bold+Italic">Loud</Text><Text> and </Text><Text Style="Underline">low</Text>'
    assert body(f'<Paragraph Type="Action">{runs}<Text Style="AllCaps"> end</Text></Paragraph>') == (
        Action(text="***Loud*** and _low_ END"),
    )


def test_stars_in_the_text_are_no_emphasis() -> None:
    assert body(paragraph("Dialogue", "*69* is a number")) == (Dialogue(text=r"\*69\* is a number"),)


def test_every_kind_of_paragraph() -> None:
    kinds = ("General", "Cast List", "Shot", "Transition", "Lyrics", "Outline 2 (Sequences)", "Outline Body", "New Act")
    assert body("".join(paragraph(kind, "Text") for kind in kinds)) == (
        Action(text="Text"),
        Action(text="Text"),
        Shot(text="Text"),
        Transition(text="Text"),
        Lyric(text="Text"),
        Section(text="Text", level=2),
        Synopsis(text="Text"),
        Action(text="Text", centered=True),
    )


def test_an_unknown_kind_becomes_action_with_one_warning_that_names_the_line() -> None:
    with pytest.warns(ReadWarning, match="x.fdx:2: 'Super' is no kind") as caught:
        found = read(f"<FinalDraft><Content>\n{paragraph('Super', 'A') * 2}</Content></FinalDraft>", source="x.fdx")
    assert found.elements == (Action(text="A"), Action(text="A"))
    assert len(caught) == 1


def test_a_kind_of_the_file_is_what_it_is_paginated_as() -> None:
    like = '<ElementSettings Type="Voices"><Behavior PaginateAs="Dialogue"/></ElementSettings>'
    with pytest.warns(ReadWarning, match="read as dialogue"):
        assert body(paragraph("Voices", "Hum."), like) == (Dialogue(text="Hum."),)


def test_an_omitted_scene_stays_as_boneyard() -> None:
    inside = (
        f"<OmittedScene>{paragraph('Scene Heading', 'EXT. YARD')}{paragraph('Action', 'Mara waits.')}</OmittedScene>"
    )
    assert body(f'<Paragraph Number="21" Type="Scene Heading"><Text>OMITTED</Text>{inside}</Paragraph>') == (
        SceneHeading(text="OMITTED", number="21"),
        Boneyard(text="EXT. YARD\n\nMara waits."),
    )


def test_summary_arc_and_note_do_not_join_the_heading() -> None:
    inside = (
        f"<SceneProperties><Summary>{paragraph('', 'They meet.')}</Summary><SceneArcBeats>"
        f'<CharacterArcBeat Name="MARA">{paragraph("", "is torn")}</CharacterArcBeat></SceneArcBeats></SceneProperties>'
        f'<ScriptNote Name="Check" WriterName="Bo">{paragraph("", "the date")}{paragraph("", "twice")}</ScriptNote>'
    )
    assert body(f'<Paragraph Type="Scene Heading">{inside}<Text>INT. BARN</Text></Paragraph>') == (
        SceneHeading(text="INT. BARN"),
        Synopsis(text="They meet."),
        Note(text="MARA: is torn"),
        Note(text="Check (Bo): the date\ntwice"),
    )


def test_notes_kept_apart_go_where_their_range_says() -> None:
    notes = "".join(f'<ScriptNote Range="{r}">{paragraph("", r)}</ScriptNote>' for r in ("15,20", "0,3", "99,99", "x"))
    script = paragraph("Scene Heading", "INT. LAB - DAY") + paragraph("Action", "Hum.") + paragraph("Action", "Go.")
    assert [getattr(e, "text", "") for e in body(script, f"<ScriptNotes>{notes}</ScriptNotes>")] == [
        "INT. LAB - DAY", "0,3", "Hum.", "15,20", "Go.", "99,99", "x",
    ]  # fmt: skip


def test_alternative_lines_are_kept_as_notes() -> None:
    alts = f'<AltCollection><Alt Id="4">{paragraph("", "Or this.")}</Alt></AltCollection>'
    script = '<Paragraph Type="Dialogue"><Text>This.</Text><Alts Current="0"><AltId>4</AltId></Alts></Paragraph>'
    assert body(script, alts) == (Dialogue(text="This."), Note(text="Or this."))


def test_a_page_that_starts_is_a_page_break() -> None:
    assert body('<Paragraph StartsNewPage="Yes" Type="Action"><Text>On.</Text></Paragraph>') == (
        PageBreak(),
        Action(text="On."),
    )


def test_a_line_break_in_a_paragraph_stays() -> None:
    assert body(paragraph("Dialogue", "One\nTwo")) == (Dialogue(text="One\nTwo"),)


def test_brackets_of_a_parenthetical() -> None:
    texts = ("(beat)", "beat", "(low) not you (to him)", "((aside))", "()", "(a) b (c")
    assert [getattr(e, "text", "") for e in body("".join(paragraph("Parenthetical", text) for text in texts))] == [
        "beat", "beat", "(low) not you (to him)", "aside", "(a) b (c",
    ]  # fmt: skip


def test_a_parenthetical_typed_as_two_paragraphs_is_one() -> None:
    parts = "".join(paragraph("Parenthetical", text) for text in ("(looking about", "the room)", "(beat)", "low"))
    assert [getattr(e, "text", "") for e in body(parts)] == ["looking about the room", "beat", "low"]


@pytest.mark.parametrize(
    ("text", "name", "extension"),
    [
        ("BO (V.O.)", "BO", "V.O."),
        ("BO (V.O.) (CONT'D)", "BO", "V.O.) (CONT'D"),
        ("BO(O.S.)", "BO", "O.S."),
        ("BO (THE CAT", "BO (THE CAT", None),
        ("(V.O.)", "(V.O.)", None),
        ("BO ()", "BO ()", None),
    ],
)
def test_cue(text: str, name: str, extension: str | None) -> None:
    assert body(paragraph("Character", text)) == (Character(name=name, extension=extension),)


def test_brackets_that_belong_to_a_name_stay_there() -> None:
    screenplay = Screenplay(elements=(Character(name="BO (5)"), Character(name="BO (5)", extension="V.O.")))
    assert read(render(screenplay)) == screenplay


def test_a_dual_cue_without_a_partner_keeps_its_mark() -> None:
    screenplay = Screenplay(elements=(Action(text="A."), Character(name="BO", dual=True), Dialogue(text="Hi.")))
    assert read(render(screenplay)) == screenplay


def test_a_title_page_of_final_draft_is_told_from_how_it_reads() -> None:
    lines = ("", "<Text Style='Underline'>THE RUG</Text>", "", "written by", "", "A. Writer", "", "", "Draft of 1/2/26")
    content = "".join(f"<Paragraph>{x if x.startswith('<') else f'<Text>{x}</Text>'}</Paragraph>" for x in lines)
    header = "<HeaderAndFooter><Header><Paragraph><Text>.</Text></Paragraph></Header></HeaderAndFooter>"
    page = f"<TitlePage>{header}<Content>{content}</Content></TitlePage>"
    assert read(f"<FinalDraft>{page}</FinalDraft>").title_page == {
        "Title": ("_THE RUG_",),
        "Credit": ("written by",),
        "Author": ("A. Writer",),
        "Draft date": ("Draft of 1/2/26",),
    }


def test_no_title_page_is_written_where_there_is_none() -> None:
    assert "<Content>" not in render(Screenplay()).partition("<TitlePage>")[2]


def test_scene_numbers_can_be_left_out() -> None:
    screenplay = Screenplay(elements=(SceneHeading(text="INT. BAR", number="7A"),))
    assert 'Number="7A"' in render(screenplay)
    assert "7A" not in render(screenplay, scene_numbers=False)


def test_text_is_escaped_once() -> None:
    screenplay = Screenplay(elements=(Action(text='"R&B" <live> &amp;'),))
    assert '"R&amp;B" &lt;live&gt; &amp;amp;' in render(screenplay)
    assert read(render(screenplay)) == screenplay


def test_elements_know_their_line() -> None:
    found = read(
        "<FinalDraft>\n<Content>\n"
        + paragraph("Action", "A")
        + "\n"
        + paragraph("Shot", "B")
        + "</Content></FinalDraft>"
    )
    assert [element.line for element in found.elements] == [3, 4]
    assert scan("<FinalDraft/>").tags == ()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1252", "mac-roman", "iso-8859-15", "cp1251"]
)
def test_encoding_is_the_one_that_the_file_names(encoding: str) -> None:
    word = "Жанна" if encoding == "cp1251" else "Zoë Œuvre"
    name = encoding.removesuffix("-sig")
    script = paragraph("Action", word)
    xml = f'<?xml version="1.0" encoding="{name}"?>\n<FinalDraft><Content>{script}</Content></FinalDraft>'
    data = xml.encode(encoding)
    assert FDX.match(data)
    assert read(data).elements == (Action(text=word),)


def test_a_false_encoding_is_named_in_a_warning() -> None:
    script = paragraph("Action", "Zoë")
    xml = f'<?xml version="1.0" encoding="UTF-8"?><FinalDraft><Content>{script}</Content></FinalDraft>'
    with pytest.warns(ReadWarning) as caught:
        assert read(xml.encode("cp1252")).elements == (Action(text="Zoë"),)
    assert "calls itself UTF-8" in str(caught[0].message)


@pytest.mark.parametrize("at", [2, 30, 60, 200, 400])
def test_a_truncated_file_is_refused_with_its_place(at: int) -> None:
    xml = render(Screenplay(elements=(SceneHeading(text="INT. BAR"), Action(text="Zzz. " * 40))))
    with pytest.raises(ReadError, match=r"x\.fdx:\d+:\d+: .*</FinalDraft>") as caught:
        read(xml[:-at], source="x.fdx")
    assert caught.value.line is not None
    assert caught.value.column is not None


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ("", "holds no XML"),
        ("<html></html>", "<html> opens it"),
        ("<FinalDraft>&nbsp;</FinalDraft>", "undefined entity"),
        ("<FinalDraft><Content></FinalDraft>", "mismatched tag"),
        ("<FinalDraft/>more", "junk after document element"),
        ("<FinalDraft><Content>" + "<Paragraph>" * 100_000, "nested more than"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><FinalDraft/>', "document type definition"),
        ('<!DOCTYPE FinalDraft SYSTEM "file:///etc/passwd"><FinalDraft/>', "document type definition"),
    ],
)
def test_what_is_no_final_draft_file_is_refused(xml: str, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        read(xml)


def test_an_entity_bomb_is_refused_at_once() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    started = time.perf_counter()
    with pytest.raises(ReadError):
        read(f'<!DOCTYPE z [<!ENTITY e0 "lol">{bomb}]><FinalDraft>&e29;</FinalDraft>')
    assert time.perf_counter() - started < 1


def test_time_grows_with_the_length_and_no_faster() -> None:
    def seconds(count: int) -> float:
        xml = f"<FinalDraft><Content>{paragraph('Action', 'Word &amp; word. ' * 40) * count}</Content></FinalDraft>"
        started = time.process_time()
        read(xml)
        return time.process_time() - started

    seconds(10)
    assert seconds(4000) < 40 * max(seconds(400), 0.05)


@pytest.mark.parametrize(
    ("start", "is_ours"),
    [
        (b"<FinalDraft", True),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?>\n<FinalDraft", True),
        ("\ufeff<?xml version='1.0'?><FinalDraft>".encode("utf-16-le"), True),
        (b"<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY a 'b'>]><FinalDraft>", True),
        (b"<?xml version='1.0'?><office>", True),
        (b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x'>", False),
        (b"<?xml version='1.0'?><html xmlns='x'>", False),
        (b"INT. BAR <FinalDraft", False),
    ],
)
def test_a_final_draft_file_is_known_by_its_beginning(start: bytes, is_ours: bool) -> None:
    assert bool(FDX.match(start)) is is_ours
