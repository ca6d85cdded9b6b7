"""The headers of forms: their parameters, and the things that they compose."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cached_property

from relations_kg.answers.parameters import Parameter
from relations_kg.answers.queries import StoredQuery
from relations_kg.sparql.evaluation import parameter_rows

# The endings of variables that are bound only if the parameter's thing is new.
IRI_OF_NEW, LABEL_OF_NEW = "_new", "_label"
# In a template of labels, a part in square brackets is left out if one of its fields has no value.
# Of alternatives separated by "|", the first with values for all its fields is used. A field
# such as {receiver:Organization} only has a value if this is an instance of the class.
FIELD = re.compile(r"\{(\w+)(?:([+–])(\w+))?(?::(\w+))?\}")
PART = re.compile(r"\[([^\[\]]*)\]")


def labelled(template: str, text: Callable[[re.Match[str]], str | None]) -> str | None:
    """Return a label from its template, or None if a required field has no value.

    `text` returns the text of a field, or None if it has no value.

    >>> labelled("Embassy of {sender}[ in {seat}| to {receiver}]", lambda match: match[1].upper())
    'Embassy of SENDER in SEAT'
    """
    missing = False

    def shown(match: re.Match[str]) -> str:
        nonlocal missing
        found = text(match)
        missing |= found is None
        return found or ""

    def optional(match: re.Match[str]) -> str:
        nonlocal missing
        before = missing
        for choice in match[1].split("|"):
            missing = False
            chosen = FIELD.sub(shown, choice)
            left_out, missing = missing, before
            if not left_out:
                return chosen
        return ""

    label = FIELD.sub(shown, PART.sub(optional, template))
    return None if missing else label[:1].upper() + label[1:]


class Definition(StoredQuery):
    """The header and the SPARQL text of a form."""

    @cached_property
    def variables(self) -> list[str]:
        """The variables of the VALUES line."""
        return next((names for _, names in parameter_rows(self.text)), [])

    def may_be_new(self, parameter: Parameter) -> bool:
        """Return whether a parameter accepts a new thing, which the form describes."""
        return parameter.name + LABEL_OF_NEW in self.variables

    def is_composed(self, parameter: Parameter) -> bool:
        """Return whether the form composes the thing of a parameter from other values."""
        return "{" in (parameter.default or "")

    def fields(self, parameter: Parameter) -> list[str]:
        """Return the parameters needed to compose the thing of a parameter."""
        required = PART.sub("", parameter.default or "")
        return [name for match in FIELD.finditer(required) for name in match.group(1, 3) if name]

    def is_certain(self, parameter: Parameter) -> bool:
        """Return whether a parameter has a value in each row."""
        if not self.is_composed(parameter):
            return parameter.required or bool(parameter.default)
        needed = self.fields(parameter)
        return all(self.is_certain(each) for each in self.parameters if each.name in needed)

    @cached_property
    def of_row(self) -> str | None:
        """The parameter of the thing that is composed anew for each row, or None.

        It is the last of the things that the form composes in each row, since it may be made of
        the others, as a tenure is of its office. A thing with a dash in its label, such as the
        relationship of two parties, is left out, since several rows may name it.
        """
        composed = (p for p in self.parameters if self.is_composed(p) and self.is_certain(p))
        own = [p.name for p in composed if "–" not in (p.default or "")]
        return own[-1] if own else None

    def made_of(self, names: Collection[str]) -> list[str]:
        """Return the parameters needed to compose the things of the named parameters."""
        return [name for p in self.parameters if p.name in names for name in self.fields(p)]
