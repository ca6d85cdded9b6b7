"""The differences between two graphs."""
