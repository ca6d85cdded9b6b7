"""The code lists of properties, read from the checks of the ontology."""

from __future__ import annotations

import re

from relations_kg._files import content, folder
from relations_kg.rdf.namespaces import expand, shorten

_PAIR = re.compile(r"\((rkg:\w+) (\w+:[\w-]+)\)")


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
    """Return the command that adds a code of one's own to a list, or None if all are closed.

    For several lists, it has LIST in place of the one that the user chooses.

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
