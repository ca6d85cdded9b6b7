"""Pictures of a graph, and the graph as a network."""

from __future__ import annotations

from relations_kg._lazy import TYPE_CHECKING
from relations_kg.answers import day, networks, summary
from relations_kg.answers.calls import explained
from relations_kg.answers.knowledge import Knowledge
from relations_kg.errors import InputError, UnknownName
from relations_kg.pictures import display, drawing, mission_map, neighbourhood, picture, timeline
from relations_kg.rdf import days, markup

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from typing import NoReturn

    import networkx

    from relations_kg.pictures.picture import Picture

# The maximum number of kinds of things in the summary that a notebook shows.
_MOST_KINDS = 12


@explained
class Views(Knowledge):
    """A graph with pictures of its contents, and a display for notebooks."""

    @property
    def local(self) -> Knowledge:
        """The graph in memory that pictures, proofs and validation use, which is this graph."""
        return self

    def timeline(
        self, thing: str, /, *others: str, kinds: str | Collection[str] | None = None
    ) -> Picture:
        """Draw a timeline of a relationship, a party or several parties.

        Things are named as in `run`. `kinds` is a kind of rows, such as "visits", or a list of
        kinds; by default, all are drawn. A notebook shows the picture; `save` writes it to an
        .svg file. Raises InputError if there is nothing to draw, and UnknownName for an unknown
        name or kind.

        >>> import relations_kg as rk
        >>> rk.load().timeline("peru", "id:peoples-republic-of-china", kinds=["visits"])
        <Picture: Timeline: Peru and People's Republic of China>
        """
        lanes = [kinds] if isinstance(kinds, str) else kinds
        try:
            things = self._named(thing, *others)
        except UnknownName:
            if thing not in display.Display(self.local.quad_store).lanes:
                raise
            message = f"{thing!r} is a kind of rows, not the name of a thing"
            help = f'name a party or a relationship, as in timeline("peru", kinds="{thing}")'
            raise UnknownName(message, where="timeline", help=help) from None
        found = timeline.timeline(self.local, *things, kinds=lanes)
        if lanes is not None and not found.lanes:
            message = f"nothing dated that concerns {found.title} is of these kinds"
            raise InputError(message, where="timeline", help="name others, or leave kinds out")
        return drawing.timeline_picture(found)

    def map(self, thing: str, /, *others: str, on: str | date | None = None) -> Picture:
        """Draw the missions and visits of a relationship, a party or several parties on a map.

        With a day `on`, only missions and visits of this day are drawn. Raises InputError if there
        is nothing to draw.

        >>> import relations_kg as rk
        >>> rk.load().map("china-peru-relations", on="1990-01-01")
        <Picture: Map of missions and visits: China–Peru relations on 1990-01-01>
        """
        situation = day.snapshot(self.local, days.day_of(on)) if on is not None else None
        things = self._named(thing, *others)
        found = mission_map.mission_map(self.local, *things, width=picture.WIDTH, on=situation)
        return drawing.mission_map_picture(found)

    def network(self, thing: str, /, *, most: int = 24) -> Picture:
        """Draw a thing and up to `most` things that facts connect to it, by property.

        Raises InputError if there are none.

        >>> import relations_kg as rk
        >>> rk.load().network("port-of-chancay")
        <Picture: Neighbourhood: Port of Chancay>
        """
        if not isinstance(most, int) or most < 1:
            raise InputError(f"{most!r} is not a whole number of at least 1", where="most")
        (iri,) = self._named(thing)
        found = neighbourhood.neighbourhood(self.local, iri, most)
        return drawing.neighbourhood_picture(found, self.local.names.label)

    def to_networkx(self, *, inferred: bool = False) -> networkx.MultiDiGraph:
        """Copy the things and the facts between them into a network (extra `frames`).

        A node is the IRI of a thing with its `label`, `kind` and `curie`. An edge has the CURIE of
        a property as its key, the label as `property`, and `inferred`, which is true only for
        inferred facts; these need `inferred=True`. Dated things have `when` (EDTF) and their
        `earliest` and `latest` days as text; so do edges from a dated thing, or else to a dated
        thing. Raises InputError if networkx is not installed.

        >>> import relations_kg as rk
        >>> graph = rk.load()
        >>> network = graph.to_networkx()
        >>> network.nodes[graph.names.find("peru")]["kind"]
        'state'
        """
        return networks.to_networkx(self.local, inferred=inferred)

    if not TYPE_CHECKING:

        def __len__(self) -> NoReturn:
            raise TypeError("a graph has no length; summary() counts the facts and things in it")

        def __bool__(self) -> bool:
            # Without this method, Python would call __len__, which raises an error.
            return True

    def _repr_html_(self) -> str:
        kinds = [*summary.kinds(self).items()]
        rows = [(kind, str(number)) for kind, number in kinds[:_MOST_KINDS]]
        if others := kinds[_MOST_KINDS:]:
            rows.append((f"{len(others)} other kinds", str(sum(number for _, number in others))))
        return markup.element("h3", self._size) + markup.table(("kind", "things"), rows, len(rows))

    def _named(self, *things: str) -> list[str]:
        return list(dict.fromkeys(map(self.local.names.find, things)))
