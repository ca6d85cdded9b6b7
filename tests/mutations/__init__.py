"""Files with one mistake each, planted at random in valid files."""
