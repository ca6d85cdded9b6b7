"""The JSON-LD context that the project publishes, which documents may name by its address."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from relations_kg._files import content, folder
from relations_kg.rdf.namespaces import BASE

ADDRESS = f"{BASE}context.jsonld"


def context_at(address: str) -> Any | None:
    """Return the published context if this is its address, or None.

    >>> context_at("http://w3id.org/relations-kg/context.jsonld")["@vocab"]
    'https://w3id.org/relations-kg/ontology#'
    """
    return context() if re.sub("^http:", "https:", address) == ADDRESS else None


@cache
def context() -> Any:
    """Return the published context, from the bundled file."""
    return json.loads(content(folder("ontology"), "context.jsonld"))["@context"]
