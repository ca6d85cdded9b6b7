"""Questions about a graph and their answers."""
