"""Explanations of why a text is not SPARQL, better than the engine's own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from relations_kg.rdf.namespaces import BASE
from relations_kg.rdf.spelling import nearest
from relations_kg.sparql.cursor import Mistake, Unknown, mistakes
from relations_kg.sparql.lexer import Token, tokens
from relations_kg.sparql.parser import parse
from relations_kg.sparql.structure import Query, Select, Use

# The prefixes whose local names are slugs: words joined by hyphens.
_SLUGGED = ("id:", "code:", "src:")
_GRAPHS = ("stated", "dates", "inferred", "ontology", "identifiers")


def explain(text: str) -> Mistake | None:
    """Return the first mistake in a text that the engine rejects, or None if none is found.

    >>> explain("SELECT ?x, ?y { ?x a ?y }").help
    'write SELECT ?x ?y'
    """
    try:
        return next(_mistakes(parse(text)), None)
    except Mistake as mistake:
        return _slashed(text) or _meant(text, mistake) or mistake
    except Unknown:
        return None


def _slashed(text: str) -> Mistake | None:
    """Return the mistake of an unescaped slash in a prefixed name, or None.

    >>> _slashed("ASK { ?x rkg:statedIn src:china-peru/s032 }").help
    'write src:china-peru\\\\/s032'
    """
    found = list(tokens(text))
    for name, slash, word in zip(found, found[1:], found[2:], strict=False):
        is_close = name.end() == slash.start() and slash.end() == word.start()
        kinds = name.lastgroup, slash[0], word.lastgroup
        # A path may end with "a".
        if is_close and kinds == ("name", "/", "word") and word[0] != "a":
            help = f"write {name[0]}\\/{word[0]}"
            return Mistake("a slash in a prefixed name needs a backslash", help, name.start())
    return None


def _meant(text: str, mistake: Mistake) -> Mistake | None:
    """Return a clearer error for syntax of another query language, or None for other errors."""
    start = mistake.offset
    found = [token for token in tokens(text) if token.lastgroup != "comment"]
    place = next((i for i, token in enumerate(found) if token.start() == start), len(found))
    word = found[place][0] if place < len(found) else ""
    before = found[place - 1] if place > 0 else None
    for row in mistakes()["foreign"]:
        if re.search(row["vague"], mistake.message) and re.match(row["text"], text[start:]):
            return Mistake(row["message"], row["help"], start)
    is_triple = before is not None and before.lastgroup == "variable" and ":" in word
    if is_triple and mistake.message.startswith("an operator is missing"):
        help = "write it outside, or FILTER EXISTS { … }"
        return Mistake("a triple is inside FILTER", help, start)
    if before and before.lastgroup == "name" and re.fullmatch(r"\w+", word):
        help = f"write {before[0]}-{word}"
        if before[0].endswith(":"):
            help = f"write {before[0]}{word}"
        elif not before[0].startswith(_SLUGGED):
            help = f"write id:{word}"
        if word.islower() or before[0].endswith(":"):
            message = f"{before[0]} is followed by a space and {word}"
            return Mistake(message, help, before.start())
    if instead := _otherwise(text, found, place):
        return instead
    comments = (token for token in tokens(text) if token.lastgroup == "comment")
    if comment := next((token for token in comments if "}" in token[0] and not word), None):
        offset = comment.start() + comment[0].index("}")
        return Mistake('this "}" is in a comment', "write it on a line of its own", offset)
    return None


def _otherwise(text: str, found: Sequence[Token], place: int) -> Mistake | None:
    """Return the mistake of a token that is right in another language, or None."""
    words = [token[0].upper() for token in found]
    words += [""] * 3
    before = found[place - 1] if place else None
    if before is None:
        return None
    for at in (place, place - 1):
        around = found[max(at - 1, 0) : at + 2]
        kinds = [token.lastgroup for token in around]
        if words[at] == "-" and kinds == ["variable", "punctuation", "word"]:
            start, end = around[0].start(), around[2].end()
            if end - start == sum(len(token[0]) for token in around):
                written = text[start:end]
                help = f"write {written.replace('-', '_')}"
                return Mistake("the name of a variable has no hyphen", help, start)
    if words[place] == "^^" and before.lastgroup == "number":
        first = place - 1
        while first and found[first - 1].end() == found[first].start() and words[first] != "(":
            first -= 1
        first += words[first] == "("
        help = f'write "{text[found[first].start() : before.end()]}"^^{words[place + 1].lower()}'
        return Mistake("a literal with a datatype needs quotation marks", help, before.start())
    if words[place] == "," and words[place - 2] == "LIMIT":
        help = f"write LIMIT {words[place + 1]} OFFSET {words[place - 1]}"
        return Mistake("LIMIT takes one number", help, found[place].start())
    if words[place] == "," and words[place + 2] == ")" and "BIND" in words[:place]:
        opening = place - words[:place][::-1].index("BIND")
        value = text[found[opening].end() : before.end()].strip()
        help = f"write BIND ({value} AS {found[place + 1][0]})"
        return Mistake("BIND has a comma", help, found[place].start())
    if words[place - 2] == "VALUES" and before.lastgroup == "variable" and words[place]:
        help = f"write VALUES {before[0]} {{ {found[place][0]} }}"
        return Mistake("the values of VALUES have no braces", help, found[place].start())
    return None


def _mistakes(query: Query) -> Iterator[Mistake]:
    """Yield the violations of SPARQL's rules that its grammar does not express."""

    def at(index: int, message: str, help: str) -> Mistake:
        return Mistake(message, help, query.tokens[index].start())

    if not any(token[0].upper() == "BASE" for token in query.tokens):
        for index, token in enumerate(query.tokens):
            if token.lastgroup == "iri" and not re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", token[0]):
                name = re.split("[/#]", token[0][1:-1].rstrip("/#"))[-1]
                help = f"write id:{name} or the whole address" if name else "write all of it"
                if name in _GRAPHS:
                    help = f"write <{BASE}graph/{name}>"
                elif index in query.graphs:
                    help = "FROM and GRAPH cannot read files; load files with --facts, or "
                    help += "rk.load(FILE)"
                yield at(index, f"{token[0]} is a part of an address", help)
    for misplaced in query.misplacements():
        yield at(*misplaced)
    for select in query.selects():
        yield from _of_clauses(query, select)
    for scope, index in query.binds:
        name = query.word(index)
        if scope.visible().get(name[1:], index) < index:
            yield at(index, f"{name} is bound before this BIND", "choose another variable")
    scopes: dict[str, object] = {}
    for scope, index in query.blanks:
        label = query.word(index)
        if scopes.setdefault(label, scope) is not scope:
            help = f"write a variable such as ?{label[2:]}"
            yield at(index, f"the blank node {label} is used in two groups", help)


