"""Input that means harm, of any size: kinds by format, each a function of a size in characters or bytes.

from hostile_kinds import KINDS

text = KINDS["fountain"]["[[ many times on one line"](1_000_000)
"""

# ruff: noqa: E501 - input is one piece, whatever its length
from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count

from hostile_pdf import PDF

TextKind = Callable[[int], str]

OPENERS = (
    "[[", "]]", "/*", "*/", "(", ")", "*", "_", "@", "!", ">", "<", "~", "\\", "#", "=", "===", ".", "^", ":", '"', "“",
    "-", "\\[[", "[", "((", "()", "*_", "**a", "a**", "* ", "_a", "(a", "a)", "#1#", "/", "'", "…",
)  # fmt: skip
"""What opens or closes something in some format of text."""
_LINES = (
    "A", "BO", "BO\nx\n", "BO\n\n", "BO:", "BO: x", "BO. x", "BO (V.O.)", "BO ^", "(x)", "(x", "x)", "INT. BAR", "INT.",
    "int. bar - day", "EXT. BAR - DAY  1", "1", "1.", "- 1 -", "12  INT. BAR  12", "Title: x", "Key: x", "    x", "(MORE)",
    "CONTINUED:", "CONTINUED: (2)", "OMITTED", "CUT TO:", "> CUT TO:", "> x <", "CLOSE ON X", "X POV", "word-", "a\n\n",
    "[[x]]", "[[x\ny]]", "/*x*/", "/*x\n\ny*/", "! [[shot]]", "BO        MO\nx         y", "*\n", "x *", "\tx", "# x",
    "= x", "~x", "♪ x", "@x", ".x", "ACT I. SCENE 1.", "[Enter BO.]", "THE END", "FADE OUT.", "\x0c", "\x0c1.\n\nx",
    "he said, \"x\"", "BO\n(x)\nx\n(MORE)\n\x0cBO (CONT'D)\ny",
)  # fmt: skip
"""Lines that readers look for, and look around of."""


