"""JSON-LD 1.1: contexts, expansion and conversion to RDF, with the location of each value."""
