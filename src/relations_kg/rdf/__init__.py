"""RDF terms, dates, namespaces and SPARQL text."""
