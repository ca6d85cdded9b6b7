"""Names of things: what users write resolved to IRIs, labels of IRIs, and suggestions."""
