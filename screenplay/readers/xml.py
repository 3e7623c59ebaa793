"""XML as plain nodes that know their line: no DTD, no entities of its own, no namespaces, bounded depth."""

from __future__ import annotations

import codecs
import re
import warnings
from dataclasses import dataclass, field
from xml.parsers import expat

from screenplay import files
from screenplay.errors import ReadError, ReadWarning

DECLARED = re.compile(rb"""\A\s*<\?xml\s[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z][\w.\-]{0,40})["']""")
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]{0,400}\?>")
_HEAD_BYTES = 2048
_MEANT = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8"}
"""What files are in that name these; five bytes differ in CP1252, and text has none of them."""
_MAX_DEPTH = 64
"""Final Draft nests fewer than 12 elements."""


@dataclass(slots=True)
class Node:
    """One element, or a comment (its tag is `!`)."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Node | str] = field(default_factory=list)
    """Elements, comments and text, in order; text as it stands, perhaps in several pieces."""

    def nodes(self, tag: str | None = None) -> list[Node]:
        """The child elements (of this tag), in order."""
        return [child for child in self.children if isinstance(child, Node) and tag in (None, child.tag)]

    def get(self, name: str) -> str:
        """An attribute without outer white space; empty where there is none."""
        return self.attributes.get(name, "").strip()

    def text(self) -> str:
        """All text inside, without comments."""
        parts: list[str] = []
        for child in self.children:
            if isinstance(child, str):
                parts.append(child)
            elif child.tag != "!":
                parts.append(child.text())
        return "".join(parts)


def decode(data: bytes, *, source: str, declared: re.Pattern[bytes] = DECLARED) -> str:
    """Bytes as text: by the mark at their start, else in the encoding that `declared` finds, else as any text.

    Raises:
        ReadError: These are no text.
    """
    found = declared.search(data[:_HEAD_BYTES])
    if found is None or data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return files.decode(data, source=source)
    name = found[1].decode("ascii")
    try:
        encoding = _MEANT.get(name.lower(), name)
        encoding = codecs.lookup(encoding).name
        if encoding.startswith(("utf-16", "utf-32")):
            encoding = "utf-8"  # the declaration itself could be read byte by byte, so it is out of date
        return data.decode(encoding)
    except (LookupError, UnicodeDecodeError, ValueError):
        # ValueError: what Python calls a codec but is none for text ("hex").
        message = f"the file calls itself {name}, but can't be read so"
        warnings.warn(ReadWarning(message, source=source, line=1), stacklevel=2)
        return files.decode(data, source=source)


def parse(text: str, *, root: str, keep: frozenset[str], source: str, program: str) -> Node:
    """The tree of an XML text, with only those of the root's children whose tag is in `keep`.

    Raises:
        ReadError: It is not well-formed, ends early, has a DTD, is nested without end, or has another root.
    """
    builder = _Builder(root, keep, source, program)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.CharacterDataHandler = builder.data
    parser.CommentHandler = builder.comment
    parser.EndElementHandler = builder.end
    parser.StartElementHandler = lambda tag, attributes: builder.start(tag, attributes, parser.CurrentLineNumber)
    # The text is decoded already, whatever its declaration says; and some programs put a blank line before it.
    text = text.removeprefix("\ufeff")
    if declaration := _DECLARATION.match(text):
        text = re.sub(r"\S", " ", declaration[0]) + text[declaration.end() :]
    try:
        parser.Parse(text.encode("utf-8", errors="replace"), True)
    except expat.ExpatError as error:
        raise ReadError(
            builder.fault(error.code),
            source=source,
            line=error.lineno,
            column=error.offset + 1,
            expected=builder.expected(error.code),
            todo=f"Export it again from {program}",
        ) from error
    assert builder.root is not None
    return builder.root


class _Builder:
    """What expat calls while it reads."""

    def __init__(self, root: str, keep: frozenset[str], source: str, program: str) -> None:
        self.root: Node | None = None
        self._root_tag = root
        self._keep = keep
        self._source = source
        self._program = program
        self._open: list[Node] = []
        self._skipped: list[str] = []
        """Open elements of a part that isn't kept."""

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        if self._skipped or (len(self._open) == 1 and tag not in self._keep):
            self._skipped.append(tag)
            return
        if not self._open and tag != self._root_tag:
            raise ReadError(
                f"this is XML, but <{tag[:40]}> opens it",
                source=self._source,
                line=line,
                expected=f"<{self._root_tag}>",
                todo=f"Name a file that {self._program} wrote",
            )
        if len(self._open) >= _MAX_DEPTH:
            raise ReadError(
                f"<{tag[:40]}> is nested more than {_MAX_DEPTH} deep",
                source=self._source,
                line=line,
                todo=f"Export it again from {self._program}",
            )
        node = Node(tag, attributes, line)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, tag: str) -> None:
        (self._skipped or self._open).pop()

    def data(self, text: str) -> None:
        if self._open and not self._skipped:
            self._open[-1].children.append(text)

    def comment(self, text: str) -> None:
        if self._open and not self._skipped:
            self._open[-1].children.append(Node("!", {}, 0, [text]))

    def doctype(self, name: str, system_id: str | None, public_id: str | None, subset: bool) -> None:
        raise ReadError(
            "this XML has a document type definition",
            source=self._source,
            expected=f"none, as {self._program} writes none",
            todo="Take out the <!DOCTYPE …> if you trust the file",
        )

    def _inside(self) -> str:
        tags = [node.tag for node in self._open] + self._skipped
        return f" inside <{tags[-1][:40]}>" if tags else ""

    def fault(self, code: int) -> str:
        if code in _EARLY:
            return f"the file ends{self._inside()}" if self._open else "the file holds no XML"
        return f"this is no well-formed XML ({expat.ErrorString(code)}){self._inside()}"

    def expected(self, code: int) -> str | None:
        return f"</{self._root_tag}>" if code in _EARLY else None


_EARLY = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}
"""Faults that say that the end is missing."""
