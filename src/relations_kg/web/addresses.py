"""Where the page of a thing is: the one place in which the server and the static site differ."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from pyoxigraph import NamedNode

from relations_kg.rdf.namespaces import CODE, ID, IDENTIFIER, RKG, SOURCE, shorten
from relations_kg.rdf.terms import Statement, Term, value


class Addresses:
    """Lead from a thing or a page to its address.

    A server's pages are below its `root`; those of a static site are files, and `root` is the way
    back from the page that is written to the folder of all.

    >>> Addresses().thing("https://w3id.org/relations-kg/id/peru")
    '/thing/peru'
    >>> Addresses("../", live=False).thing("https://w3id.org/relations-kg/id/peru")
    '../thing/peru.html'
    """

    def __init__(self, root: str = "/", *, live: bool = True) -> None:
        self.root = root
        self.live = live

    def page(self, *path: str, **query: str) -> str:
        """Return the address of a page, from the parts of its path."""
        if self.live:
            address = self.root + "/".join(quote(part, safe="") for part in path)
            return f"{address}?{urlencode(query)}" if query else address
        return self.root + quote(self.file_of(*path))

    def file(self, path: str) -> str:
        """Return the address of a file, from its path."""
        return self.root + quote(path)

    @staticmethod
    def file_of(*path: str) -> str:
        """Name the file that a page is written to in a static site.

        >>> Addresses.file_of("q", ""), Addresses.file_of("thing", "http://example.org/x")
        ('q/index.html', 'thing/http%3A%2F%2Fexample.org%2Fx.html')
        """
        name = "/".join(_file_name(part) for part in path)
        return f"{name}index.html" if name.endswith("/") or not name else f"{name}.html"

    def thing(self, iri: str) -> str:
        """Return the address of the page of a thing, a term, a document or a passage."""
        if iri.startswith(RKG):
            return f"{self.page('ontology')}#{quote(iri.removeprefix(RKG))}"
        if iri.startswith(CODE):
            return f"{self.page('ontology')}#code-{quote(iri.removeprefix(CODE))}"
        if iri.startswith(SOURCE):
            document, _, passage = iri.removeprefix(SOURCE).partition("/")
            return self.page("document", document) + (f"#{quote(passage)}" if passage else "")
        return self.page("thing", name_of(iri))

    def data(self, iri: str, ending: str) -> str:
        """Return the address of what is known of a thing as linked data; empty if it has none."""
        slug = iri.removeprefix(ID)
        return self.file(f"id/{_file_name(slug)}.{ending}") if iri.startswith(ID) else ""

    def why(self, fact: Statement) -> str:
        """Return the address at which it is explained why a fact holds."""
        if self.live:
            parts = zip(("subject", "predicate", "object"), map(_written, fact), strict=True)
            names = dict(parts)
            return self.page("explain", **names)
        return f"{self.page('why', name_of(value(fact[0])))}#{anchor(fact)}"


def name_of(iri: str) -> str:
    """Return what names a thing in the address of its page: slug, CURIE or IRI.

    >>> name_of("https://w3id.org/relations-kg/identifier/wikidata"), name_of("urn:x")
    ('ident:wikidata', 'urn:x')
    """
    slug = iri.removeprefix(ID)
    if iri.startswith(ID) and slug and ":" not in slug:
        return slug
    return f"ident:{iri.removeprefix(IDENTIFIER)}" if iri.startswith(IDENTIFIER) else iri


def iri_of(name: str) -> str:
    """Return the IRI of the thing that is so named in an address.

    >>> iri_of("peru"), iri_of("urn:x")
    ('https://w3id.org/relations-kg/id/peru', 'urn:x')
    """
    prefix, colon, local = name.partition(":")
    if not colon:
        return ID + name
    return IDENTIFIER + local if prefix == "ident" else name


def anchor(fact: Statement) -> str:
    """Name the place on a page where a fact is explained."""
    from hashlib import sha256

    return "f" + sha256(" ".join(map(str, fact)).encode()).hexdigest()[:12]


def _written(term: Term) -> str:
    short = shorten(value(term))
    is_bare = isinstance(term, NamedNode) and short == term.value and "://" not in short
    return f"<{short}>" if is_bare else short


def _file_name(part: str) -> str:
    name = quote(part, safe="")
    if len(name) < 200 and not name.startswith("."):
        return name
    from hashlib import sha256

    return sha256(part.encode()).hexdigest()
