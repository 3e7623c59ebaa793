"""The README promises what the command line keeps, and CI runs what the README says."""

from __future__ import annotations

import re
import shlex
from itertools import takewhile
from pathlib import Path

import pytest
import typer

from cli.app import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def shown() -> list[list[str]]:
    """Each `$ lebowski-gen …` of the README, without what the shell takes for itself."""
    texts = [text for block in blocks("console") for text in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    lines = [shlex.split(text, comments=True) for text in texts]
    return [list(takewhile(lambda word: word not in ("<", ">", "|"), line)) for line in lines]


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_readme_names_every_command(command: str) -> None:
    assert f"lebowski-gen {command}" in README


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_readme_names_every_option(command: str) -> None:
    options = [spelling for parameter in COMMANDS[command].params for spelling in parameter.opts if spelling[0] == "-"]
    assert [option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", README)] == []


@pytest.mark.parametrize("line", shown(), ids=" ".join)
def test_every_command_line_of_the_readme_is_understood(line: list[str]) -> None:
    assert line[0] == "lebowski-gen"
    command = COMMANDS[line[1]]
    command.make_context(line[1], line[2:])  # raises what the command line would print


def test_ci_runs_the_lines_that_a_newcomer_pastes() -> None:
    lines = [block.removesuffix("\n") for block in blocks("sh")]
    assert len(lines) >= 2
    asked = re.findall(r"readme_line '([^']+)'", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    first = [
        next(line for line in README.splitlines() if re.match(f"python3 -m venv .*{part}", line)) for part in asked
    ]
    assert first == lines
