"""What a Final Draft file holds around its script: element settings, page layout, title page, lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from screenplay.emphasis import Run
from screenplay.page import CHARACTERS_PER_INCH, COLUMNS, LEFT_MARGIN_IN, PAPER_HEIGHT_IN, PAPER_WIDTH_IN

_FONT = "Courier Final Draft"
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;", "\ufffe": "\ufffd", "\uffff": "\ufffd"})
_VALUE = {**_TEXT, ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}
_SETTINGS: tuple[tuple[str, str, str, str, str], ...] = (
    # type, its column, what it is paginated as, what the return key opens, style
    ("General", "action", "General", "General", ""),
    ("Scene Heading", "scene_heading", "Scene Heading", "Action", "AllCaps"),
    ("Action", "action", "Action", "Action", ""),
    ("Character", "character", "Character", "Dialogue", "AllCaps"),
    ("Parenthetical", "parenthetical", "Parenthetical", "Dialogue", ""),
    ("Dialogue", "dialogue", "Dialogue", "Action", ""),
    ("Transition", "transition", "Transition", "Scene Heading", "AllCaps"),
    ("Shot", "shot", "Scene Heading", "Action", "AllCaps"),
    ("Cast List", "action", "Action", "Action", "AllCaps"),
)
_LYRICS = ("Lyrics", "lyric", "Dialogue", "Lyrics", "Italic")
_OUTLINE_BODY = ("Outline Body", "action", "Action", "Action", "")


def escape(text: str) -> str:
    """Text for between tags; the two characters that XML can't hold become U+FFFD."""
    return text.translate(_TEXT)


def quoted(value: str) -> str:
    """A value for an attribute, quotes included."""
    return f'"{value.translate(_VALUE)}"'


def loose_paragraph(
    text: str | Iterable[Run], indent: str, *, alignment: str = "Left", font: str = _FONT
) -> Iterator[str]:
    """A paragraph outside the script, which carries all its settings itself."""
    left, right = (LEFT_MARGIN_IN, 7.5) if font == _FONT else (0.0, 1.39)
    yield (
        f'{indent}<Paragraph Alignment="{alignment}" FirstIndent="0.00" Leading="Regular" LeftIndent="{left:.2f}" '
        f'RightIndent="{right:.2f}" SpaceBefore="0" Spacing="1" StartsNewPage="No">'
    )
    for run in [Run(text)] if isinstance(text, str) else text:
        styles = [name for name, on in (("Bold", run.bold), ("Italic", run.italic), ("Underline", run.underline)) if on]
        yield f"{indent}  <Text {_font(font, '+'.join(styles))}>{escape(run.text)}</Text>"
    yield f"{indent}</Paragraph>"


def _font(font: str = _FONT, style: str = "", size: int = 12) -> str:
    return (
        f'AdornmentStyle="0" Background="#FFFFFFFFFFFF" Color="#000000000000" Font="{font}" RevisionID="0" '
        f'Size="{size}" Style="{style}"'
    )


