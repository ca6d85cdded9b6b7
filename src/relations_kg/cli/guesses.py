"""Suggestions for guessed commands and options, and for long options with one hyphen."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from contextlib import suppress

import click

from relations_kg._files import toml
from relations_kg.answers.parameters import Parameter
from relations_kg.answers.queries import stored_queries
from relations_kg.cli.graph_options import also_of_option
from relations_kg.cli.parameters import StoredCommand
from relations_kg.errors import RelationsError
from relations_kg.rdf.formats import suffixes
from relations_kg.rdf.spelling import nearest
from relations_kg.sparql.evaluation import is_sparql

_FILES = (".rq", ".sparql", *suffixes())
# The commands whose error for a missing argument mentions - for standard input.
_OF_INPUT = ("diff", "draft", "passage", "passages", "validate")
_COMMON = ("endpoint", "facts", "format", "only", "output", "store", "timeout")
_OF_QUERY = ("--output", "--format", "--facts", "--store", "--endpoint", "--quiet", "--timeout")
_CLUSTER = re.compile(r"-([A-Za-z][\w-]+)(=.*)?", re.DOTALL)


def instead_of(word: str, commands: Iterable[str]) -> str:
    """Return what to write instead of a word that is not a command."""
    program, asked = "relations-kg", word.lower().lstrip("-")
    for command, words in _guesses()["commands"].items():
        if asked in words.split():
            return f"use {program} {command}"
    if asked in stored_queries():
        return f"{asked} is a stored query; use {program} query {asked}"
    if is_sparql(f"{word} "):
        return f"use {program} query '{word.split()[0].upper()} …'"
    if word.endswith(_FILES):
        return f"use {program} {'query' if word.endswith(_FILES[:2]) else 'validate'} {word}"
    if near := nearest(asked, commands):
        return f"did you mean {' or '.join(f'{program} {name}' for name in near)}?"
    # Queries have plural names, so a misspelt singular may be nearer to another command.
    plural = {name.removesuffix("s"): name for name in stored_queries()}
    near = nearest(asked, stored_queries()) or [plural[name] for name in nearest(asked, plural)]
    if near:
        return f"did you mean {' or '.join(f'{program} query {name}' for name in near)}?"
    for command, words in _guesses()["commands"].items():
        if nearest(asked, words.split(), most=1):
            return f"use {program} {command}"
    return f"see {program} --help; to find a thing, use {program} search {word!r}"


def instead_of_parameter(word: str, known: Sequence[str], help: str | None) -> str | None:
    """Return what to write instead of a parameter that a stored query does not have.

    `known` are its parameters. Returns the `help` of the error if nothing else is meant.

    >>> instead_of_parameter("limit", [], None)
    'a stored query lists all rows; pass its CSV on: … -f csv | head'
    >>> [instead_of_parameter(word, [], None) for word in ("fromat", "out", "party")]
    ['did you mean the option --format?', 'did you mean the option --output?', None]
    """
    for tool, words in _guesses()["shaping"].items():
        if word in words.split():
            return f"a stored query lists all rows; pass its CSV on: … -f csv | {tool}"
    near = nearest(word, [name[2:] for name in _OF_QUERY], most=1)
    meant = [f"--{near[0]}"] if near and not nearest(word, known, 1) else []
    if not meant and "did you mean" not in f"{help}":
        meant = [name for name in _meant(word) if name in _OF_QUERY]
    return f"did you mean the option {meant[0]}?" if meant else help


def _meant(asked: str) -> list[str]:
    return [name for name, words in _guesses()["options"].items() if asked in words.split()]


def instead_of_option(error: click.NoSuchOption) -> str:
    """Return the message for an option that a command does not have."""
    command = error.ctx.command if error.ctx else None
    own = [name for each in command.params for name in each.opts] if command else []
    asked = error.option_name.lower().lstrip("-")
    found = [name for name in _meant(asked) if name in own]
    found = found or nearest(error.option_name, [name for name in own if name.startswith("--")])
    name = command.name if command and command.name != "commands" else ""
    if not name and asked in _COMMON:
        option = f"--{asked}"
        return f"{option} is before the command; write relations-kg COMMAND {option} …"
    choices = [each.type for each in command.params if "--format" in each.opts] if command else []
    if any(isinstance(each, click.Choice) and asked in each.choices for each in choices):
        found = [f"--format {asked}"]
    if not found and (instead := _guesses()["elsewhere"].get(f"{name} {asked}")):
        return f"No such option {error.option_name!r}; {instead}"
    others = [] if found else _commands_with(error.option_name, error.ctx)
    help = f"relations-kg {name} --help" if name else "relations-kg --help"
    listed = f"did you mean {' or '.join(found)}?" if found else f"see {help}"
    if others:
        listed = f"{', '.join(others)} {'have' if others[1:] else 'has'} it; {listed}"
    return f"No such option {error.option_name!r}; {listed}"


def _guesses() -> dict[str, dict[str, str]]:
    return toml("cli/guesses.toml")


def _commands_with(option: str, context: click.Context | None) -> list[str]:
    root = context.find_root() if context else None
    if root is None or not isinstance(root.command, click.Group):
        return []
    found = []
    for name in root.command.list_commands(root):
        # A command may need an extra that is not installed.
        with suppress(RelationsError):
            command = root.command.get_command(root, name)
            if command and any(option in each.opts for each in command.params):
                found.append(name)
    return found


def _path(context: click.Context) -> list[str]:
    """Return the names of the commands of a context, without that of the program."""
    names: list[str] = []
    while context.parent:
        names.insert(0, f"{context.info_name}")
        context = context.parent
    return names


def _unquoted(context: click.Context, extra: str) -> str | None:
    """Return how to quote a name of several words, for a command that takes only one name."""
    for name, option in (("thing", ""), ("of", "--of ")):
        if given := context.params.get(name):
            return option + shlex.quote(f"{given} {extra}")
    return None


def instead_of_usage(error: click.UsageError) -> str:
    """Return the message for wrong arguments of a command, with the right arguments."""
    message = error.format_message().rstrip(".")
    if isinstance(error, click.BadOptionUsage) and "requires an argument" in message:
        return f"{error.option_name} needs a value; write {error.option_name} VALUE"
    kind = error.param.type if isinstance(error, click.BadParameter) and error.param else None
    if isinstance(error, click.MissingParameter) or "unexpected extra" in message:
        assert error.ctx is not None
        command = error.ctx.command
        listed = re.search(r"extra arguments? \((.+)\)", message)
        if listed and (help := also_of_option(error.ctx.params, listed[1].split())):
            return f"{message}; {help}"
        needed = [p for p in command.params if isinstance(p, click.Option) and p.required]
        options = [f"{each.opts[0]} {each.metavar or each.name}" for each in needed]
        pieces = [each for each in command.collect_usage_pieces(error.ctx) if each != "[OPTIONS]"]
        names = ["relations-kg", *_path(error.ctx)]
        usage = " ".join((*names, *pieces, *options))
        if listed and (named := _unquoted(error.ctx, listed[1])):
            usage = f"{' '.join(names)} {named}, with quotes around a name of several words"
        elif listed and any("--of" in each.opts for each in command.params):
            usage += f" --of {listed[1]}"
        elif listed and command.name == "info":
            usage = f"relations-kg show {shlex.quote(listed[1])}"
        input = ", or - for standard input" * (command.name in _OF_INPUT and "Missing" in message)
        return f"{message}; write {usage}{input}"
    if isinstance(kind, click.IntRange | click.FloatRange):
        what = "a whole number" if isinstance(kind, click.IntRange) else "a number"
        to = "up" if kind.max is None else f"to {kind.max}"
        limits = f"over {kind.min}" if kind.min_open else f"from {kind.min} {to}"
        return f"{message}; give {what} {limits}"
    group = error.ctx.command if error.ctx else None
    if error.ctx and isinstance(group, click.Group) and ";" not in message:
        known = (f"relations-kg {group.name} {name}" for name in group.list_commands(error.ctx))
        # The suggestion of click is left out: it suggests "recover" for "remove".
        return f"{message.partition('. Did you mean')[0]}; use {' or '.join(known)}"
    return error.format_message()


def check_hyphens(command: click.Command, words: Sequence[str]) -> None:
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
    known = command.stored() if isinstance(command, StoredCommand) else {}
    return next((known[word].parameters for word in words if word in known), ())
