"""Articles: their units, the passages made of them, and the facts that they state regularly."""
