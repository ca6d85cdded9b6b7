"""What a notebook shows of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relations_kg._lazy import lazy
from relations_kg.answers.knowledge import Knowledge

if TYPE_CHECKING:
    from relations_kg.answers import summary
    from relations_kg.rdf import markup
else:
    # Only notebooks need these.
    (summary,) = lazy("answers", "summary")
    (markup,) = lazy("rdf", "markup")


class Views(Knowledge):
    """Knowledge that shows itself in a notebook."""

    def _repr_html_(self) -> str:
        rows = [(kind, str(number)) for kind, number in summary.kinds(self).items()]
        return markup.element("h3", self._size) + markup.table(("kind", "things"), rows, len(rows))
