"""The files of a release: the vocabulary reference, the dataset description and the data."""
