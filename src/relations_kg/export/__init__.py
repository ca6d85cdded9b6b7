"""Export of the graph as linked data and as tables."""
