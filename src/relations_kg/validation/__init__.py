"""Validation of new facts: mistakes with their places and corrections."""

from relations_kg._lazy import lazy

lazy(
    __name__,
    "checking corrections excerpts fixes placing prebinding pyshacl_engine rules shape_files",
)
