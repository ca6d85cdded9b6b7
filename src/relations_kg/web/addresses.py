"""The addresses of pages and files, on a server and in a static site."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode

from relations_kg.rdf.namespaces import CODE, ID, IDENTIFIER, RKG, SOURCE, shorten
from relations_kg.rdf.terms import Statement, Term, value


class Addresses:
    """The addresses that a page links to.

    On a server, `root` is the path under which all pages are. In a static site, pages are files,
    and `root` is the relative path from the linking page to the top folder.

    >>> Addresses().thing("https://w3id.org/relations-kg/id/peru")
    '/thing/peru'
    >>> Addresses("../", live=False).thing("https://w3id.org/relations-kg/id/peru")
    '../thing/peru.html'
    """

    def __init__(self, root: str = "/", *, live: bool = True) -> None:
        self.root = root
        self.live = live

    def page(self, *path: str, **query: str) -> str:
        """Return the address of a page, from the parts of its path and its query parameters."""
        if self.live:
            address = self.root + "/".join(quote(part, safe="") for part in path)
            return f"{address}?{urlencode(query)}" if query else address
        return self.root + quote(self.file_of(*path))

    def file(self, path: str) -> str:
        """Return the address of a file, from its path."""
        return self.root + quote(path)

    @staticmethod
    def file_of(*path: str) -> str:
        """Return the name of a page's file in a static site.

        >>> Addresses.file_of("q", ""), Addresses.file_of("thing", "http://example.org/x")
        ('q/index.html', 'thing/http%3A%2F%2Fexample.org%2Fx.html')
        """
        name = "/".join(_file_name(part) for part in path)
        return f"{name}index.html" if name.endswith("/") or not name else f"{name}.html"

    def thing(self, iri: str) -> str:
        """Return the address of the page about a thing, a term, a document or a passage."""
        if iri.startswith(RKG):
            return f"{self.page('ontology')}#{quote(iri.removeprefix(RKG))}"
        if iri.startswith(CODE):
            return f"{self.page('ontology')}#code-{quote(iri.removeprefix(CODE))}"
        if iri.startswith(SOURCE):
            document, _, passage = iri.removeprefix(SOURCE).partition("/")
            return self.page("document", document) + (f"#{quote(passage)}" if passage else "")
        return self.page("thing", name_of(iri))

    def data(self, iri: str, ending: str) -> str:
        """Return the address of a thing's linked data, or "" if it has none."""
        slug = iri.removeprefix(ID)
        return self.file(f"id/{_file_name(slug)}.{ending}") if iri.startswith(ID) else ""

    def why(self, fact: Statement) -> str:
        """Return the address of the explanation of a fact."""
        if self.live:
            parts = zip(("subject", "predicate", "object"), map(_written, fact), strict=True)
            names = dict(parts)
            return self.page("explain", **names)
        return f"{self.page('why', name_of(value(fact[0])))}#{anchor(fact)}"


def name_of(iri: str) -> str:
    """Return the name of a thing in the address of its page: its slug, CURIE or IRI.

    >>> name_of("https://w3id.org/relations-kg/identifier/wikidata"), name_of("urn:x")
    ('ident:wikidata', 'urn:x')
    """
    slug = iri.removeprefix(ID)
    if iri.startswith(ID) and slug and ":" not in slug:
        return slug
    return f"ident:{iri.removeprefix(IDENTIFIER)}" if iri.startswith(IDENTIFIER) else iri


def iri_of(name: str) -> str:
    """Return the IRI of a thing from its name in an address.

    >>> iri_of("peru"), iri_of("urn:x")
    ('https://w3id.org/relations-kg/id/peru', 'urn:x')
    """
    prefix, colon, local = name.partition(":")
    if not colon:
        return ID + name
    return IDENTIFIER + local if prefix == "ident" else name


def anchor(fact: Statement) -> str:
    """Return the fragment that identifies the explanation of a fact on a page."""
    return "f" + sha256(" ".join(map(str, fact)).encode()).hexdigest()[:12]


def _written(term: Term) -> str:
    short = shorten(value(term))
    is_bare = isinstance(term, NamedNode) and short == term.value and "://" not in short
    return f"<{short}>" if is_bare else short


def _file_name(part: str) -> str:
    name = quote(part, safe="")
    if len(name) < 200 and not name.startswith("."):
        return name
    return sha256(part.encode()).hexdigest()
