"""Articles: their units, the passages made of them, and the facts that rules find in them."""
