"""Questions about a graph and their answers."""

from relations_kg._lazy import lazy

lazy(
    __name__,
    "attributes bindings contradictions day description empty evaluation explanation"
    " frames guesses misfits networks passages queries query_search rows search summary"
    " term_search undescribed wrong_calls",
)
