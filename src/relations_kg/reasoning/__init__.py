"""Inference: rules, the closure of the facts under them, and proofs."""

from relations_kg._lazy import lazy

lazy(
    __name__,
    "extensions inference materialization ontology owlrl_closure states stored_facts stored_state",
)
