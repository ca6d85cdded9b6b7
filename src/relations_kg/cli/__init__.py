"""The command line: `relations-kg` and its commands."""

from __future__ import annotations

import errno
import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

import click

from relations_kg.errors import QueryTimeout, RelationsError

UNUSABLE, LATE, INTERRUPTED = 2, 124, 130
_LONGEST = 1000  # characters of a complaint

# In the order of the help; each is imported when it is called.
_MODULES = {
    "info": "asking",
    "query": "asking",
    "show": "asking",
    "explain": "asking",
    "source": "asking",
    "passage": "asking",
    "validate": "checking",
    "export": "publishing",
    "diff": "publishing",
    "push": "publishing",
    "store": "storing",
    "serve": "serving",
    "site": "serving",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return None
        module = import_module(f"relations_kg.cli.{_MODULES[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


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
        import relations_kg

        click.echo(f"relations-kg {relations_kg.__version__}")
    elif context.invoked_subcommand is None:
        _welcome()


def _welcome() -> None:
    from relations_kg.graph.loading import load

    summary = load().summary()
    things = sum(summary.kinds.values())
    click.echo(
        f"relations-kg: {things} things of {len(summary.kinds)} kinds, {summary.stated} stated and "
        f"{summary.inferred} inferred triples,\n"
        f"drawn from {summary.all_passages} passages, answering {summary.queries} stored queries.\n"
        "\n"
        "Three things to try:\n"
        "  relations-kg query mission-history --sender peru\n"
        "  relations-kg show one-china-policy\n"
        "  relations-kg query --list"
    )


def main() -> None:
    """Run the command line and exit as the contract says: 0, 1, 2, 124 or 130."""
    # A command is over before collecting garbage would pay for itself.
    gc.disable()
    _replace_closed_streams()
    try:
        status = commands.main(standalone_mode=False) or 0
        if sys.stdout is not None:
            sys.stdout.flush()
    except (RelationsError, click.ClickException) as error:
        status = LATE if isinstance(error, QueryTimeout) else UNUSABLE
        _complain(error.format_message() if isinstance(error, click.ClickException) else str(error))
    except (BrokenPipeError, SystemExit):
        # The reader has gone, and wants to hear no more; click tells of it in its own way.
        status = 0
    except OSError as error:
        status = UNUSABLE
        _complain(_failed(error))
    except MemoryError:
        status = UNUSABLE
        _complain("relations-kg: there is not enough memory for this; give it less at once")
    except (KeyboardInterrupt, click.Abort):
        status = INTERRUPTED
    except RuntimeError as error:
        if not _is_engines(error):
            raise
        status = UNUSABLE
        _complain(_failed(error))
    _leave(status)


def _replace_closed_streams() -> None:
    """Open what was closed from the start, so that no file of ours gets its number.

    The other end is one that cannot be used, so that writing fails as on a full device.
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
        help = "relations-kg store check DIR names what is damaged"
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
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            # What a closed pipe or a full device did not take must not fail once more at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        except AttributeError:
            # A stream that was closed from the start is None.
            continue
    sys.exit(status)
