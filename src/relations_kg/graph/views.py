"""What a notebook shows of a graph, and the graph as a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relations_kg._lazy import lazy
from relations_kg.answers.knowledge import Knowledge

if TYPE_CHECKING:
    import networkx

    from relations_kg.answers import networks, summary
    from relations_kg.rdf import markup
else:
    # Only notebooks and analyses need these.
    networks, summary = lazy("answers", "networks", "summary")
    (markup,) = lazy("rdf", "markup")


class Views(Knowledge):
    """Knowledge that shows itself in a notebook."""

    def to_networkx(self, *, inferred: bool = False) -> networkx.MultiDiGraph:
        """Copy the things and the facts between them into a network (extra `frames`).

        A node is the IRI of a thing with its `label`, `kind` and `curie`. An edge has the CURIE of
        a property as its key, the label as `property`, and whether the fact is `inferred`, which
        only `inferred=True` includes. Dated things have `when` (EDTF) and their `earliest` and
        `latest` days as text, and so have the edges from them or else to them. Raises InputError if
        networkx is not installed.

        >>> import relations_kg as rk
        >>> graph = rk.load()
        >>> network = graph.to_networkx()
        >>> network.nodes[graph.names.find("peru")]["kind"]
        'state'
        """
        return networks.to_networkx(self, inferred=inferred)

    def _repr_html_(self) -> str:
        rows = [(kind, str(number)) for kind, number in summary.kinds(self).items()]
        return markup.element("h3", self._size) + markup.table(("kind", "things"), rows, len(rows))
