"""Shows a collection: what is in it, who speaks how much, which films it has, what was skipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from cli import console
from cli.collection import Collection, Entry, Tally
from cli.manifest import Film, FilmManifest

_LINES = 36
"""So many voices are shown, of all screenplays together."""
_FEWEST, _MOST = 3, 12
"""Voices of one screenplay."""
_NAME_CHARS = 24
_SHA256_CHARS = 12


def counted(number: int, what: str) -> str:
    """`1 scene`, `2 scenes`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def totals(tallies: Sequence[Tally]) -> str:
    """How much there is in all."""
    scenes, cues, voices = (
        sum(t.scenes for t in tallies),
        sum(t.cues for t in tallies),
        sum(len(t.speakers) for t in tallies),
    )
    parts = (len(tallies), "screenplay"), (scenes, "scene"), (cues, "cue"), (voices, "voice")
    return ", ".join(counted(number, what) for number, what in parts)


def show_tallies(rows: Sequence[tuple[str, Tally, str]]) -> None:
    """A row for each screenplay: title, counts, share of what is said, and a remark where there is room."""
    remarks = max((console.cells(remark) for _, _, remark in rows), default=0)
    room = console.width() - 24 if console.shows_pages() else 10_000
    has_share = room >= 12 + 10
    room -= 10 if has_share else 0
    title_cells = min(max(8, room), max([5, *(console.cells(title) for title, _, _ in rows)]))
    has_remarks = remarks > 0 and title_cells + 2 + remarks <= room
    console.put(f"{_padded('title', title_cells)}  scenes    cues  voices{'  dialogue' * has_share}\n", "talk")
    for title, tally, remark in rows:
        words = tally.words_said + tally.words_told
        share = f"{100 * tally.words_said / words:.0f} %" if words else ""
        console.put(_padded(title, title_cells), "heading")
        console.put(f"  {tally.scenes:>6,}  {tally.cues:>6,}  {len(tally.speakers):>6,}{f'  {share:>8}' * has_share}")
        console.put(f"  {remark}\n" if has_remarks and remark else "\n", "talk")


def show_collection(collection: Collection, manifest: FilmManifest | None) -> None:
    """All there is to say about a collection."""
    found = {entry.path: manifest.recognise(entry) if manifest else None for entry in collection.entries}
    titles = {entry.path: _title(entry, found[entry.path]) for entry in collection.entries}
    if collection.entries:
        console.put(f"{collection.name}: {totals([entry.tally for entry in collection.entries])}\n\n")
        show_tallies(
            [
                (titles[e.path], e.tally, f"{e.sha256[:_SHA256_CHARS]}  {console.printable(e.path)}")
                for e in collection.entries
            ]
        )
        console.put("\n")
        _show_voices([(titles[entry.path], entry.tally) for entry in collection.entries])
    if manifest is not None:
        _show_films(manifest, found)
    if collection.skipped:
        console.put("skipped\n", "heading")
        for one in collection.skipped:
            console.put(f"  {console.printable(one.path)}: {one.reason}\n", "talk")


def _title(entry: Entry, found: tuple[Film, str] | None) -> str:
    return found[0].title if found else entry.title


def _show_films(manifest: FilmManifest, found: dict[str, tuple[Film, str] | None]) -> None:
    console.put(f"of the films of {manifest.name}\n", "heading")
    for film in manifest.films:
        known = [
            (console.printable(PurePath(path).name), which[1])
            for path, which in found.items()
            if which and which[0] == film
        ]
        # Two drafts are two lines.
        for name, how in known:
            console.put(f"  {film}: {name}, known by {how}\n", "good")
        if not known:
            console.put(f"  {film}: missing\n", "talk")
    console.put("\n")


def _show_voices(screenplays: Sequence[tuple[str, Tally]]) -> None:
    """Who says how many words: the loudest of each screenplay, or of all where there are many."""
    each = max(_FEWEST, min(_MOST, _LINES // len(screenplays)))
    if each * len(screenplays) <= _LINES:
        for title, tally in screenplays:
            _plot(f"who speaks in {title}", list(tally.speakers.items()), tally.words_said, most=each)
        return
    voices = [
        (f"{name} ({title})", words) for title, tally in screenplays for name, words in tally.speakers.items() if words
    ]
    voices.sort(key=lambda voice: -voice[1])
    _plot("who speaks most", voices, sum(words for _, words in voices), most=_LINES)


def _plot(heading: str, voices: Sequence[tuple[str, int]], words: int, *, most: int) -> None:
    if not words:
        return
    console.put(f"{heading}\n", "heading")
    shown = [*voices[:most]]
    rest = voices[most:]
    if len(rest) == 1:
        shown, rest = [*voices], []
    rows = [(name, number, f"{100 * number / words:.0f} %") for name, number in shown]
    if rest:
        number = sum(number for _, number in rest)
        rows.append((f"{len(rest):,} others", number, f"{100 * number / words:.0f} %"))
    if console.shows_pages():
        console.bars(rows, longest=max(number for _, number in shown), name_cells=_NAME_CHARS)
    else:
        for line in _plain(rows):
            console.put(line)
    console.put("\n")


def _plain(rows: Sequence[tuple[str, int, str]]) -> Iterator[str]:
    for name, number, share in rows:
        yield f"{number:>9,} words  {share:>5}  {name}\n"


def _padded(text: str, cells: int) -> str:
    text = console.cut(text, cells)
    return text + " " * (cells - console.cells(text))
