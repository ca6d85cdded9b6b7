"""Inference: rules, the closure of the facts under them, and proofs."""

from relations_kg._lazy import lazy

lazy(
    __name__,
    "extensions inference materialization notation3 ontology owlrl_closure proofs states"
    " stored_facts stored_state value_places",
)
