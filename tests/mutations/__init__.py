"""Files with one mistake each, planted in good files by chance."""
