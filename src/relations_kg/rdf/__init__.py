"""RDF terms, dates, amounts, namespaces and formats."""

from relations_kg._lazy import lazy

lazy(
    __name__,
    "amounts conversion date_advice date_corrections dates days duration_words formats literals"
    " markup spelling vocabularies",
)
