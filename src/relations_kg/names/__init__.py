"""Names of things: their resolution to IRIs, labels of IRIs, and suggestions."""

from relations_kg._lazy import lazy

lazy(__name__, "known_names name_index name_suggestions names search_index spellings")
