"""The `lebowski-gen` command: parses the command line, prints what went wrong, chooses the exit code."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from cli import console, convert, corpus, evaluate, parse, train, write
from model.errors import CheckpointError, RequestError, UnknownCharacterError
from screenplay.errors import LebowskiGenError, ReadError

DONE, FAILED, USAGE, UNREADABLE, UNUSABLE, INTERRUPTED = 0, 1, 2, 3, 4, 130
"""Exit codes: 3 is an unreadable screenplay, 4 an unusable model."""

app = typer.Typer(
    name="lebowski-gen",
    add_completion=False,
    # Help in panels costs 0.1 s of imports each time.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # 30 ms, for those who ask

        typer.echo(f"lebowski-gen {version('lebowski-gen')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def lebowski_gen(
    context: typer.Context,
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Read screenplays, learn their voices, and write new scenes in them."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


app.command("write")(write.write)
app.command("train")(train.train)
app.command("evaluate", cls=evaluate.ManyFiles)(evaluate.evaluate)
app.command("corpus")(corpus.corpus)
app.command("parse")(parse.parse)
app.command("convert")(convert.convert)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line (the process's own if there is none), and give its exit code."""
    # Before torch is loaded: threads that spin for long while they wait take the core from those they wait for; where
    # they sleep at once, a quiet machine is a sixth slower.
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    console.open_output()
    command = typer.main.get_command(app)
    try:
        with console.reading():
            # typer's own `main` swallows a broken pipe, and tells Ctrl-C from other endings less well.
            given = list(sys.argv[1:] if arguments is None else arguments)
            with command.make_context("lebowski-gen", given) as context:
                command.invoke(context)
        console.close_output()
    except typer.Exit as ending:
        return _closed(ending.exit_code)
    except BrokenPipeError:
        return _closed(FAILED)  # without a word: `| head` has all it wanted
    except (KeyboardInterrupt, typer.Abort):
        console.say("interrupted")
        return _closed(INTERRUPTED)
    except typer.TyperException as error:
        console.fail(_usage(error))
        return USAGE
    except LebowskiGenError as error:
        console.fail(str(error))
        return exit_code(error)
    return DONE


def _closed(code: int) -> int:
    with contextlib.suppress(BrokenPipeError, LebowskiGenError):
        console.close_output()
    return code


def exit_code(error: LebowskiGenError) -> int:
    """Which exit code tells a script what kind of failure this is."""
    match error:
        case ReadError():
            return UNREADABLE
        case CheckpointError():
            return UNUSABLE
        case RequestError() | UnknownCharacterError():
            return USAGE
        case _:
            return FAILED


def _usage(error: typer.TyperException) -> str:
    message = " ".join(error.format_message().split()).replace("Value error, ", "")
    context = getattr(error, "ctx", None)
    if context is None:
        return message
    return f"{message}{'' if message.endswith(('.', '?')) else '.'} Try: {context.command_path} --help"


if __name__ == "__main__":
    sys.exit(main())
