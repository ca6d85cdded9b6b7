"""Escaping of texts for Markdown."""

import re

from relations_kg.rdf.terms import printable

# Characters with a meaning in Markdown, HTML or a pull request's mentions of users and issues. The
# pattern is compiled at first use, since most questions are not answered in Markdown.
_ACTIVE = r"[\\`*_\[\]<>#|~&$]|:(?=//)|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]"


def escaped(text: str) -> str:
    r"""Return a text on one line, escaped for Markdown, without mentions of users or issues.

    >>> escaped("a|b <img>")
    'a\\|b \\<img\\>'
    """
    quoted = re.sub(_ACTIVE, r"\\\g<0>", printable(text).strip())
    return re.sub(r"([@#])(?=\w)", r"\1<!-- -->", quoted)