def _of_clauses(query: Query, select: Select) -> Iterator[Mistake]:
    def at(index: int, message: str, help: str) -> Mistake:
        return Mistake(message, help, query.tokens[index].start())

    bound = select.where.visible()
    for name, index in select.named.items():
        if name in bound and name not in (select.grouped or ()):
            message = f"?{name} after AS is bound by the patterns already"
            yield at(index, message, "choose another variable")
    if select.repeated is not None:
        name = query.word(select.repeated)
        message = f"{name} is selected twice"
        yield at(select.repeated, message, "delete one, or choose another variable")
    if select.grouped is None and select.aggregates is None:
        if select.having is not None:
            yield at(select.having, "HAVING has no GROUP BY", "add GROUP BY, or use FILTER")
        return
    if select.projected is None:
        grouped = " ".join(f"?{name}" for name in select.grouped or ()) or "?x"
        yield at(select.start + 1, "SELECT * cannot have GROUP BY", f"write SELECT {grouped}")
    for use in select.plain:
        # The engine accepts any variable in HAVING and ORDER BY.
        if use.name in (select.grouped or ()) or use.index > select.where.start:
            continue
        name = f"?{use.name}"
        if use.name in select.named:
            if use.index != select.named[use.name]:
                message = f"{name} is named in the same SELECT"
                yield at(use.index, message, "write its expression again, or use a sub-select")
            continue
        if use.name not in bound:
            yield at(use.index, f"nothing binds {name}", _binding(query, select, use, bound))
            continue
        help = f"add GROUP BY {name}"
        if select.grouped is not None:
            help = f"add it to GROUP BY, or write (SAMPLE({name}) AS ?one)"
        keys = (span for span in select.keys if name in map(query.word, range(*span)))
        if key := next(keys, None):
            later = [index for index in select.named.values() if index > use.index]
            value = query.word(min(later)) if later else "?key"
            help = f"write GROUP BY ({query.source(key)} AS {value}), and SELECT {value}"
        yield at(use.index, f"{name} is neither grouped nor in an aggregate", help)


def _binding(query: Query, select: Select, use: Use, bound: Collection[str]) -> str:
    """Return the advice for a variable that nothing binds in a query with groups or aggregates."""
    if near := nearest(use.name, bound) if len(use.name) > 2 else []:
        return f"did you mean ?{near[0]}?"
    if select.aggregates is not None:
        return "write a pattern with it"
    subjects = [query.word(triple.subject)[1:] for triple in query.triples]
    counted = [name for name in [*subjects, *bound] if name in bound]
    counted = [name for name in counted if name not in (select.grouped or ())] or counted
    of = f"?{counted[0]}" if counted else "*"
    is_whole = (select.projected or {}).get(use.name) == use.index
    what = f"(COUNT({of}) AS ?{use.name})" if is_whole else f"COUNT({of})"
    return f"to count, write {what}"
