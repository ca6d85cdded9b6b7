"""The choice of rules whose findings are reported, and their severities."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Self

from relations_kg.errors import InputError
from relations_kg.rdf.namespaces import SH
from relations_kg.rdf.spelling import did_you_mean
from relations_kg.rdf.terms import value
from relations_kg.validation.findings import Finding, Kind
from relations_kg.validation.messages import CORE
from relations_kg.validation.shape_files import bundled
from relations_kg.validation.shapes import Shapes
from relations_kg.validation.violations import kebab

# These codes mean that a part was not checked, so they are always reported as errors.
ALWAYS = ("syntax", "unknown-prefix", "unreadable", "nothing-checked")
GRADES = ("error", "warning")
# The codes of findings that come neither from a shape nor from a query.
_OTHERS = (
    *("wrong-prefix", "short-form", "triple-term", "vocabulary", "identifier", "empty", "bundled"),
    *("date", "amount", "lexical", "language", "duplicate", "contradiction"),
)


@dataclass(frozen=True)
class Rules:
    """The rules whose findings are reported: all or selected rules, without ignored rules.

    A rule is named by the code of its findings or by its own name, such as
    `MissionShape-sendingParty`. `severity` replaces the severity of findings; a rule's own name
    takes precedence over the code.

    >>> Rules.of(ignore="class,duplicate").keep("class", "rkg:MissionShape-sendingParty")
    False
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        select: str | Iterable[str] = (),
        ignore: str | Iterable[str] = (),
        severity: Mapping[str, str] | None = None,
        *,
        where: str = "",
        shapes: Shapes | None = None,
    ) -> Self:
        """Return the choice of rules by names, or by texts with names separated by commas.

        The names are those of rules in `shapes`, by default the bundled ones. Raises InputError for
        an unknown name or severity, and for a code that is always reported; its message begins with
        `where` and the option's name.
        """
        chosen = cls(_split(select), _split(ignore), dict(severity or {}))
        if not (chosen.select or chosen.ignore or chosen.severity):
            return chosen
        names_known = known(shapes or bundled())
        _check_names(f"{where}select", chosen.select, names_known)
        for option, names in (("ignore", chosen.ignore), ("severity", chosen.severity)):
            _check_names(where + option, names, names_known)
            for name in ALWAYS:
                if name in names:
                    problem = f"{name} is always reported, as an error"
                    raise InputError(problem, where=where + option, help="leave it out")
        for name, grade in chosen.severity.items():
            if grade not in GRADES:
                problem = f'"{grade}" is not a severity that {name} can have'
                help = f"write {' or '.join(GRADES)}"
                raise InputError(problem, where=f"{where}severity", help=help)
        return chosen

    def keep(self, code: str, shape: str | None) -> bool:
        """Return whether findings of a rule are reported; `shape` is its IRI or CURIE, if any."""
        names = {code, _local(shape)} if shape else {code}
        is_selected = not self.select or not names.isdisjoint(self.select)
        return code in ALWAYS or (is_selected and names.isdisjoint(self.ignore))

    def part(self, findings: Iterable[Finding]) -> tuple[list[Finding], Counter[Kind]]:
        """Return the reported findings, and the number of ignored findings of each kind."""
        kept: list[Finding] = []
        ignored: Counter[Kind] = Counter()
        for finding in dict.fromkeys(findings):
            if self.keep(finding.code, finding.shape):
                kept.append(finding)
            else:
                ignored[finding.kind] += 1
        return kept, ignored

    def graded(self, finding: Finding) -> Finding:
        """Return a finding with the severity chosen for its rule."""
        own = self.severity.get(_local(finding.shape or ""))
        grade = own or self.severity.get(finding.code)
        return replace(finding, severity=grade) if grade else finding


ALL = Rules()


@lru_cache(4)
def known(shapes: Shapes) -> frozenset[str]:
    """Return the codes of findings and the names of rules."""
    names = {*ALWAYS, *_OTHERS}
    names |= {check.name for check in shapes.checks}
    names |= {kebab(value(q.predicate).removeprefix(SH)) for q in shapes.store} & CORE.keys()
    for shape in shapes.node_shapes:
        names |= {name for each in shape.constraints for name in (each.code, _local(each.name))}
        names |= {_local(value(each)) for each in shape.properties}
    return frozenset(names)


def _local(shape: str) -> str:
    """Return the name of a shape without its namespace or prefix."""
    return re.split("[#:]", shape)[-1]


def _split(names: str | Iterable[str]) -> tuple[str, ...]:
    texts = [names] if isinstance(names, str) else names
    return tuple(name.strip() for text in texts for name in text.split(","))


def _check_names(where: str, names: Iterable[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            problem = f'"{name}" is neither the code of a finding nor the name of a rule'
            help = did_you_mean(name, known) or "docs/mistakes.md lists the codes"
            raise InputError(problem, where=where, help=help)
