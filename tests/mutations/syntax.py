"""Mistakes in syntax: missing, surplus or unclosed punctuation, brackets and quotes."""

from __future__ import annotations

import random
import re

from located import Located
from pyoxigraph import Literal, NamedNode

from mutations.bases import Base, Case, Edit, marked, mutator, pick, shuffled, value
from mutations.vocabulary import LABEL, TYPE, Vocabulary

SYNTAX = {"syntax"}
HERE = marked("")
_MARK = re.compile(r"[ \t]*([;,.])")


def ends(base: Base, rng: random.Random, mark: str) -> tuple[Located, int, int] | None:
    """Return a random statement that `mark` follows on its line, and its offsets, or None."""
    for s in shuffled(rng, base.statements):
        found = _MARK.match(base.text, base.span(s.object)[1])
        if found and found[1] == mark:
            return s, found.start(1), found.end(1)
    return None


def labels(base: Base) -> list[tuple[int, int, str]]:
    """Return the offsets of the quotes and the text of labels that are alone on their lines."""
    found = []
    for s in base.statements:
        start, end = base.span(s.object)
        spelling = base.text[start:end]
        if s.quad.predicate.value != LABEL or not spelling.startswith('"'):
            continue
        close = start + spelling.rindex('"')
        if _line(base.text, start).count('"') == 2:
            found.append((start, close, base.text[start + 1 : close]))
    return found


def _line(text: str, offset: int) -> str:
    return text[text.rfind("\n", 0, offset) + 1 : (text + "\n").find("\n", offset)]


def _after(base: Base, offset: int) -> str:
    """Return the text after an offset, without leading white space."""
    return base.text[offset:].lstrip()


def _missing(base: Base, rng: random.Random, mark: str) -> Case | None:
    if not (found := ends(base, rng, mark)):
        return None
    s, _, end = found
    if _after(base, end)[:1] in ("]", ")", "#", ".", ";"):
        return None
    apart = "" if base.text[end : end + 1].isspace() else " "
    return base.case([Edit(base.span(s.object)[1], end, HERE + apart)], SYNTAX)