def _repeated(piece: str) -> TextKind:
    return lambda size: piece * max(1, size // len(piece))


def _distinct(line: str) -> TextKind:
    """Lines that differ in a number."""

    def make(size: int) -> str:
        lines, length = [], 0
        for number in count():
            if length >= size:
                break
            lines.append(line.format(number))
            length += len(lines[-1]) + 1
        return "\n".join(lines)

    return make


def _staircase(size: int) -> str:
    """Every indentation there can be."""
    lines, length = [], 0
    for depth in count():
        if length >= size:
            break
        lines.append(" " * (depth % 400) + f"word {depth}")
        length += len(lines[-1]) + 1
    return "\n".join(lines)


TEXT: dict[str, TextKind] = {
    "one line of words": _repeated("word "),
    "one line without a space": _repeated("a"),
    "one line of capitals": _repeated("A"),
    "one line of capital words": _repeated("WORD "),
    "one cue": lambda size: "BO " * (size // 3) + "\nx\n",
    "one cue in brackets": lambda size: "BO (" + "V.O. " * (size // 5) + ")\nx\n",
    "one scene number": lambda size: f"INT. BAR #{'1' * size}#",
    "one heading": lambda size: "INT. " + "BAR - " * (size // 6),
    "one parenthetical": lambda size: "BO\n(" + "x " * (size // 2) + ")\ny",
    "one speech without a blank line": lambda size: "BO\n" + "word word\n" * (size // 10),
    "one title value": lambda size: "Title: " + "x " * (size // 2) + "\n\nx",
    "one word that ends in a hyphen": lambda size: "a" * size + "-\nb",
    "one line of digits": _repeated("9"),
    "one number": lambda size: f"Page {'9' * size}.\n\nINT. BAR {'9' * size}\n\nx",
    "spaces": _repeated(" "),
    "spaces before a word": lambda size: " " * size + "x",
    "tabs before a word": lambda size: "\t" * size + "x",
    "words far apart": _repeated("a" + " " * 50),
    "blank lines": _repeated("\n"),
    "blank lines with spaces": _repeated("  \n"),
    "blank lines of Windows": _repeated("\r\n"),
    "blank lines of old Macs": _repeated("\r"),
    "blank lines, one word": lambda size: "x" + "\n" * size + "y",
    "form feeds": _repeated("\x0c"),
    "line separators": _repeated("\u2028"),
    "vertical tabs and next lines": _repeated("\x0b\x85"),
    "NULs": _repeated("\x00"),
    "words and NULs": _repeated("a\x00"),
    "control characters": _repeated("".join(map(chr, range(32)))),
    "lone surrogates": _repeated("\ud800"),
    "surrogates in the wrong order": _repeated("\udc00\ud800 "),
    "marks on one letter": lambda size: "e" + "\u0301" * size,
    "joiners": _repeated("\u200d"),
    "from right to left": _repeated("\u202eרותי\u202c "),
    "private use": _repeated("\ue000\ue001"),
    "no characters": _repeated("\ufdd0\uffff"),
    "letters without case": _repeated("麗子\n"),
    "letters that grow": _repeated("ßŉǰΐﬃ"),
    "many title keys": _distinct("Key {}: x"),
    "many cues": _distinct("BO{}\nx\n"),
    "many cues with a colon": _distinct("BO{}: x"),
    "many headings": _distinct("INT. BAR {} - DAY\n"),
    "many page numbers": _distinct("{}.\n"),
    "every indentation": _staircase,
    "nested brackets": lambda size: "BO\n" + "(" * (size // 2) + "x" + ")" * (size // 2),
    "nested notes": lambda size: "[[" * (size // 4) + "x" + "]]" * (size // 4),
    "emphasis in emphasis": lambda size: "*_**" * (size // 8) + "x" + "**_*" * (size // 8),
    **{f"{opener} many times on one line": _repeated(opener) for opener in OPENERS},
    **{f"{opener} on every line": _repeated(f"{opener}\n") for opener in OPENERS},
    **{f"{opener} in every paragraph": _repeated(f"{opener}x\n\n") for opener in OPENERS},
    **{f"many times {line!r}": _repeated(f"{line}\n") for line in _LINES},
    **{f"paragraphs of {line!r}": _repeated(f"{line}\n\n") for line in _LINES},
}
"""For every reader of text: none may refuse any of these but for being empty."""


def _nested(opening: str, closing: str = "", inside: str = "x", *, around: tuple[str, str] = ("", "")) -> TextKind:
    """`opening` within itself, half of the size; then the ends."""

    def make(size: int) -> str:
        times = max(1, size // (len(opening) + len(closing)))
        return around[0] + opening * times + inside + closing * times + around[1]

    return make


def _within(around: tuple[str, str], piece: str) -> TextKind:
    return lambda size: around[0] + piece * max(1, size // len(piece)) + around[1]


_FDX = ('<?xml version="1.0"?>\n<FinalDraft DocumentType="Script"><Content>', "</Content></FinalDraft>")
_PARAGRAPH = (_FDX[0] + '<Paragraph Type="Action">', "</Paragraph>" + _FDX[1])
_BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))

FDX: dict[str, TextKind] = {
    "levels": _nested("<a>", "</a>", around=_FDX),
    "levels that never end": _nested("<Paragraph>", around=(_FDX[0], "")),
    "levels of what is not kept": _nested("<a>", "</a>", around=("<FinalDraft>", "</FinalDraft>")),
    "levels of text": _nested("<Text>", "</Text>", around=_PARAGRAPH),
    "levels of dual dialogue": _nested("<DualDialogue><Paragraph>", "</Paragraph></DualDialogue>", around=_PARAGRAPH),
    "entity bomb": lambda size: f'<!DOCTYPE FinalDraft [<!ENTITY a0 "{"x" * size}">{_BOMB}]><FinalDraft>&a9;</FinalDraft>',
    "entity outside": lambda size: '<!DOCTYPE FinalDraft [<!ENTITY a SYSTEM "file:///etc/passwd">]><FinalDraft>&a;</FinalDraft>',
    "entity in a parameter": lambda size: '<!DOCTYPE FinalDraft [<!ENTITY % a SYSTEM "http://x/">%a;]><FinalDraft/>',
    "entity that nobody declared": _within(_PARAGRAPH, "&bomb;"),
    "entities of characters": _within((_PARAGRAPH[0] + "<Text>", "</Text>" + _PARAGRAPH[1]), "&#65;&amp;"),
    "entity of a NUL": _within(_PARAGRAPH, "<Text>&#0;</Text>"),
    "huge number of a character": _within(_PARAGRAPH, "<Text>&#99999999999999;</Text>"),
    "text in one run": _within((_PARAGRAPH[0] + "<Text>", "</Text>" + _PARAGRAPH[1]), "word "),
    "text outside of runs": _within(_PARAGRAPH, "word\n"),
    "runs in one paragraph": _within(_PARAGRAPH, "<Text>x</Text>"),
    "styles in one paragraph": _within(_PARAGRAPH, '<Text Style="Bold">x</Text><Text Style="Italic+Underline">y</Text>'),
    "empty runs in a cue": _within((_FDX[0] + '<Paragraph Type="Character">', "</Paragraph>" + _FDX[1]), "<Text/><Text>(</Text>"),
    "brackets in a parenthetical": _within(
        (_FDX[0] + '<Paragraph Type="Parenthetical"><Text>', "</Text></Paragraph>" + _FDX[1]), "()"
    ),
    "lines in a synopsis": _within((_FDX[0] + '<Paragraph Type="Summary"><Text>', "</Text></Paragraph>" + _FDX[1]), "x\n"),
    "lines of runs in lyrics": _within((_FDX[0] + '<Paragraph Type="Lyrics">', "</Paragraph>" + _FDX[1]), "<Text>x\n</Text>"),
    "empty paragraphs": _within(_FDX, "<Paragraph/>"),
    "empty cues": _within(_FDX, '<Paragraph Type="Character"><Text>x</Text></Paragraph>'),
    "paragraphs of unknown kinds": lambda size: (
        _FDX[0] + "".join(f'<Paragraph Type="K{n}"><Text>x</Text></Paragraph>' for n in range(size // 45)) + _FDX[1]
    ),
    "one huge attribute": lambda size: _FDX[0] + f'<Paragraph Type="{"x" * size}"><Text>x</Text></Paragraph>' + _FDX[1],
    "many attributes": lambda size: (
        _FDX[0] + "<Paragraph " + " ".join(f'a{n}="x"' for n in range(size // 10)) + "/>" + _FDX[1]
    ),
    "attribute twice": lambda size: _FDX[0] + "<Paragraph " + 'a="x" ' * (size // 6) + "/>" + _FDX[1],
    "styles without end": lambda size: (
        _FDX[0] + f'<Paragraph><Text Style="{"Bold+" * (size // 5)}">x</Text></Paragraph>' + _FDX[1]
    ),
    "huge scene number": lambda size: (
        _FDX[0] + f'<Paragraph Type="Scene Heading" Number="{"9" * size}"><Text>x</Text></Paragraph>' + _FDX[1]
    ),
    "huge outline level": lambda size: (
        _FDX[0] + f'<Paragraph Type="Outline {"9" * size}"><Text>x</Text></Paragraph>' + _FDX[1]
    ),
    "notes at one place": lambda size: (
        _FDX[0] + "<Paragraph><Text>x</Text></Paragraph></Content><ScriptNotes>"
        + '<ScriptNote Range="0,1"><Paragraph><Text>x</Text></Paragraph></ScriptNote>' * (size // 75)
        + "</ScriptNotes></FinalDraft>"
    ),
    "notes at huge places": lambda size: (
        _FDX[0] + "<Paragraph><Text>x</Text></Paragraph></Content><ScriptNotes>"
        + f'<ScriptNote Range="{"9" * 40},-{"9" * 40}"><Paragraph><Text>x</Text></Paragraph></ScriptNote>' * (size // 150)
        + "</ScriptNotes></FinalDraft>"
    ),
    "paragraphs and notes": lambda size: (
        _FDX[0] + "<Paragraph><Text>x</Text></Paragraph>" * (size // 120) + "</Content><ScriptNotes>"
        + "".join(
            f'<ScriptNote Range="{2 * n},1"><Paragraph><Text>x</Text></Paragraph></ScriptNote>' for n in range(size // 120)
        )
        + "</ScriptNotes></FinalDraft>"
    ),
    "alternatives": _within(_PARAGRAPH, "<Alts><AltId>1</AltId></Alts>"),
    "one alternative asked for many times": lambda size: (
        "<FinalDraft><AltCollection><Alt Id='1'><Paragraph><Text>" + "x" * (size // 1000) + "</Text></Paragraph></Alt>"
        + "</AltCollection><Content><Paragraph>" + "<Alts><AltId>1</AltId></Alts>" * (size // 30) + "</Paragraph></Content></FinalDraft>"
    ),
    "comments": _within(_FDX, "<!-- x -->"),
    "one comment": lambda size: _FDX[0] + "<!--" + "x" * size + "-->" + _FDX[1],
    "sections of plain text": _within(_PARAGRAPH, "<Text><![CDATA[<x>]]></Text>"),
    "processing instructions": _within(_FDX, "<?x y?>"),
    "title page": lambda size: (
        "<FinalDraft><TitlePage><Content>" + "<Paragraph><Text>x</Text></Paragraph>" * (size // 35) + "</Content></TitlePage></FinalDraft>"
    ),
    "title page, blank": lambda size: (
        "<FinalDraft><TitlePage><Content>" + "<Paragraph><Text/></Paragraph>" * (size // 30)
        + "<Paragraph><Text>x</Text></Paragraph></Content></TitlePage></FinalDraft>"
    ),
    "title keys": lambda size: (
        "<FinalDraft><TitlePage><Content>"
        + "".join(f'<!-- title page {n}: "k" --><Paragraph><Text>x</Text></Paragraph>' for n in range(size // 60))
        + "</Content></TitlePage></FinalDraft>"
    ),
    "title key of nested lists": lambda size: (
        '<FinalDraft><TitlePage><Content><!-- title page 1: "' + "[" * size + '" --></Content></TitlePage></FinalDraft>'
    ),
    "behaviours": _within(("<FinalDraft>", "</FinalDraft>"), '<ElementSettings Type="x"><Behavior PaginateAs="y"/></ElementSettings>'),
    "contents": _within(("<FinalDraft>", "</FinalDraft>"), "<Content><Paragraph><Text>x</Text></Paragraph></Content>"),
    "lone surrogates": _within((_PARAGRAPH[0] + "<Text>", "</Text>" + _PARAGRAPH[1]), "\ud800"),
    "NULs": _within((_PARAGRAPH[0] + "<Text>", "</Text>" + _PARAGRAPH[1]), "\x00"),
    "blank lines": _within(_PARAGRAPH, "\n"),
    "one start tag that never ends": lambda size: "<FinalDraft " + "a" * size,
    "one name": lambda size: _FDX[0] + f"<{'a' * size}/>" + _FDX[1],
    "colons in names": lambda size: _FDX[0] + "<" + "a:" * (size // 2) + "a/>" + _FDX[1],
    "nothing but the beginning": _repeated("<FinalDraft>"),
}  # fmt: skip
"""Final Draft files, sound and not."""

_PAGE = ("<html><body>", "</body></html>")
_SCRIPT = ('<html><body><h3 class="scene-heading">INT. BAR</h3>', "</body></html>")

HTML: dict[str, TextKind] = {
    **{f"levels of <{tag}>": _nested(f"<{tag}>", f"</{tag}>", around=_PAGE) for tag in ("b", "div", "p", "table", "pre", "li", "a")},
    **{f"<{tag}> that never ends": _within(_PAGE, f"<{tag}>x") for tag in (
        "b", "i", "div", "p", "table", "td", "pre", "script", "style", "title", "textarea", "select", "svg", "h3", "span",
        "nav", "xmp", "template", "sup",
    )},
    **{f"</{tag}> of nothing": _within(_PAGE, f"x</{tag}>") for tag in ("b", "div", "p", "pre", "html", "span")},
    "inline ends that cross": _within(_PAGE, "<b><i>x</b></i>"),
    "inline ends far away": lambda size: "<html><body><i>" + "<b>" * (size // 8) + "x" + "</i>x" * (size // 10),
    "inline ends out of blocks": lambda size: "<html><body><i><div>" + "<b>" * (size // 8) + "</i>x" * (size // 10),
    "block ends far away": lambda size: "<html><body><section>" + "<div>" * (size // 20) + "</section><section>x" * (size // 40),
    "paragraphs in spans": _within(_PAGE, "<p>x<span class=action>y"),
    "less-than signs": _within(_PAGE, "<"),
    "ampersands": _within(_PAGE, "&"),
    "entities without end": _within(_PAGE, "&amp"),
    "entities that are long": _within(_PAGE, "&CounterClockwiseContourIntegra"),
    "huge numbers of characters": _within(_PAGE, "&#99999999999999999999;&#xFFFFFFFFFFFFF;"),
    "one huge number of a character": lambda size: f"<html><body>&#{'9' * size};",
    "entities of surrogates and NULs": _within(_PAGE, "&#xD800;&#0;"),
    "comments that never end": _within(_PAGE, "<!--"),
    "comments": _within(_PAGE, "<!---->"),
    "declarations that never end": _within(_PAGE, "<!x"),
    "instructions that never end": _within(_PAGE, "<?x"),
    "quotes that never end": _within(_PAGE, '<a href="x '),
    "quotes of two kinds": _within(_PAGE, """<a b="' c='" """),
    "quotes with no space before": _within(_PAGE, """<a b"c'd>"""),
    "many attributes": lambda size: "<html><body " + " ".join(f"a{n}=x" for n in range(size // 8)) + ">x",
    "attributes without value": lambda size: "<html><body " + "a " * (size // 2) + ">x",
    "spaces in an attribute": lambda size: "<html><body a" + " " * size + ">x",
    "many classes": lambda size: '<html><body><p class="' + "a " * (size // 2) + '">x',
    "one huge class": lambda size: '<html><body><p class="' + "a" * size + '">x',
    "huge style": lambda size: '<html><body><b style="' + "font-weight: " * (size // 13) + '">x',
    "spaces in a style": lambda size: '<html><body><b style="font-weight' + " " * size + '">x',
    "huge level": lambda size: f'<html><body><h1 class=section data-level={"9" * size}>x',
    "one tag name": lambda size: "<html><body><" + "a" * size + ">x",
    "one tag that never ends": lambda size: "<html><body><a " + "b" * size,
    "line breaks": _within(_SCRIPT, "<br>"),
    "line breaks in one paragraph": lambda size: _SCRIPT[0] + "<p class=action>" + "x<br>" * (size // 5) + _SCRIPT[1],
    "spaces in one paragraph": lambda size: _SCRIPT[0] + "<p class=action>" + "x <b> </b> " * (size // 11) + _SCRIPT[1],
    "no-break spaces": lambda size: _SCRIPT[0] + "<p class=action>" + "&nbsp;" * (size // 6) + "x" + _SCRIPT[1],
    "lyrics on lines": lambda size: _SCRIPT[0] + "<p class=lyrics>" + "x<br>" * (size // 5) + _SCRIPT[1],
    "carets in a cue": lambda size: _SCRIPT[0] + "<h4 class=character>" + "^" * size + _SCRIPT[1],
    "numbers in a heading": lambda size: _SCRIPT[0] + "<h3 class=scene-heading>x" + " #" * (size // 2) + _SCRIPT[1],
    "spaces in a heading": lambda size: _SCRIPT[0] + "<h3>INT. BAR" + " &nbsp;" * (size // 7) + "x</h3><h4>BO</h4>" + _SCRIPT[1],
    "cues": _within(_SCRIPT, "<h4 class=character>BO</h4>"),
    "dual dialogue": _within(_SCRIPT, "<div class=dual><p class=character>BO</p><p class=dialogue>x</p></div>"),
    "dual in dual": _within(_SCRIPT, "<div class=dual><p class=character>BO</p><p class=dialogue>x</p>"),
    "rules": _within(_SCRIPT, "<hr>"),
    "rules at the end, as our own": _within(
        ("<html><meta name=generator content=lebowski-gen><body><p class=action>x</p>", ""), "<hr class=page-break>"
    ),
    "our own, blank": _within(("<html><meta name=generator content=lebowski-gen><body>", ""), "<p class=action></p>"),
    "our own, spans": _within(("<html><meta name=generator content=lebowski-gen><body>", ""), "<span class=number>x"),
    "title keys": lambda size: "<html><body>" + "".join(
        f"<p class=title-page data-key=k{n}>x</p>" for n in range(size // 40)
    ) + "<h3 class=scene-heading>x</h3>",
    "title without keys": _within(("<html><body>", "<h3 class=scene-heading>x</h3>"), "<p class=title-page>x</p>"),
    "preformatted, one line": lambda size: "<html><body><pre>" + "word " * (size // 5),
    "preformatted, in pieces": _within(("<html><body><pre>", ""), "<b>INT. BAR</b>\n\nx\n\n"),
    "preformatted, blank": lambda size: "<html><body><pre>" + "\n" * size + "x",
    "many preformatted": _within(_PAGE, "<pre>x</pre>"),
    "paragraphs that nothing marks": _within(_PAGE, "<p>word word</p>"),
    "words that nothing marks": lambda size: "<html><body>" + "word " * (size // 5),
    "NULs": _within(_PAGE, "\x00"),
    "NULs in tags": _within(_PAGE, "<p\x00>x"),
    "lone surrogates": _within(_SCRIPT, "<p class=action>\ud800</p>"),
    "nothing but the beginning": _repeated("<html>"),
    "document types": _repeated("<!doctype html>"),
    "entity bomb": lambda size: f'<!DOCTYPE html [<!ENTITY a0 "{"x" * size}">{_BOMB}]><html><body>&a9;</body></html>',
}  # fmt: skip
"""Web pages, sound and not."""

_ACTION = '{"kind": "action", "text": "x"}'
JSON: dict[str, TextKind] = {
    "nested lists": _nested("[", "]", ""),
    "nested lists that never end": _repeated("["),
    "nested objects": _nested('{"elements":', "}", "[]"),
    "nested lists in the elements": _nested("[", "]", "", around=('{"elements": ', "}")),
    "nested lists in a text": _nested("[", "]", "", around=('{"elements": [{"kind": "action", "text": ', "}]}")),
    "nested lists in the title page": _nested("[", "]", "", around=('{"title_page": {"Title": ', "}}")),
    "empty objects": _within(('{"elements": [{}', "]}"), ", {}"),
    "wrong kinds": _within(('{"elements": [{}', "]}"), ', {"kind": "x"}'),
    "wrong types": _within(('{"elements": [{}', "]}"), ', {"kind": "action", "text": 5}'),
    "numbers for elements": _within(('{"elements": [1', "]}"), ", 1"),
    "a number of digits": lambda size: '{"elements": ' + "9" * size + "}",
    "a line of digits": lambda size: '{"elements": [{"kind": "action", "text": "x", "line": ' + "9" * size + "}]}",
    "a level of digits": lambda size: '{"elements": [{"kind": "section", "text": "x", "level": ' + "9" * size + "}]}",
    "a fraction": lambda size: '{"elements": [{"kind": "section", "text": "x", "level": 1.' + "0" * size + "}]}",
    "infinity": lambda size: '{"elements": [{"kind": "section", "text": "x", "level": 1e999}]}',
    "not a number": lambda size: '{"elements": [{"kind": "section", "text": "x", "level": NaN}]}',
    "keys twice": _within(("{", '"elements": []}'), '"elements": [], '),
    "keys that nobody knows": lambda size: "{" + ", ".join(f'"k{n}": 1' for n in range(size // 12)) + "}",
    "title keys": lambda size: '{"title_page": {' + ", ".join(f'"k{n}": ["x"]' for n in range(size // 15)) + "}}",
    "title keys with wrong values": lambda size: '{"title_page": {' + ", ".join(f'"k{n}": 1' for n in range(size // 12)) + "}}",
    "wrong title lines": _within(('{"title_page": {"Title": [1', "]}}"), ", 1"),
    "title lines": _within(('{"title_page": {"Title": ["x"', "]}}"), ', "x"'),
    "one text": lambda size: json.dumps({"elements": [{"kind": "action", "text": "word " * (size // 5)}]}),
    "one name": lambda size: json.dumps({"elements": [{"kind": "character", "name": "A" * size}]}),
    "brackets in a note": lambda size: json.dumps({"elements": [{"kind": "note", "text": "]" * size + "x"}]}),
    "ends in a boneyard": lambda size: json.dumps({"elements": [{"kind": "boneyard", "text": "*/" * (size // 2) + "x"}]}),
    "brackets of a parenthetical": lambda size: json.dumps({"elements": [{"kind": "parenthetical", "text": "(" * size}]}),
    "blank lines in a text": lambda size: json.dumps({"elements": [{"kind": "dialogue", "text": "\n" * size + "x"}]}),
    "escapes": _within(('{"elements": [{"kind": "action", "text": "x', '"}]}'), "\\u0041"),
    "lone surrogates": _within(('{"elements": [{"kind": "action", "text": "x', '"}]}'), "\\ud800"),
    "lone surrogates, bare": _within(('{"elements": [{"kind": "action", "text": "x', '"}]}'), "\ud800"),
    "NULs": _within(('{"elements": [{"kind": "action", "text": "x', '"}]}'), "\\u0000"),
    "empty texts": _within(('{"elements": [' + _ACTION, "]}"), ', {"kind": "dialogue", "text": ""}'),
    "blank lines": _within(('{"elements": [', "]}"), "\n"),
    "a string that never ends": lambda size: '{"elements": "' + "x" * size,
    "commas": _within(('{"elements": [', "]}"), ","),
    "actions": _within(('{"elements": [' + _ACTION, "]}"), ", " + _ACTION),
}  # fmt: skip
"""JSON, sound and not."""


def _joined(*parts: bytes) -> Callable[[int], bytes]:
    return lambda size: b"".join(parts) * max(1, size // sum(map(len, parts)))


BYTES: dict[str, Callable[[int], bytes]] = {
    "no UTF-8": _joined(b"word \xff\n"),
    "no UTF-8 at the end": lambda size: b"word " * (size // 5) + b"\xe2\x82",
    "overlong UTF-8": _joined(b"\xc0\x80 word "),
    "surrogates in UTF-8": _joined(b"\xed\xa0\x80 word "),
    "beyond Unicode": _joined(b"\xf7\xbf\xbf\xbf word "),
    "UTF-16 with half a letter": lambda size: b"\xff\xfe" + "word ".encode("utf-16-le") * (size // 10) + b"x",
    "UTF-16 of surrogates": lambda size: b"\xff\xfe" + b"\x00\xd8" * (size // 2),
    "UTF-16 without its mark": lambda size: "word ".encode("utf-16-le") * (size // 10),
    "UTF-16 without its mark, big end first": lambda size: "word ".encode("utf-16-be") * (size // 10),
    "UTF-16 without its mark, half a letter": lambda size: "word ".encode("utf-16-be") * (size // 10) + b"x",
    "UTF-32": lambda size: b"\xff\xfe\x00\x00" + "word ".encode("utf-32-le") * (size // 20),
    "UTF-32 of nothing": lambda size: b"\xff\xfe\x00\x00" + b"\xff" * size,
    "two marks": lambda size: b"\xef\xbb\xbf" * 2 + b"word " * (size // 5),
    "marks": _joined(b"\xef\xbb\xbf"),
    "NULs": _joined(b"\x00"),
    "NULs after a text": lambda size: b"word " * 20_000 + b"\x00" * size,
    "every byte": _joined(bytes(range(256))),
    "every high byte": _joined(b"word " * 8 + bytes(range(128, 256))),
    "CP1252": _joined(b"caf\xe9 \x93word\x94 "),
    "Mac Roman": _joined(b"caf\x8e \xd2word\xd3 "),
    "blank": _joined(b" \n"),
    "a PDF's mark": lambda size: b"%PDF-1.7" + b"x" * size,
    "an archive's mark": lambda size: b"PK\x03\x04" + b"x" * size,
}
"""For what tells encodings and formats: a text, or a ReadError."""

KINDS: dict[str, dict[str, Callable[[int], str]] | dict[str, Callable[[int], bytes]]] = {
    "fountain": TEXT,
    "text": TEXT,
    "prose": TEXT,
    "detect": TEXT,
    "fdx": FDX,
    "html": HTML,
    "json": JSON,
    "bytes": BYTES,
    "pdf": PDF,
}
"""By what reads them: a format, `prose`, `detect`, or `bytes` for a file that is opened whatever it is."""
