"""RDF terms, dates, amounts, namespaces and formats."""
