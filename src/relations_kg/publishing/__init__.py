"""The graph for others: exports, descriptions, the reference, releases, differences."""
