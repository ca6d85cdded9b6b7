"""Validation of new facts: mistakes with their places and corrections."""
