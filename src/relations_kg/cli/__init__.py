"""The command line: `relations-kg` and its commands."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from keyword import iskeyword
from typing import NoReturn

import click

import relations_kg
from relations_kg._lazy import lazy
from relations_kg.errors import CutOff, QueryTimeout, RelationsError, missing

lazy(__name__, "guesses terminal")

UNUSABLE, LATE, INTERRUPTED = 2, 124, 130
_LONGEST = 1000  # the maximum length of an error message, in characters

# The commands in the order of the help. Each has a module of its name, imported only when the
# command is called.
_COMMANDS = {
    "info": "Count what is in the graph.",
    "query": "Run a stored query by NAME, or SPARQL.",
    "search": "Find things by the WORDS of their names, gists and descriptions.",
    "show": "Show all about one THING: labels, facts by date, passages.",
    "explain": "Explain why a triple holds, or what is missing for it.",
    "source": "List each passage with the facts drawn from it.",
    "passage": "Write a Turtle block for the passage of FILE with these WORDS.",
    "passages": "Split ARTICLE into passages, whose gists you write.",
    "new": "Write one fact as Turtle, from a FORM.",
    "draft": "Write tables of facts found in ARTICLE, for you to review.",
    "import": "Write the rows of TABLE as Turtle, a fact for each row.",
    "validate": "Check new facts together with the known graph.",
    "export": "Export the graph as linked data, or as tables: csv in a folder, or xlsx.",
    "diff": "Show what changes from file A to file B, or to the graph.",
    "push": "Put the graph on the SPARQL 1.1 server at URL.",
    "store": "Check a store on disk, recover its facts, or replace a file of facts in it.",
    "serve": "Serve the graph: pages, linked data, and a SPARQL endpoint.",
    "site": "Write the pages as static files.",
}


class _Commands(click.Group):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _check_hyphens(self, args[:1])
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        # The module and function have an underscore if the command's name is a Python keyword.
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        try:
            module = import_module(f"relations_kg.cli.{name}")
        except ModuleNotFoundError as error:
            if f"{error.name}".startswith("relations_kg"):
                raise
            raise missing(error, "serve", cmd_name) from None
        command: click.Command = getattr(module, name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _COMMANDS and not args[0].startswith("-"):
            help = import_module("relations_kg.cli.guesses").instead_of(args[0], _COMMANDS)
            raise click.UsageError(f"No such command {args[0]!r}; {help}", ctx)
        name, command, others = super().resolve_command(ctx, args)
        if command:
            _check_hyphens(command, others)
        return name, command, others


def _check_hyphens(command: click.Command, words: Sequence[str]) -> None:
    if any(word[:1] == "-" != word[1:2] and word[2:] for word in words):
        import_module("relations_kg.cli.guesses").check_hyphens(command, words)


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--version", is_flag=True, help="Show the version.")
@click.pass_context
def commands(context: click.Context, version: bool) -> None:
    """Ask, show, check and export relations between states, each fact with its passage."""
    if version:
        click.echo(f"relations-kg {relations_kg.__version__}")
    elif context.invoked_subcommand is None:
        import_module("relations_kg.cli.welcome").welcome()


def main() -> None:
    """Run the command line and exit with its status.

    It is 0, 1, 2, 124 (a timeout, or an answer that is cut off) or 130 (Ctrl-C).
    """
    _replace_closed_streams()
    try:
        status = commands.main(standalone_mode=False) or 0
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.NoSuchOption as error:
        status = UNUSABLE
        _complain(import_module("relations_kg.cli.guesses").instead_of_option(error))
    except click.UsageError as error:
        status = UNUSABLE
        _complain(import_module("relations_kg.cli.guesses").instead_of_usage(error))
    except RelationsError as error:
        status = LATE if isinstance(error, QueryTimeout | CutOff) else UNUSABLE
        _complain(str(error))
    except (BrokenPipeError, SystemExit):
        # click raises SystemExit if the reader has closed the pipe.
        status = 0
    except OSError as error:
        status = UNUSABLE
        _complain(_failed(error))
    except MemoryError:
        status = UNUSABLE
        _complain("relations-kg: out of memory; use fewer or smaller files")
    except (KeyboardInterrupt, click.Abort):
        status = INTERRUPTED
    except RuntimeError as error:
        if not _is_engines(error):
            raise
        status = UNUSABLE
        _complain(_failed(error))
    _leave(status)


def _replace_closed_streams() -> None:
    """Open standard streams that are closed at the start, so that no other file gets their number.

    They are opened in the opposite mode, so that reading from or writing to them fails.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if number else os.O_WRONLY)
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)


def _failed(error: Exception) -> str:
    """Return the message for an error of the engine, a file or the output."""
    if _is_engines(error):
        help = "run: relations-kg store check DIR"
        return f"the store cannot be read: {error}; {help}"
    assert isinstance(error, OSError)
    where = error.filename if isinstance(error.filename, str) else "standard output"
    reason = "it is closed" if error.errno == errno.EBADF else error.strerror or error
    return f"{where}: cannot be written: {reason}"


def _is_engines(error: Exception) -> bool:
    return str(error).startswith(("Corruption", "IO error"))


def _complain(message: str) -> None:
    line = "".join(c if c.isprintable() else " " for c in message)
    line = " ".join(line.split())
    if len(line) > _LONGEST:
        line = f"{line[:_LONGEST]}…"
    with suppress(OSError):
        click.echo(line, err=True)


def _leave(status: int) -> NoReturn:
    # Freezing all objects avoids the garbage collection at exit.
    gc.freeze()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            # Output that a closed pipe or a full device has rejected would fail again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        except AttributeError:
            # sys.stdout or sys.stderr is None if it was closed at the start.
            continue
    sys.exit(status)
