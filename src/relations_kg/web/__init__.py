"""The web server, its pages and the static site (extra `serve`)."""