@mutator("missing semicolon")
def missing_semicolon(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    return _missing(base, rng, ";")


@mutator("missing full stop")
def missing_full_stop(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    return _missing(base, rng, ".")


@mutator("missing full stop")
def missing_after_directive(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    lines = list(re.finditer(r"(?m)^@prefix \S+ <[^>\n]*>([ ]*\.)(?=\n)", base.text))
    if not lines:
        return None
    return base.case([Edit(*pick(rng, lines).span(1), HERE)], SYNTAX)


@mutator("missing comma")
def missing_comma(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    return _missing(base, rng, ",")


def _other(base: Base, rng: random.Random, mark: str, new: str) -> Case | None:
    if not (found := ends(base, rng, mark)):
        return None
    _, start, end = found
    if not re.match(r"\s*(\n|[a-z]+:)", base.text[end:]) or _after(base, end)[:1] in ("", ".", ";"):
        return None
    apart = "" if base.text[end].isspace() else " "
    return base.case([Edit(start, end, marked(new) + apart)], SYNTAX)


@mutator("wrong mark")
def full_stop_for_semicolon(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    return _other(base, rng, ";", ".")


@mutator("wrong mark")
def semicolon_for_full_stop(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    if not (case := _other(base, rng, ".", ";")):
        return None
    # The next token must be a subject, not a comment or a bracket.
    line = case.text.splitlines()[case.spans[0].line :]
    following = next((text for text in line if text.strip() and not text.startswith("#")), "")
    return case if re.match(r"\w+:", following) else None


@mutator("wrong mark")
def comma_for_semicolon(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    return _other(base, rng, ";", ",")


@mutator("surplus mark")
def surplus_mark(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    mark, new = pick(
        rng,
        [
            (";", f" {marked(',')} ;"),
            (",", f", {marked(',')}"),
            (".", f". {marked('.')}"),
            (".", f". {marked(';')}"),
            (".", f" {marked(')')} ."),
            (";", f" {marked(']')} ;"),
            (";", f" {marked('>')} ;"),
            (".", f" {marked('}')} ." if base.path.suffix == ".ttl" else f". {marked('.')}"),
        ],
    )
    if not (found := ends(base, rng, mark)):
        return None
    return base.case([Edit(*found[1:], new)], SYNTAX)


@mutator("unclosed string")
def without_closing_quote(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    if not (found := labels(base)):
        return None
    start, close, _ = pick(rng, found)
    return base.case([Edit(start, start + 1, marked('"')), Edit(close, close + 1, "")], SYNTAX)


@mutator("unclosed string")
def without_opening_quote(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    found = [f for f in labels(base) if re.match(r"[A-Za-z]+(?=[ \"]|$)", f[2])]
    if not found:
        return None
    start, _, text = pick(rng, found)
    word = re.match(r"[A-Za-z]+", text)
    assert word
    if word[0] in ("a", "true", "false"):
        return None
    return base.case([Edit(start, start + 1 + word.end(), marked(word[0]))], SYNTAX)


@mutator("unclosed string")
def long_string(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    if not (found := labels(base)):
        return None
    start, _, _ = pick(rng, found)
    return base.case([Edit(start, start + 1, marked('"""'))], SYNTAX)


@mutator("unclosed string")
def quote_inside(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    found = [f for f in labels(base) if re.search(r" [A-Z][a-z]+ ", f[2])]
    if not found:
        return None
    start, _, text = pick(rng, found)
    word = re.search(r" ([A-Z][a-z]+) ", text)
    assert word
    inside, after = start + 1 + word.start(1), start + 1 + word.end(1)
    return base.case([Edit(inside, inside, marked('"')), Edit(after, after, '"')], SYNTAX)


@mutator("unclosed string")
def curly_quotes(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    if not (found := labels(base)):
        return None
    start, close, _ = pick(rng, found)
    return base.case([Edit(start, start + 1, marked("“")), Edit(close, close + 1, "”")], SYNTAX)


@mutator("unclosed IRI")
def unclosed_iri(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    links = [
        s
        for s in base.statements
        if isinstance(s.quad.object, NamedNode) and base.spelled(s.object).startswith("id:")
    ]
    s = pick(rng, links)
    iri = value(s.quad.object)
    return base.case([Edit(*base.span(s.object), f"{marked('<')}{iri}")], SYNTAX)


@mutator("unclosed IRI")
def unclosed_namespace(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    lines = list(re.finditer(r"(?m)^@prefix \w+: (<)[^>\n]*(>)", base.text))
    if not lines:
        return None
    line = pick(rng, lines)
    return base.case([Edit(*line.span(1), marked("<")), Edit(*line.span(2), "")], SYNTAX)


@mutator("unclosed bracket")
def unclosed_bracket(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    links = [
        g
        for g in base.groups
        if g.following
        and g.predicate.endswith(("#place", "#seat", "#holder", "#visitor"))
        and len(g.statements) == 1
    ]
    if not links or not base.passage:
        return None
    s = pick(rng, links).statements[0]
    kind = "City" if s.quad.predicate.value.endswith(("place", "seat")) else "Person"
    node = f'[ a rkg:{kind} ; rdfs:label "Unnamed"@en ; rkg:statedIn {base.passage}'
    return base.case(
        [Edit(*base.span(s.object), marked("[") + node[1:])], SYNTAX, (), "rkg", "rdfs"
    )


@mutator("unclosed bracket")
def unclosed_list(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    groups = [g for g in base.groups if len(g.statements) > 1 and g.predicate.endswith("#actor")]
    if not groups:
        return None
    group = pick(rng, groups)
    start = base.span(group.statements[0].object)[0]
    edits = [Edit(start, start, marked("(") + " ")]
    for one, two in zip(group.statements, group.statements[1:], strict=False):
        edits.append(Edit(base.span(one.object)[1], base.span(two.object)[0], " "))
    return base.case(edits, SYNTAX)


@mutator("unclosed bracket")
def unclosed_graph(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    opening, closing = base.text.rfind("{"), base.text.rfind("}")
    if base.path.suffix != ".trig" or base.text[closing + 1 :].strip():
        return None
    return base.case(
        [Edit(opening, opening + 1, marked("{")), Edit(closing, closing + 1, "")], SYNTAX
    )


@mutator("no term")
def word_for_term(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    s = pick(rng, [s for s in base.statements if s.quad.predicate.value == TYPE])
    spelling = base.spelled(s.object)
    if spelling.startswith("<"):
        return None
    return base.case([base.replace(s.object, spelling.partition(":")[2])], SYNTAX)


@mutator("no term")
def equals_sign(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    s = pick(rng, base.groups).statements[0]
    start = base.span(s.object)[0]
    return base.case([Edit(start, start, marked(pick(rng, ["=", "is"])) + " ")], SYNTAX)


@mutator("no term")
def space_in_a_name(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    names = [
        (s, m)
        for s in base.statements
        if isinstance(s.quad.object, NamedNode)
        and (m := re.fullmatch(r"(id:[a-z]+)-(\w[a-z]+)", base.spelled(s.object)))
    ]
    if not names:
        return None
    s, name = pick(rng, names)
    return base.case([Edit(*base.span(s.object), f"{name[1]} {marked(name[2])}")], SYNTAX)


@mutator("no term")
def one_circumflex(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    dates = [s for s in base.statements if "^^" in base.spelled(s.object)]
    if not dates:
        return None
    start, end = base.span(pick(rng, dates).object)
    at = base.text.index("^^", start, end)
    return base.case([Edit(at, at + 2, marked("^"))], SYNTAX)


@mutator("no term")
def comment_without_its_sign(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    comments = list(re.finditer(r"(?m)^#+ ([A-Z][a-z]+)(?= [^:\n]+$)", base.text))
    if not comments:
        return None
    comment = pick(rng, comments)
    return base.case([Edit(*comment.span(), marked(comment[1]))], SYNTAX)


@mutator("no value")
def property_without_value(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    groups = [g for g in base.groups if g.following and g.preceding and len(g.statements) == 1]
    s = pick(rng, groups).statements[0]
    if isinstance(s.quad.object, Literal) and "\n" in base.spelled(s.object):
        return None
    start, end = base.span(s.predicate)[1], base.span(s.object)[1]
    return base.case([Edit(start, end, HERE)], SYNTAX)


@mutator("wrong directive")
def directive(base: Base, rng: random.Random, vocabulary: Vocabulary) -> Case | None:
    lines = list(re.finditer(r"(?m)^(@)prefix \w+(:) <[^>\n]*> (\.)$", base.text))
    if not lines:
        return None
    line = pick(rng, lines)
    if rng.random() < 0.5:
        return base.case([Edit(*line.span(2), HERE)], SYNTAX)
    return base.case([Edit(*line.span(1), ""), Edit(*line.span(3), marked("."))], SYNTAX)
