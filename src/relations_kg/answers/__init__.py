"""Questions to a graph and what answers them."""
