"""Files of facts read into quads, each term with its place."""
