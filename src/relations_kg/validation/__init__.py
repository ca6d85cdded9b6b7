"""New facts checked: each mistake where it is, and what would be right."""
