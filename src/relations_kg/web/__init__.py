"""What is seen on the web: pictures, pages and the server that shows them (extra `serve`)."""
