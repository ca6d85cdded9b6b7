"""The pictures of a graph: timelines, maps of missions and visits, and neighbourhoods."""

from relations_kg._lazy import lazy

lazy(__name__, "display drawing mission_map neighbourhood picture related_events timeline")
