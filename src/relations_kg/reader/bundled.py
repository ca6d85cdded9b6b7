"""The ontology and the facts that come with the package, loaded into a store."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from os.path import basename, join

from pyoxigraph import NamedNode, RdfFormat, Store

from relations_kg._files import content, folder, paths
from relations_kg.rdf.namespaces import IDENTIFIERS, ONTOLOGY, STATED, expand, shorten

IDENTIFIERS_FILE = "identifiers.ttl"
_PAIR = re.compile(r"\((rkg:\w+) (\w+:[\w-]+)\)")


def ontology_files() -> list[str]:
    """Return the paths of the ontology and its code lists."""
    return [join(folder("ontology"), name) for name in ("relations.ttl", "codelists.ttl")]


def fact_files() -> list[str]:
    """Return the paths of the bundled facts, sorted."""
    return paths(folder("data"), ".ttl")


def ontology_store() -> Store:
    """Return a store with the ontology and the code lists, but without facts."""
    store = Store()
    for path in ontology_files():
        store.load(content(path), RdfFormat.TURTLE, to_graph=NamedNode(ONTOLOGY))
    return store


def derived_properties() -> set[str]:
    """Return the properties that are calculated or inferred, so that no fact states them.

    >>> expand("rkg:earliestStart") in derived_properties()
    True
    """
    check = content(folder("ontology"), "checks", "derived.rq").decode()
    listed = re.findall(r"VALUES \?value \{([^}]*)\}", check)
    return {expand(name) for names in listed for name in names.split()}


def load_facts(store: Store, path: str, text: bytes) -> None:
    """Load the content of a bundled file of facts, without the checks that other files need."""
    graph = IDENTIFIERS if basename(path) == IDENTIFIERS_FILE else STATED
    store.load(text.removeprefix(BOM_UTF8), RdfFormat.TURTLE, to_graph=NamedNode(graph))


def code_lists() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the code list of each property that has one, and the classes that it also accepts.

    Instead of a code, the value may be a thing of one of these classes.

    >>> lists, classes = code_lists()
    >>> [each.rpartition("#")[2] for each in classes[expand("rkg:currency")]]
    ['CurrencyUnit']
    """
    lists, classes = dict[str, str](), dict[str, list[str]]()
    check = content(folder("ontology"), "checks", "code-list.rq").decode()
    for name, taken in _PAIR.findall(check):
        if taken.startswith("code:"):
            lists[expand(name)] = expand(taken)
        else:
            classes.setdefault(expand(name), []).append(expand(taken))
    return lists, classes


def closed_lists() -> set[str]:
    """Return the code lists to which nothing can be added, since rules depend on each code.

    >>> expand("code:fulfilment") in closed_lists()
    True
    """
    check = content(folder("ontology"), "checks", "closed-list.rq").decode()
    (listed,) = re.findall(r"VALUES \?value \{([^}]*)\}", check)
    return {expand(name) for name in listed.split()}


def own_code(name: str, *schemes: str) -> str | None:
    """Return the command that defines a code of one's own, or None if the lists are closed.

    Of several lists, LIST stands for the one that the user chooses.

    >>> own_code("trading-post", expand("code:place-kind"))
    'relations-kg new code --codelist place-kind --name "trading post" --append FILE'
    >>> own_code("rite", expand("code:event-kind"), expand("code:practice-kind"))
    'relations-kg new code --codelist LIST --name "rite" --append FILE'
    """
    lists = [shorten(each).removeprefix("code:") for each in schemes if each not in closed_lists()]
    if not lists:
        return None
    codelist, label = "LIST" if lists[1:] else lists[0], name.replace("-", " ")
    return f'relations-kg new code --codelist {codelist} --name "{label}" --append FILE'
