"""What follows from what is stated: rules, their closure, proofs, contradictions."""
