from screenplay.elements import Action, Dialogue, Section
from screenplay.readers import prose


def test_what_is_told_is_action_and_what_is_quoted_is_dialogue() -> None:
    text = '# I. The Lane\n\nIt rained.\n\n"You\'re late," said Gus. "Very late."\n\n***\n\nHe said "no" and "never."\n'
    assert prose.read(text, parted=True).elements == (
        Section(text="I. The Lane"),
        Action(text="It rained."),
        Dialogue(text="You're late,"),
        Action(text="said Gus."),
        Dialogue(text="Very late."),
        Action(text="He said"),
        Dialogue(text="no"),
        Action(text="and"),
        Dialogue(text="never."),
    )


def test_a_quote_left_open_runs_to_the_end_of_its_paragraph() -> None:
    text = '"So it began.\n\n"And so it ended."\n\n“Curly,” he said.'
    assert prose.read(text, parted=True).elements == (
        Dialogue(text="So it began."),
        Dialogue(text="And so it ended."),
        Dialogue(text="Curly,"),
        Action(text="he said."),
    )


def test_elements_know_their_line() -> None:
    assert [element.line for element in prose.read('One.\n\n"Two."\r\nThree.').elements] == [1, 3, 4]


def test_what_is_quoted_may_stay_where_it_is() -> None:
    text = '# I. The Lane\n\n"You\'re late," said Gus. "Very late."\n\n***\n\nHe left.\n'
    assert prose.read(text).elements == (
        Section(text="I. The Lane"),
        Action(text='"You\'re late," said Gus. "Very late."'),
        Action(text="He left."),
    )
