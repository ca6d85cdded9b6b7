"""Texts within Markdown."""

import re

from relations_kg.rdf.terms import printable

# Characters with a meaning in Markdown, HTML or a pull request's mentions of users and issues.
_ACTIVE = re.compile(r"[\\`*_\[\]<>#|~&$]|:(?=//)|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")
_MENTION = re.compile(r"([@#])(?=\w)")


def escaped(text: str) -> str:
    r"""Return a text on one line, escaped for Markdown, without mentions of users or issues.

    >>> escaped("a|b <img>")
    'a\\|b \\<img\\>'
    """
    quoted = _ACTIVE.sub(lambda match: f"\\{match[0]}", printable(text).strip())
    return _MENTION.sub(r"\1<!-- -->", quoted)