def document(
    body: Sequence[str],
    title_page: Sequence[str],
    *,
    types: AbstractSet[str],
    cast: Sequence[str],
    extensions: Sequence[str],
    transitions: Sequence[str],
    numbered: bool,
) -> str:
    """The whole file around the paragraphs of the script and of the title page."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>',
        '<FinalDraft DocumentType="Script" Template="No" Version="5">',
        "",
        "  <Content>",
        *body,
        "  </Content>",
        "",
        *_header_and_footer("  "),
        "",
        "  <SpellCheckIgnoreLists>",
        "    <IgnoredRanges/>",
        "    <IgnoredWords/>",
        "  </SpellCheckIgnoreLists>",
        "",
        '  <PageLayout BackgroundColor="#FFFFFFFFFFFF" BottomMargin="72" BreakDialogueAndActionAtSentences="Yes" '
        'DocumentLeading="Normal" FooterMargin="36" ForegroundColor="#000000000000" HeaderMargin="36" '
        'InvisiblesColor="#808080808080" TopMargin="72" UsesSmartQuotes="No">',
        f'    <PageSize Height="{PAPER_HEIGHT_IN:.2f}" Width="{PAPER_WIDTH_IN:.2f}"/>',
        '    <AutoCastList AddParentheses="Yes" AutomaticallyGenerate="Yes" CastListElement="Cast List"/>',
        "  </PageLayout>",
        "",
        *_settings(types),
        "  <TitlePage>",
        *_header_and_footer("    "),
        *(["    <Content>", *title_page, "    </Content>"] if title_page else []),
        '    <TextState Scaling="100" Selection="0,0" ShowInvisibles="No"/>',
        "  </TitlePage>",
        "",
        *_smart_type(cast, extensions, transitions),
        "",
        "  <MoresAndContinueds>",
        f"    <FontSpec {_font()}/>",
        '    <DialogueBreaks AutomaticCharacterContinueds="No" BottomOfPage="Yes" DialogueBottom="(MORE)" '
        'DialogueTop="(CONT\'D)" TopOfNext="Yes"/>',
        '    <SceneBreaks ContinuedNumber="No" SceneBottom="(CONTINUED)" SceneBottomOfPage="No" SceneTop="CONTINUED:" '
        'SceneTopOfNext="No"/>',
        "  </MoresAndContinueds>",
        "",
        "  <LockedPages/>",
        "",
        f'  <SceneNumberOptions LeftLocation="0.75" RightLocation="7.38" ShowNumbersOnLeft="{_yes(numbered)}" '
        f'ShowNumbersOnRight="{_yes(numbered)}">',
        f"    <FontSpec {_font()}/>",
        "  </SceneNumberOptions>",
        "</FinalDraft>",
        "",
    ]
    return "\n".join(lines)


def _yes(value: bool) -> str:
    return "Yes" if value else "No"


def _header_and_footer(indent: str) -> Iterator[str]:
    """The page number at the top right, none on the first page."""
    yield (
        f'{indent}<HeaderAndFooter FooterFirstPage="Yes" FooterVisible="No" HeaderFirstPage="No" HeaderVisible="Yes" '
        'StartingPage="1">'
    )
    for tag, content in (
        ("Header", ['<DynamicLabel Type="Page #"/>', f"<Text {_font()}>.</Text>"]),
        ("Footer", [f"<Text {_font()}></Text>"]),
    ):
        yield f"{indent}  <{tag}>"
        yield (
            f'{indent}    <Paragraph Alignment="Right" FirstIndent="0.00" Leading="Regular" LeftIndent="1.25" '
            'RightIndent="-1.25" SpaceBefore="0" Spacing="1" StartsNewPage="No">'
        )
        yield from (f"{indent}      {line}" for line in content)
        yield f"{indent}    </Paragraph>"
        yield f"{indent}  </{tag}>"
    yield f"{indent}</HeaderAndFooter>"


def _settings(types: AbstractSet[str]) -> Iterator[str]:
    """How each kind of paragraph looks; those that Final Draft does not always have only where they are used."""
    rows = list(_SETTINGS)
    for name in sorted(types - {row[0] for row in rows}):
        rows.append(
            _LYRICS
            if name == "Lyrics"
            else _OUTLINE_BODY
            if name == "Outline Body"
            else (name, "action", "Action", name, "Bold")
        )
    for shortcut, (name, column_name, like, following, style) in enumerate(rows):
        column = COLUMNS[column_name]
        left = LEFT_MARGIN_IN + column.indent_chars / CHARACTERS_PER_INCH
        right = left + column.width_chars / CHARACTERS_PER_INCH
        # Final Draft hangs a parenthetical's bracket out by one character.
        first = -1 / CHARACTERS_PER_INCH if name == "Parenthetical" else 0.0
        yield f"  <ElementSettings Type={quoted(name)}>"
        yield f"    <FontSpec {_font(style=style)}/>"
        yield (
            f'    <ParagraphSpec Alignment="{column.align.title()}" FirstIndent="{first:.2f}" Leading="Regular" '
            f'LeftIndent="{left - first:.2f}" RightIndent="{right:.2f}" SpaceBefore="{12 * column.blank_lines_before}" '
            'Spacing="1" StartsNewPage="No"/>'
        )
        keys = f'ReturnKey={quoted(following)} Shortcut="{shortcut if shortcut < 10 else ""}"'
        yield f'    <Behavior PaginateAs="{like}" {keys}/>'
        yield "  </ElementSettings>"
        yield ""


def _smart_type(cast: Sequence[str], extensions: Sequence[str], transitions: Sequence[str]) -> Iterator[str]:
    """What Final Draft offers while one types: the script's own names first."""
    lists: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("Characters", "Character", cast),
        (
            "Extensions",
            "Extension",
            dict.fromkeys([*(f"({text})" for text in extensions), "(V.O.)", "(O.S.)", "(O.C.)"]),
        ),
        ("SceneIntros", "SceneIntro", ("INT.", "EXT.", "I/E")),
        ("Locations", "Location", ()),
        ("TimesOfDay", "TimeOfDay", ("DAY", "NIGHT", "DAWN", "DUSK", "LATER", "CONTINUOUS")),
        (
            "Transitions",
            "Transition",
            dict.fromkeys([*transitions, "CUT TO:", "FADE IN:", "FADE OUT.", "DISSOLVE TO:"]),
        ),
    )
    separators = {"SceneIntros": ' Separator=" "', "TimesOfDay": ' Separator=" - "'}
    yield "  <SmartType>"
    for group, tag, entries in lists:
        yield f"    <{group}{separators.get(group, '')}>"
        yield from (f"      <{tag}>{escape(entry)}</{tag}>" for entry in entries)
        yield f"    </{group}>"
    yield "  </SmartType>"
