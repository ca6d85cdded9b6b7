"""Articles: their units (headings, sentences, items), their passages, and facts found by rules."""
