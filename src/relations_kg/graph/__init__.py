"""The graph in memory, on disk and on a server."""
