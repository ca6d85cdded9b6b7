"""Where a graph can be: kept on disk, on a server; and queries of others, run safely."""
