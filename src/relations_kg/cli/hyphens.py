"""A check for long options with one hyphen, which click would read as several short options."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from relations_kg.answers.parameters import Parameter
from relations_kg.cli.parameters import StoredCommand

_CLUSTER = re.compile(r"-([A-Za-z][\w-]+)(=.*)?", re.DOTALL)


def check(command: click.Command, words: Sequence[str]) -> None:
    """Raise click's error for the first long option that is written with only one hyphen.

    Short options may be combined, also with a value: -qf csv, -fcsv.
    """
    options = [each for each in command.params if isinstance(each, click.Option)]
    flags = {name: each.is_flag for each in options for name in each.opts}
    flags |= {"-h": True, "--help": True}
    flags |= {f"--{p.name}": p.type == "boolean" for p in _parameters(command, words)}
    for index, word in enumerate(words):
        if word == "--":
            return
        if not (found := _CLUSTER.fullmatch(word)):
            continue
        name, value = found[1], found[2] or ""
        if f"--{name}" in flags:
            raise click.UsageError(f"{word} has one hyphen; write --{name}{value}")
        before = words[index - 1] if index else ""
        # The word after an option may be its value.
        is_option = before.startswith("--" if before not in flags else "-") and "=" not in before
        is_value = is_option and not flags.get(before)
        if not is_value and not _is_of_short(name, flags):
            # For other commands, click reports the word.
            if isinstance(command, StoredCommand):
                raise click.UsageError(f"{word} has one hyphen; an option such as --{name} has two")
            if name.startswith("h"):
                raise click.NoSuchOption(word, ctx=click.Context(command, info_name=command.name))


def _is_of_short(name: str, flags: dict[str, bool]) -> bool:
    """Return whether a word consists of short options, the last possibly with a value."""
    for place, letter in enumerate(name):
        is_flag = flags.get(f"-{letter}")
        if is_flag is None or (letter == "h" and len(name) > 1):
            return False
        if not is_flag:
            return place < len(name)
    return True


def _parameters(command: click.Command, words: Sequence[str]) -> Sequence[Parameter]:
    """Return the parameters of the stored query or form that the words name."""
    known = command.stored() if isinstance(command, StoredCommand) else {}
    return next((known[word].parameters for word in words if word in known), ())
