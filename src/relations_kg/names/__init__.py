"""Names of things: their resolution to IRIs, labels of IRIs, and suggestions."""
