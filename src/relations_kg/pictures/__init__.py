"""The pictures of a graph: timelines, maps of missions and visits, and neighbourhoods."""
