"""Words as a tree of letters, beside the sorted list of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from model.trie import NOWHERE, Trie

letters = st.sampled_from("abé'ßſ’𝔞\ud800")
words = st.sets(st.text(letters, min_size=1, max_size=6)).map(sorted)


def node_of(trie: Trie, text: str) -> int:
    node = 0
    for letter in text:
        node = trie.after(node, letter)
        if node == NOWHERE:
            break
    return node


@given(words, st.text(letters, max_size=7))
def test_a_node_is_there_for_what_words_begin_with_and_for_nothing_else(known: list[str], text: str) -> None:
    trie = Trie.of(known)
    prefixes = {word[:length] for word in known for length in range(len(word) + 1)} | {""}
    nodes = {prefix: node_of(trie, prefix) for prefix in prefixes}
    assert sorted(nodes.values()) == list(range(len(trie.letters)))
    assert (node_of(trie, text) != NOWHERE) == (text in prefixes)
    for prefix, node in nodes.items():
        assert trie.is_word[node] == (prefix in known)
        longer = {each[-1] for each in prefixes if each and each[:-1] == prefix}
        assert trie.following(node) == "".join(sorted(longer))


def test_of_no_words_nothing_goes_on() -> None:
    trie = Trie.of(())
    assert trie.following(0) == ""
    assert trie.after(0, "a") == NOWHERE
    assert trie.is_word.tolist() == [False]


def test_a_word_may_begin_another() -> None:
    trie = Trie.of(("do", "doe", "doe's", "é"))
    assert [text for text in ("", "d", "do", "doe", "doe'", "doe's", "é") if trie.is_word[node_of(trie, text)]] == [
        "do",
        "doe",
        "doe's",
        "é",
    ]
    assert trie.following(0) == "dé"
    assert node_of(trie, "e") == NOWHERE
