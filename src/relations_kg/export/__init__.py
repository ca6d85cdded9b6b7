"""Linked data and tables written."""
