"""The parameters of stored queries and forms as options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import takewhile

import click

from relations_kg.answers.parameters import Parameter
from relations_kg.answers.queries import StoredQuery
from relations_kg.cli.graph_options import also_of_option
from relations_kg.sparql.evaluation import is_sparql

_MOST_NAMED = 3
# Parameters for the second party of a relation.
_PARTNERS = ("other", "counterpart")


class StoredCommand(click.Command):
    """A command whose help begins with the stored query or form that the arguments name."""

    stored: Callable[[], Mapping[str, StoredQuery]]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, which are kept for the help."""
        ctx.meta[__name__] = list(args)
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the stored query or form that the arguments name before the help."""
        words, stored = ctx.meta[__name__], self.stored()
        name = next((word for word in words if word in stored), words[0])
        if not name.startswith("-") and not is_question(name):
            formatter.write(f"{described(name, stored[name])}\n\n")
        super().format_help(ctx, formatter)


def is_question(word: str) -> bool:
    """Return whether a word is SPARQL or the name of a SPARQL file, not of a stored query."""
    return word == "-" or "/" in word or word.endswith((".rq", ".sparql")) or is_sparql(word)


def parse(
    words: Sequence[str], parameters: Collection[Parameter] | None
) -> dict[str, str | list[str]]:
    """Return the values of options by name; an option that takes several values may be repeated.

    Without `parameters`, any name is accepted. With them, an unknown name may lack a value, since
    the caller reports the name.

    >>> parse(["--host", "peru", "--all"], [Parameter("all", "boolean")])
    {'host': 'peru', 'all': 'true'}
    >>> parse(["--made-of", "gold"], [Parameter("made_of", "goods")])
    {'made_of': 'gold'}
    """
    known = {parameter.name: parameter for parameter in parameters or ()}
    values: dict[str, str | list[str]] = {}
    queue = list(words)
    while queue:
        word = queue.pop(0)
        option, sign, value = word.partition("=")
        name = option.lstrip("-")
        # Options are often written with hyphens, which no variable of SPARQL has.
        name = variable if (variable := name.replace("-", "_")) in known else name
        is_short = parameters is not None and re.fullmatch("-[a-zA-Z]", option)
        if not name or not (option.startswith("--") or is_short):
            more = takewhile(lambda each: not each.startswith("-"), queue)
            raise click.UsageError(_not_an_option(" ".join((word, *more)), values, known))
        of_type = known[name].type if name in known else ""
        is_several = name in known and known[name].several
        if name in values and not is_several:
            help = "give one value at a time, and run the command once for each value"
            help = "leave one out" if of_type == "boolean" else help
            partner = next((each for each in _PARTNERS if each in known), None)
            theirs = known[partner].type if partner and partner not in values else ""
            if theirs and of_type in (theirs, *theirs.split("|")):
                help = f"give the other as --{partner}, or run the command once for each value"
            raise click.UsageError(f"{option} is given twice; {help}")
        if of_type == "boolean" and not sign:
            value = "true"
        elif not sign and queue and not re.match("--[a-zA-Z]", queue[0]):
            value = queue.pop(0)
        elif not sign and (name in known or parameters is None):
            raise click.UsageError(f"{option} needs a value; write {option} VALUE")
        if of_type not in ("", "text") and not value.strip():
            raise click.UsageError(f"{option} needs a value; write {option} VALUE")
        earlier = values.get(name, [])
        values[name] = [*_listed(earlier), value] if name in values else value
    return values


def _not_an_option(
    words: str, values: Mapping[str, str | list[str]], known: Mapping[str, Parameter]
) -> str:
    """Return the message for words in place of an option; `values` are the options before them."""
    word = words.split()[0] if words.split() else words
    context = click.get_current_context(silent=True)
    if context and (help := also_of_option(context.params, words.split())):
        return f"{word!r} is not a parameter; {help}"
    name, sign, value = word.partition("=")
    last = [*values][-1] if values else ""
    of_type = known[last].type if last in known else ""
    if of_type == "boolean" and not sign:
        return f"--{last} takes no value; leave {word!r} out"
    free = [each.name for each in known.values() if each.is_thing and each.name not in values]
    things = [f"--{each} {word}" for each in free if not sign][:_MOST_NAMED]
    if of_type and not sign and word[:1].isalpha() and isinstance(values[last], str):
        quoted = shlex.quote(f"{values[last]} {words}")
        others = f"; or {' or '.join(things)}" if things and word == words else ""
        help = f"write --{last} {quoted}, with quotes around a name of several words{others}"
        return f"{word!r} is not a parameter; {help}"
    usage = f"--{name} {value}" if name in known and value else " or ".join(things)
    usage = usage or "--NAME VALUE"
    return f"{word!r} is not a parameter; write {usage}"


def check_first(word: str, others: Sequence[str], known: Mapping[str, StoredQuery]) -> None:
    """Raise click's error for an option in place of the name of a stored query or form."""
    if not word.startswith("--"):
        return
    context = click.get_current_context()
    program = f"relations-kg {context.command.name}"
    option, sign, value = word.partition("=")
    value = value if sign else next(iter(others), "")
    named = known[value].parameters if value in known else ()
    types = {parameter.name: parameter.type for parameter in named}
    if (value in known or is_question(value)) and option[2:] not in types:
        raise click.UsageError(f"No such option {option!r}; write {program} {shlex.quote(value)}")
    if types.get(option[2:]) == "boolean":
        raise click.UsageError(f"{option} is before the name; write {program} {value} {option}")
    if others:
        raise click.UsageError(f"{option} is before the name; write {program} NAME {option} VALUE")
    raise click.NoSuchOption(word, ctx=context)


def described(name: str, question: StoredQuery) -> str:
    """Return the summary and the parameters of a stored query or form, in lines."""
    parameters = (f"    --{parameter}" for parameter in question.parameters)
    return "\n".join((name, f"    {question.summary}", *parameters))


def list_stored(stored: Mapping[str, StoredQuery], name: str | None) -> None:
    """Print all stored queries or forms, or one of them, with summary and parameters."""
    for each in stored if name is None else [name]:
        click.echo(described(each, stored[each]))


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]
