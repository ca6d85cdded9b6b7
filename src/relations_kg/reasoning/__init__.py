"""Inference: rules, the closure of the facts under them, and proofs."""
