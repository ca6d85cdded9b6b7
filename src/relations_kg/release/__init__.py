"""What is published with a version: the reference, the description of the dataset, the release."""
