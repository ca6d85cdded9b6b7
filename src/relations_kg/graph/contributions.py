"""The part of a graph that composes and checks new facts, and adds and removes files of facts."""

from __future__ import annotations

import warnings
from functools import cached_property

from relations_kg._lazy import TYPE_CHECKING
from relations_kg.answers import undescribed
from relations_kg.answers.calls import explained
from relations_kg.answers.knowledge import Knowledge
from relations_kg.authoring import forms, new_things, wording
from relations_kg.graph import changes
from relations_kg.rdf.terms import TYPE
from relations_kg.reader import sources
from relations_kg.validation import checking, rules, shape_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from relations_kg.authoring.composed import Composed
    from relations_kg.authoring.forms import Form
    from relations_kg.reader.files import Source
    from relations_kg.reader.sources import Sources
    from relations_kg.reasoning.changes import Difference
    from relations_kg.validation.findings import Report


@explained
class Contributions(Knowledge):
    """A graph that composes facts, and checks and adds files of facts."""

    @cached_property
    def sources(self) -> Sources:
        """The files that the graph was loaded from, and the facts that several of them state."""
        # `load` sets the sources, except for the bundled graph.
        return sources.Sources.of(self._files)

    @property
    def forms(self) -> Mapping[str, Form]:
        """The forms by their names."""
        return forms.forms()

    def new(self, form: str, /, **values: object) -> Composed:
        """Compose one fact from a form, as Turtle; nothing is added to the graph.

        Values are given as people write them, several in a list or separated by ";". A name unlike
        any in the graph stands for a new thing, which gets an IRI and a label. Raises QueryError
        for an unknown form or parameter, and for a name that is ambiguous or nearly a known name.
        Raises InputError if two values that must differ are the same thing.

        >>> import relations_kg as rk
        >>> graph = rk.load()
        >>> of_1971 = {"when": "1971", "source": "src:china-peru/s024"}
        >>> fact = graph.new("membership", member="Peru", organization="Pact of Lima", **of_1971)
        >>> [thing.iri.rpartition("/")[2] for thing in fact.new]
        ['pact-of-lima', 'membership-of-peru-in-pact-of-lima-1971']
        """
        fact = self.forms[form].compose(values, new_things.NewThings(self.names))
        for problem in (*fact.problems, *wording.alike(self.forms[form], fact, self.names)):
            raise problem
        return fact

    def validate(
        self,
        *facts: Source,
        allow_changes: bool = False,
        select: str | Iterable[str] = (),
        ignore: str | Iterable[str] = (),
        severity: Mapping[str, str] | None = None,
    ) -> Report:
        """Check files of facts together with this graph, or the graph alone if no file is given.

        A statement about a bundled code or label is an error unless `allow_changes` is true. If a
        rule is in `ignore`, or not in a given `select`, its findings are only counted, in
        `ignored`; a rule is named by the code of its findings or by its own name. `severity` maps
        such names to "error" or "warning". Raises InputError for an unknown name.

        >>> import relations_kg as rk
        >>> kg, file = rk.load(), "tests/facts/bad/visit-to-own-country.ttl"
        >>> [finding.code for finding in kg.validate(file).findings]
        ['disjoint']
        >>> kg.validate(file, ignore="disjoint").conforms
        True
        """
        graph = self.scratch
        known = shape_files.shapes_of(graph.quad_store)
        chosen = rules.Rules.of(select, ignore, severity, shapes=known)
        return checking.validate(graph, facts, allow_changes=allow_changes, rules=chosen)

    def add(self, *facts: Source, allow_changes: bool = False) -> Difference:
        """Add files of facts; return the triples added and removed.

        The cost grows with the new facts and their entailments, not with the graph. Raises
        InputError for a file that cannot be read, for facts that entail too many triples and,
        unless `allow_changes` is true, for a file that changes a bundled code or label.

        >>> import relations_kg as rk
        >>> rk.load().add("tests/facts/good/visit.ttl").removed
        frozenset()
        """
        return self._change([], facts, allow_changes=allow_changes)

    def remove(self, *facts: Source) -> Difference:
        """Remove files of facts; return the triples that the graph gained and lost.

        A fact that another loaded file also states is kept. A warning names the things that no file
        describes any longer, but about which others state facts. Raises InputError for a file that
        is not loaded.

        >>> import relations_kg as rk
        >>> graph = rk.load("tests/facts/good/visit.ttl")
        >>> len(graph.remove("tests/facts/good/visit.ttl").added)
        0
        """
        return self._without_description(self._change(facts, []))

    def replace(self, old: Source, new: Source, *, allow_changes: bool = False) -> Difference:
        """Replace one file of facts by another, atomically.

        Returns the triples added and removed, as `add` and `remove` do, and warns as `remove` does.

        >>> import relations_kg as rk
        >>> graph = rk.load("tests/facts/good/visit.ttl")
        >>> change = graph.replace("tests/facts/good/visit.ttl", "tests/facts/good/denial.ttl")
        >>> [file.name.rpartition("/")[2] for file in graph.sources.origins[-1:]]
        ['denial.ttl']
        """
        return self._without_description(self._change([old], [new], allow_changes=allow_changes))

    def _without_description(self, difference: Difference) -> Difference:
        """Warn of things that a change leaves without a description; return the change."""
        gone = sorted({fact[0] for fact in difference.removed if fact[1] == TYPE}, key=str)
        if text := undescribed.report(self, gone):
            # The public method and its error handler are between this function and the caller.
            warnings.warn(text, stacklevel=4)
        return difference

    def _change(
        self, gone: Sequence[Source], new: Sequence[Source], *, allow_changes: bool = False
    ) -> Difference:
        """Remove files and add other files, in one step."""
        difference, self._files = changes.change(
            self, self.sources, self._files, gone, new, allow_changes=allow_changes
        )
        self._update(difference.added | difference.removed, (*gone, *new))
        return difference
