"""Scenes do not repeat those before them at length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from test_constraints import ALPHABET, after, allowed, named

from model.constraints import Constraint
from model.echoes import EchoGuard, echoes_of

PHRASE = "I never got one of these from the man who"
GUARD = EchoGuard(ALPHABET)


def forbidden(guard: Constraint) -> set[str]:
    return allowed(GUARD) - allowed(guard)


def test_a_run_of_an_earlier_scene_is_not_gone_on_with() -> None:
    earlier = after(GUARD, f"<scene>BAR<action>{PHRASE}<scene>BAR<action>")
    assert forbidden(after(earlier, "I never got one of ")) == set()
    assert forbidden(after(earlier, "I never got one of these ")) == {"f"}
    assert forbidden(after(earlier, "I never got one of these f")) == set()
    assert forbidden(after(earlier, "He never got one of these from ")) == {"t"}
    assert forbidden(after(GUARD, f"<scene>BAR<action>{PHRASE}<action>I never got one of these from ")) == set()


def test_names_and_places_may_return() -> None:
    for opener in ("<scene>", "<scene>BAR<character>"):
        earlier = after(GUARD, f"{opener}{PHRASE}<scene>BAR")
        assert forbidden(after(earlier, f"{opener}I never got one of these from ")) == set()


def test_a_draft_counts_from_the_start() -> None:
    guard = EchoGuard(ALPHABET, echoes_of(named(f"<scene>BAR<dialogue>{PHRASE}.")))
    assert forbidden(after(guard, "<scene>BAR<action>I never got one of these from ")) == {"t"}


@given(st.lists(st.text("ab ", min_size=20, max_size=90), max_size=12))
def test_tables_are_few_and_forget_nothing(streams: list[str]) -> None:
    tables = ()
    for stream in streams:
        tables = echoes_of(stream, tables)
    assert [len(table) for table in tables] == sorted((len(table) for table in tables), reverse=True)
    assert len(tables) <= 8
    for stream in streams:
        for run, symbols in (pair for table in echoes_of(stream) for pair in table.items()):
            assert set(symbols) <= set("".join(table.get(run, "") for table in tables))
