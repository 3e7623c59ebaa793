from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("torch", "numpy", "rich", "regex", "safetensors", "screenplay.elements")
"""What no help needs; typer itself takes pydantic to check an option's default."""


@pytest.mark.parametrize("arguments", [["--help"], ["write", "--help"], ["train", "--help"], ["--version"], []])
def test_help_waits_for_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys; from cli.app import main; main(sys.argv[1:]); "
        f"print(*(m for m in {HEAVY!r} if m in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script, *arguments], check=True, capture_output=True, text=True)
    assert done.stdout
    assert done.stderr.strip() == ""


@pytest.mark.parametrize("arguments", [["parse", "-"], ["convert", "-", "-", "--to", "fountain"]])
def test_reading_needs_no_torch(arguments: list[str]) -> None:
    script = "import sys; from cli.app import main; main(sys.argv[1:]); print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        check=True,
        capture_output=True,
        text=True,
        input="INT. ROOM - DAY\n\nA bell.\n",
    )
    assert done.stdout.splitlines()[-1] == "False"


def test_the_library_alone_is_light() -> None:
    script = f"import sys, screenplay; print(*(m for m in {('pydantic', *HEAVY)!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""
