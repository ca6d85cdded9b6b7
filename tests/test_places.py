"""Tests of the places of terms and mistakes in texts."""

import os
import random
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from located import statements
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
)

from relations_kg._files import folder
from relations_kg.rdf.namespaces import XSD
from relations_kg.rdf.terms import TYPE, EngineTerm, value
from relations_kg.reader import parsing
from relations_kg.reader.places import MOST_MISTAKES, Mistake, Place, Reading
from relations_kg.reader.tokens import tokenize
from relations_kg.reader.turtle import NESTING

FUZZED = 20_000  # the number of random texts
ROOT = Path(folder("data")).parent
FILES = sorted([*ROOT.glob("data/**/*.ttl"), *ROOT.glob("ontology/**/*.ttl")])
FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
}
PREFIX = "@prefix ex: <http://example.org/> .\n"
BASE = "http://example.org/base/"

# Texts and their mistakes; PREFIX is line 1 of those in Turtle and TriG.
TURTLE_MISTAKES = r'''
ex:s ex:p ex:o
    ex:q ex:r .
=> 2:15: expected ";" or "." after this object
   line 3 starts a new property, so end line 2 with ";"
----
ex:s a ex:C ;
    ex:p "x"@en
    ex:q "y" ;
    ex:r 1 .
=> 3:16: expected ";" or "." after this object
   line 4 starts a new property, so end line 3 with ";"
----
ex:s ex:p ex:o
    ex:q [ ex:r 1 ] .
=> 2:15: expected ";" or "." after this object
   line 3 starts a new property, so end line 2 with ";"
----
ex:s ex:p ex:o
    ex:q ex:r
    ex:t ex:u .
=> 2:15: expected ";" or "." after this object
   line 3 starts a new property, so end line 2 with ";"
=> 3:14: expected ";" or "." after this object
   line 4 starts a new property, so end line 3 with ";"
----
ex:s ex:p ex:o ex:q ex:r .
=> 2:15: expected ";" or "." after this object
   ex:q starts a new property, so put ";" before it
----
ex:s ex:p ex:o

ex:t a ex:C .
=> 2:15: expected ";" or "." after this object
   line 4 starts a new subject, so end line 2 with "."
----
ex:s ex:p ex:o

=> 2:15: expected ";" or "." after this object
   end the last statement with "."
----
ex:s ex:p ex:o
@prefix a: <http://a/> .
=> 2:15: expected ";" or "." after this object
   line 3 starts a directive, so end line 2 with "."
----
@prefix a: <http://a/>
ex:s ex:p ex:o .
=> 2:23: expected "." after this directive
   line 3 starts a new subject, so end line 2 with "."
----
ex:s ex:p ex:o
[ ex:p 1 ] ex:q 2 .
=> 2:15: expected ";" or "." after this object
   line 3 starts a new subject, so end line 2 with "."
----
ex:s ex:p [ ex:q 1 ]
ex:t a ex:C .
=> 2:21: expected ";" or "." after this object
   line 3 starts a new subject, so end line 2 with "."
----
ex:s ex:p ex:o ;
ex:t a ex:C .
=> 2:16: expected "." here, not ";"
   line 3 starts a new subject, so end line 2 with "."
----
ex:s ex:p ex:o ;
ex:t ex:q ex:r .
=> 2:16: expected "." here, not ";"
   line 3 starts a new subject, so end line 2 with "."
----
ex:s ex:p ex:o .
    ex:q ex:r ;
    ex:t ex:u .
=> 2:16: expected ";" here, not "."
   line 3 starts a new property, so end line 2 with ";"
----
ex:s ex:p ex:o .
    a ex:C .
=> 2:16: expected ";" here, not "."
   line 3 starts a new property, so end line 2 with ";"
----
ex:s ex:p ex:o ,
    ex:q ex:r .
=> 2:16: expected ";" here, not ","
   line 3 starts a new property, so end line 2 with ";"
----
ex:s ex:p "a" ; "b" .
=> 2:15: expected "," here, not ";"
   if "b" is one more object, put "," before it
----
ex:s ex:p ex:a ; ex:b .
=> 2:22: expected an object after this predicate
   give ex:b a value, or if it is one more object, put "," before it, not ";"
----
ex:s ex:p ex:a ex:b .
=> 2:15: expected ",", ";" or "." after this object
   if ex:b is one more object, put "," before it
----
ex:s ex:p "a" "b" ; ex:q 1 .
=> 2:14: expected ",", ";" or "." after this object
   if "b" is one more object, put "," before it
----
ex:s ex:p ex:a ,, ex:b .
=> 2:17: expected an object, not a second ","
   remove it
----
ex:s ex:p ex:a , .
=> 2:16: expected an object after this ","
   remove it
----
ex:s ex:p ex:a , ;
    ex:q 1 .
=> 2:16: expected an object after this ","
   remove it
----
ex:s ex:p ;
    ex:q 1 .
=> 2:10: expected an object after this predicate
   give ex:p a value
----
ex:s .
=> 2:5: expected a predicate after this subject
----
ex:s "x" .
=> 2:6: a literal cannot be a predicate
   only an IRI can
----
ex:s ; ex:p ex:o .
=> 2:6: expected a predicate, not ";"
   remove it
----
ex:s , ex:p ex:o .
=> 2:6: expected a predicate, not ","
   remove it
----
ex:s ex:p [ ex:q 1 .
ex:t ex:p 2 .
=> 2:11: this "[" is not closed
   close it with "]" before the "." of line 2
----
ex:s ex:p [ ex:q 1

ex:t a ex:C .
=> 2:11: this "[" is not closed
   close it with "]" before line 4
----
ex:s ex:p ( 1 2 .
ex:t ex:p 3 .
=> 2:11: this "(" is not closed
   close it with ")" before the "." of line 2
----
ex:s ex:p ( 1 2 ;
  ex:q 3 .
=> 2:11: this "(" is not closed
   close it with ")" before the ";" of line 2
----
ex:s ex:p ( 1 2 ] .
=> 2:17: expected ")" here, not "]"
   ")" closes the "(" of line 2
----
ex:s ex:p [ ex:q 1 ) .
=> 2:20: expected "]" here, not ")"
   "]" closes the "[" of line 2
----
ex:s ex:p ( 1 , 2 ) .
=> 2:15: a collection has no ","
   put only spaces between the members
----
ex:s ex:p ex:o ] .
ex:t ex:p 1 .
=> 2:16: this "]" closes no "["
   remove it
----
ex:s ex:p ex:o ) ; ex:q 1 .
=> 2:16: this ")" closes no "("
   remove it
----
ex:s ex:p ex:o . }
ex:t ex:p 1 .
=> 2:18: this "}" closes no "{"
   remove it
----
] .
ex:s ex:p ex:o .
=> 2:1: this "]" closes no "["
   remove it
----
ex:s ex:p "Peru ;
    ex:q 1 .
=> 2:11: this string is not closed
   close it with " on the same line
----
ex:s ex:p "Peru@en ;
    ex:q 1 .
=> 2:11: this string is not closed
   close it with " on the same line
----
ex:s ex:p "Peru
Republic"@en ;
    ex:q 1 .
=> 2:11: this string is not closed on its line
   put it between """ and """
----
ex:s ex:p """Peru ;
    ex:q 1 .
ex:t ex:q """Lima""" .
=> 2:11: this string is not closed
   close it with """
----
ex:s ex:p """Peru
and more.
ex:t ex:q ex:r .
=> 2:11: this string is not closed
   close it with """
----
ex:s ex:p <http://example.org/a ;
    ex:q 1 .
=> 2:11: this IRI is not closed
   close it with ">"
----
@prefix b: <http://b/ .
b:s ex:p 1 .
=> 2:12: this IRI is not closed
   close it with ">"
----
ex:s ex:p "He said "hello there" to me" ;
   ex:q 1 .
=> 2:20: the string ends here
   write "\" before a quotation mark inside it
----
ex:s ex:p "a\qb" ; ex:q 1 .
=> 2:13: "\q" is not an escape
   write "\\" for a backslash
----
ex:s ex:p "\U0001F60" .
=> 2:12: "\U" needs eight hexadecimal digits
   write "\\" for a backslash
----
ex:s ex:p "\uDFFF" .
=> 2:12: "\uDFFF" does not denote a character
----
ex:s ex:p "\u12" .
=> 2:12: "\u" needs four hexadecimal digits
   write "\\" for a backslash
----
ex:s ex:p "C:\new\users\x" .
=> 2:18: "\u" needs four hexadecimal digits
   write "\\" for a backslash
----
ex:s ex:p <http://example.org/a b> .
=> 2:32: " " is not allowed in an IRI
   write "%20" for it
----
ex:s ex:p <http://example.org/{a}> .
=> 2:31: "{" is not allowed in an IRI
   write "%7B" for it
----
ex:s ex:p <http://example.org/\u00zz> .
=> 2:31: "\u" needs four hexadecimal digits
   write "%5C" for a backslash
----
ex:s ex:p <http://example.org/%zz> .
=> 2:11: this is not an IRI: invalid IRI percent encoding '%zz'
----
ex:s ex:p http://example.org/a ;
  ex:q 1 .
=> 2:11: an IRI needs "<" and ">"
   write "<http://example.org/a>"
----
@prefix a: http://a.org/ .
a:s ex:p 1 .
=> 2:12: expected an IRI between "<" and ">"
   write "<http://a.org/>"
----
ex:s ex:p ex:a/b ; ex:q 1 .
=> 2:15: "/" is not allowed in a prefixed name
   write "\/", or the IRI in full, between "<" and ">"
----
ex:s ex:p ex:a(b) ; ex:q 1 .
=> 2:15: "(" is not allowed in a prefixed name
   write "\(", or the IRI in full, between "<" and ">"
----
ex:s ex:p ex:cote-d'ivoire ;
 ex:q 1 .
=> 2:20: "'" is not allowed in a prefixed name
   write "\'", or the IRI in full, between "<" and ">"
----
ex:s ex:p ex:\%zz .
=> 2:11: ex:\%zz expands to an invalid IRI: invalid IRI percent encoding '%zz'
----
ex:s exx:p ex:o .
=> 2:6: the prefix "exx:" is not declared
   did you mean "ex"?
----
ex:s rdfs:label "x" .
=> 2:6: the prefix "rdfs:" is not declared
   declare it: @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
----
@prefx a: <http://a/> .
ex:s ex:p 1 .
=> 2:1: "@prefx" is not a directive
   write "@prefix"
----
PREFX a: <http://a/>
ex:s ex:p 1 .
ex:t ex:p 2 .
=> 2:1: "PREFX" is not a directive
   write "PREFIX"
----
@prefix a <http://a/> .
a:s ex:p 1 .
=> 2:10: expected ":" after this prefix
   write "a:"
----
"x" ex:p ex:o .
=> 2:1: a literal cannot be a subject
   only an IRI or a blank node can
----
ex:s "p" ex:o .
=> 2:6: a literal cannot be a predicate
   only an IRI can
----
ex:s _:p ex:o .
=> 2:6: a blank node cannot be a predicate
   only an IRI can
----
ex:s [] ex:o .
=> 2:6: a blank node cannot be a predicate
   only an IRI can
----
a ex:p ex:o .
=> 2:1: "a" can only be a predicate
   write rdf:type
----
ex:s ex:p a .
=> 2:11: "a" can only be a predicate
   write rdf:type
----
ex:s ex:p Republic of Peru ; ex:q 1 .
=> 2:11: "Republic" is not a term
   put it in quotation marks, or put a prefix before it
----
ex:s ex:p True .
=> 2:11: "True" is not a term
   write "true"
----
ex:s ex:p 2020-01-01 ; ex:q 1 .
=> 2:11: this is not a number
   write "2020-01-01" in quotation marks
----
ex:s ex:p 5km .
=> 2:11: this is not a number
   write "5km" in quotation marks
----
/* all */
=> 2:1: this does not begin a comment
   write # instead
----
ex:s a ex:T , ex:q "x" .
=> 2:19: expected ",", ";" or "." after this object
   if ex:q is a property, put ";" before it, not ","
----
ex:s ex:p “Lima”@es ;
   ex:q 1 .
=> 2:11: "“" is not a term
   use straight quotation marks
----
ex:s ex:p "x"@en_US .
=> 2:14: "@en_US" is not a language tag: the given language subtag is invalid
   write "@en-US"
----
ex:s ex:p ex:o@en .
=> 2:15: only a string has a language tag or a datatype, and only one of them
----
ex:s ex:p "x"@en^^ex:d .
=> 2:17: only a string has a language tag or a datatype, and only one of them
----
ex:s ex:p "x"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> .
=> 2:16: this datatype requires a language tag
   write the tag after the string, such as "Lima"@es
----
ex:s ex:p "x"^^ .
=> 2:14: expected a datatype after "^^"
----
ex:s ex:p "x"^^"y" .
=> 2:16: a datatype must be an IRI
----
ex:s ex:p ex:o . .
=> 2:18: this "." ends nothing
   remove it
----
<s> ex:p ex:o .
=> 2:1: this IRI is relative, and there is no base
   write it in full, or declare a @base
----
ex:s ex:p <<( ex:a ex:b ex:c )>> .
=> 2:11: a triple cannot be a term, since RDF 1.2 is not supported
   make the statement a thing of its own
----
VERSION 1.2
ex:s ex:p 1 .
=> 2:9: expected a version
   write it as "1.2"
----
ex:s ex:p ex:o {| ex:q 1 |} .
ex:t ex:p 1 .
=> 2:16: a triple cannot be a term, since RDF 1.2 is not supported
   make the statement a thing of its own
----
ex:g { ex:s ex:p 1 . ex:t ex:p 2 }
ex:u ex:p 3 .
=> 2:6: Turtle has no graphs
   give the file a name that ends in ".trig"
----
[] .
=> 2:3: expected a predicate after this subject
----
ex:s ex:p ex:o . ; ex:q 1 .
=> 2:18: ";" cannot begin a statement
   remove the "." before it
----
hello
ex:s ex:p 1 .
=> 2:1: "hello" is not a term
   put it in quotation marks, or put a prefix before it
----
ex:s ex:p ex:o.ex:t ex:p 1 .
=> 2:20: expected ";" or "." after this object
   ex:p starts a new property, so put ";" before it
----
ex:s ex:p exo ;
 ex:q 1 .
=> 2:11: "exo" is not a term
   put it in quotation marks, or put a prefix before it
----
ex:s ex:p = ex:o .
=> 2:11: "=" is not a term
----
ex:s ex:p 1 .
<<<<<<< HEAD
ex:t ex:p 2 .
=======
ex:t ex:p 3 .
>>>>>>> b
ex:u ex:p 4 .
=> 3:1: a triple cannot be a term, since RDF 1.2 is not supported
   make the statement a thing of its own
=> 5:1: "=" is not a term
=> 7:1: ">" is not a term
'''

TRIG_MISTAKES = r"""
ex:g { ex:s ex:p 1 .
=> 2:6: this "{" is not closed
   close it with "}"
----
ex:g { ex:s ex:p 1 .
ex:h { ex:s ex:p 2 . }
=> 2:6: this "{" is not closed
   close it with "}" before line 3
----
ex:g { @prefix a: <http://a/> . ex:s ex:p 1 }
=> 2:8: a directive is not allowed in a graph
   move it before the "{"
----
GRAPH { ex:s ex:p 1 }
=> 2:6: expected a name for this graph
   remove GRAPH if it has none
----
"x" { ex:s ex:p 1 }
=> 2:1: a literal cannot be a subject
   only an IRI or a blank node can
----
ex:g {
  ex:s ex:p 1
  ex:t a ex:C
}
=> 3:14: expected ";" or "." after this object
   line 4 starts a new subject, so end line 3 with "."
----
ex:g {
  ex:s ex:p 1
    ex:q 2
}
=> 3:14: expected ";" or "." after this object
   line 4 starts a new property, so end line 3 with ";"
----
ex:g { ex:s ex:p 1 } .
=> 2:22: this "." ends nothing
   remove it
"""

N_TRIPLES_MISTAKES = r"""
<u:s> <u:p> .
=> 1:12: expected an object after this term
----
<u:s> <u:p>
<u:o> .
=> 1:12: expected an object after this term
=> 2:6: expected a predicate after this term
----
<u:s> <u:p> <u:o>
<u:t> <u:p> <u:o> .
=> 1:18: expected "." after this term
   end line 1 with "."
----
<u:s> <u:p> <u:o> <u:g> .
=> 1:18: expected "." after this term
   remove what follows
----
<u:s> <u:p> <u:o> . <u:t> <u:p> <u:o> .
=> 1:21: a line can have only one statement
   put this on a line of its own
----
<u:s> a <u:o> .
=> 1:7: "a" is Turtle syntax, not allowed here
   write <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>
----
<u:s> <u:p> 1 .
=> 1:13: "1" is Turtle syntax, not allowed here
   write "1"^^<http://www.w3.org/2001/XMLSchema#integer>
----
ex:s <u:p> <u:o> .
=> 1:1: "ex:s" is Turtle syntax, not allowed here
   write the IRI in full, between "<" and ">"
----
<u:s> <u:p> 'o' .
=> 1:13: "'o'" is Turtle syntax, not allowed here
   write it on one line, between " and "
----
<u:s> <u:p> "o"^^ex:d .
=> 1:18: "ex:d" is Turtle syntax, not allowed here
   write the IRI in full, between "<" and ">"
----
@base <u:x> .
<s> <u:p> <u:o> .
=> 1:1: "@base" is Turtle syntax, not allowed here
=> 2:1: this IRI is relative
   write it in full
"""


def cases(blocks: str) -> list[tuple[str, list[str]]]:
    found = []
    for block in blocks.strip("\n").split("\n----\n"):
        text, *notes = block.split("\n=> ")
        found.append((text, [re.sub(r"\n +", "; ", note) for note in notes]))
    return found


def read(
    text: str, format: RdfFormat = RdfFormat.TURTLE, *, base: str | None = None, scope: str = "b"
) -> Reading:
    return parsing.parse_text(text, "f", format, base=base, scope=scope)


def said(reading: Reading) -> list[str]:
    return [str(error).removeprefix("f:") for error in reading.errors]


def canonical(quads: list[Quad]) -> set[str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(map(str, dataset))


@cache
def line_starts(text: str) -> list[int]:
    """Return the offsets of lines, by another algorithm than that of the parser."""
    lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n|$)", text.removeprefix("\ufeff"))
    return list(accumulate(map(len, lines), initial=int(text.startswith("\ufeff"))))


def offset(text: str, line: int, column: int) -> int:
    return line_starts(text)[line - 1] + column - 1


def at(text: str, place: Place) -> str:
    start = offset(text, place.line, place.column)
    return text[start : offset(text, place.end_line, place.end_column)]


def fixed(text: str, errors: list[Mistake]) -> str:
    for error in reversed(errors):
        assert error.fix is not None
        place = error.place
        start = offset(text, place.line, place.column)
        text = text[:start] + error.fix + text[offset(text, place.end_line, place.end_column) :]
    return text


def spelled(text: str) -> list[tuple[str, ...]]:
    """Return the text at the places of each statement."""
    return [
        tuple(at(text, place) for place in located[1:] if place)
        for located in statements(read(text, RdfFormat.TRIG))
    ]


# Places of terms


def test_every_statement_has_the_places_of_its_terms() -> None:
    text = "PREFIX ex: <u:>\nex:s a ex:C ;\n  ex:p 1 , 'two'@en .\n"

    located = list(statements(read(text)))

    assert [
        ("f:2:1", "f:2:6", "f:2:8"),
        ("f:2:1", "f:3:3", "f:3:8"),
        ("f:2:1", "f:3:3", "f:3:12"),
    ] == [tuple(map(str, statement[1:4])) for statement in located]
    assert (3, 12, 3, 20) == located[2].object[1:]
    assert located[2].graph is None
    assert Literal("two", language="en") == located[2].quad.object


def test_what_is_written_once_has_one_place() -> None:
    text = PREFIX + "ex:s a ex:C ; ex:p 1 , 'two'@en , '''x\ny'''^^ex:d ."

    assert [
        ("ex:s", "a", "ex:C"),
        ("ex:s", "ex:p", "1"),
        ("ex:s", "ex:p", "'two'@en"),
        ("ex:s", "ex:p", "'''x\ny'''^^ex:d"),
    ] == spelled(text)


def test_nodes_without_a_name_are_at_their_brackets() -> None:
    text = PREFIX + "ex:s ex:p [ ex:q [ ] ] , ( 1 [ ex:r ( ) ] ) .\n[ ex:p _:b ] ."

    assert [
        ("ex:s", "ex:p", "["),
        ("[", "ex:q", "[ ]"),
        ("ex:s", "ex:p", "("),
        ("(", "(", "1"),
        ("(", "(", "("),
        ("(", "(", "["),
        ("[", "ex:r", "( )"),
        ("(", "(", ")"),
        ("[", "ex:p", "_:b"),
    ] == spelled(text)


def test_the_name_of_a_graph_has_its_place_too() -> None:
    text = "@prefix ex: <u:> . ex:g { ex:s ex:p 1 } GRAPH _:g { ex:s ex:p 2 } { ex:s ex:p 3 }"

    assert [
        ("ex:s", "ex:p", "1", "ex:g"),
        ("ex:s", "ex:p", "2", "_:g"),
        ("ex:s", "ex:p", "3"),
    ] == spelled(text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CR LF", "CR"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["no mark", "byte order mark"])
def test_byte_order_marks_line_ends_and_tabs_shift_nothing(end: str, mark: str) -> None:
    text = mark + f"<u:s> <u:p>{end}\t'P\U0001f1f5\u0301'@es,{end}{end}  2 . # {end}<u:t> <u:p> 3 ."

    found = [str(located.object) for located in statements(read(text))]

    assert ["f:2:2", "f:4:3", "f:5:13"] == found
    assert ("<u:s>", "<u:p>", "'P\U0001f1f5\u0301'@es") == spelled(text)[0]


def assert_spelled(reading: Reading, text: str, base: str | None = None) -> None:
    """Assert that the text at the place of each IRI or literal parses to the same term."""
    prefixes = "".join(f"PREFIX {name}: <{iri}> " for name, iri in reading.prefixes.items())
    known: dict[str, EngineTerm] = {"a": TYPE}
    for (subject, predicate, object_, graph), *spots in statements(reading):
        for term, place in zip((subject, predicate, object_, graph), spots, strict=True):
            spelling = at(text, place) if place else ""
            if spelling[:1] in "_[()":
                assert re.fullmatch(r"|_:.+|[\[(](\s*[\])])?|\)", spelling)
            else:
                if spelling not in known:
                    statement = f"{prefixes} <u:s> <u:p> {spelling} ."
                    quad = next(parse(statement, RdfFormat.TURTLE, base_iri=base))
                    known[spelling] = quad.object
                assert known[spelling] == term


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_term_of_our_own_files_is_spelled_at_its_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    reading = read(text)

    assert [] == reading.errors
    assert canonical(list(parse(text, RdfFormat.TURTLE))) == canonical(reading.quads)
    assert_spelled(reading, text)


# Terms


def objects(text: str, base: str | None = None, scope: str = "b") -> list[str]:
    return [str(quad.object) for quad in read(text, base=base, scope=scope).quads]


def test_literals_keep_the_form_in_which_they_are_written() -> None:
    written = {"01": "integer", "+1.50": "decimal", "1.e5": "double", ".5": "decimal"}
    written |= {"-.5E3": "double", "true": "boolean", "false": "boolean"}

    found = objects(f"<u:s> <u:p> {' , '.join(written)} .")

    assert [f'"{form}"^^<{XSD}{kind}>' for form, kind in written.items()] == found


def test_escapes_are_read_where_the_grammar_has_them() -> None:
    text = r"""PREFIX e: <u:\u0061/> <u:\U0001F600> e:p\,%2C "\t\"\u00FA", 'a\\', '''\''''."""

    reading = read(text)

    assert [] == reading.errors
    assert canonical(list(parse(text, RdfFormat.TURTLE))) == canonical(reading.quads)
    assert "<u:a/p,%2C>" == str(reading.quads[0].predicate)


def test_relative_iris_are_resolved_against_the_last_base() -> None:
    text = "<s> <p> <o> . @base <http://b.org/x/> . <s> <p> <../o> . BASE <y/> <s> <p> <?q#f> ."

    assert [
        "<http://example.org/base/o>",
        "<http://b.org/o>",
        "<http://b.org/x/y/?q#f>",
    ] == objects(text, base=BASE)


def test_a_base_that_is_no_iri_is_no_base() -> None:
    (error,) = read("<s> <u:p> <u:o> .", base="nowhere").errors

    assert "this is not an IRI: invalid base IRI 'nowhere'" in error.message


def test_labels_hold_for_one_text() -> None:
    text = "_:a <u:p> _:a , _:b , [] ."

    assert ["_:b1", "_:b2", "_:b3"] == objects(text) == objects(text)
    assert ["_:x1", "_:x2", "_:x3"] == objects(text, scope="x")


def test_quads_are_in_the_graphs_of_the_text() -> None:
    text = "<u:g> { <u:s> <u:p> 1 } <u:s> <u:p> 2 ."

    assert [NamedNode("u:g"), DefaultGraph()] == [
        quad.graph_name for quad in read(text, RdfFormat.TRIG).quads
    ]


def test_prefixes_are_those_in_force_at_the_end() -> None:
    text = "@prefix a: <u:a> . PREFIX : <u:b> @prefix a: <u:c> . @prefix bad: <u: > ."

    assert {"a": "u:c", "": "u:b"} == read(text).prefixes


def test_a_format_without_places_is_refused() -> None:
    with pytest.raises(ValueError, match="terms of JSON-LD cannot be located"):
        read("{}", RdfFormat.JSON_LD)


# Mistakes


@pytest.mark.parametrize(("text", "expected"), cases(TURTLE_MISTAKES))
def test_a_mistake_in_turtle_is_noted_where_it_is(text: str, expected: list[str]) -> None:
    assert expected == said(read(PREFIX + text))


@pytest.mark.parametrize(("text", "expected"), cases(TRIG_MISTAKES))
def test_a_mistake_in_trig_is_noted_where_it_is(text: str, expected: list[str]) -> None:
    assert expected == said(read(PREFIX + text, RdfFormat.TRIG))


@pytest.mark.parametrize(("text", "expected"), cases(N_TRIPLES_MISTAKES))
def test_a_mistake_in_n_triples_is_noted_where_it_is(text: str, expected: list[str]) -> None:
    assert expected == said(read(text, RdfFormat.N_TRIPLES))


def test_all_mistakes_of_a_file_are_noted_at_once() -> None:
    text = """@prefix ex: <http://example.org/> .
ex:a ex:p ex:b
    ex:q "b" ;
    ex:r [ ex:p 1 ;
    ex:q "\\z" .

ex:c ex:p <http://example.org/a b> ;
    exx:p "c" ;
    ex:q ;
    ex:r "d .

ex:d a ex:D
ex:e a ex:E
"""

    assert [
        '2:15: expected ";" or "." after this object; '
        'line 3 starts a new property, so end line 2 with ";"',
        '4:10: this "[" is not closed; close it with "]" before line 5',
        '5:11: "\\z" is not an escape; write "\\\\" for a backslash',
        '7:32: " " is not allowed in an IRI; write "%20" for it',
        '8:5: the prefix "exx:" is not declared; did you mean "ex"?',
        "9:9: expected an object after this predicate; give ex:q a value",
        '10:10: this string is not closed; close it with " on the same line',
        '12:12: expected ";" or "." after this object; '
        'line 13 starts a new subject, so end line 12 with "."',
        '13:12: expected ";" or "." after this object; end the last statement with "."',
    ] == said(read(text))


def test_an_undeclared_prefix_costs_no_more_than_its_triples() -> None:
    text = (
        PREFIX + "ex:s ex:p no:o , 1 ; no:p [ ex:q 2 ] ; ex:r ( 3 no:x ) .\nno:s ex:p [ ex:q 4 ] ."
    )

    reading = read(text)

    assert ["no"] * 4 == [error.prefix for error in reading.errors]
    assert {"unknown-prefix"} == {error.code for error in reading.errors}
    literals = [quad.object.value for quad in reading.quads if isinstance(quad.object, Literal)]
    assert ["1", "2", "3", "4"] == literals


def test_a_prefix_that_is_declared_by_mistake_is_not_blamed_where_it_is_used() -> None:
    assert ['2:14: expected an IRI between "<" and ">"'] == said(
        read(PREFIX + "@prefix bad: .\nbad:s ex:p bad:o .")
    )


def test_a_mistake_names_the_subject_of_which_something_may_be_unread() -> None:
    reading = read(PREFIX + "ex:s ex:p ex:o ; ex:q [ ex:r what ] .\n@prefix x: .")

    assert [NamedNode("http://example.org/s"), None] == [error.subject for error in reading.errors]


@pytest.mark.parametrize(("text", "expected"), cases(TURTLE_MISTAKES))
def test_what_follows_a_mistake_is_read(text: str, expected: list[str]) -> None:
    reading = read(f"{PREFIX}{text}\n\nex:next a ex:Read .")

    assert expected[:1] == said(reading)[:1] or "the last statement" in expected[-1]
    assert NamedNode("http://example.org/next") in {quad.subject for quad in reading.quads}


@pytest.mark.parametrize(("text", "expected"), cases(TURTLE_MISTAKES + "----" + TRIG_MISTAKES))
def test_a_fix_mends_what_it_is_given_for(text: str, expected: list[str]) -> None:
    errors = read(PREFIX + text, RdfFormat.TRIG).errors
    certain = [error for error in errors if error.fix is not None]

    mended = read(fixed(PREFIX + text, certain), RdfFormat.TRIG)

    assert len(errors) - len(certain) == len(mended.errors)


@pytest.fixture(scope="module")
def share(pytestconfig: pytest.Config) -> int:
    """The divisor of the number of random texts: 3, or 1 with `--whole`."""
    return 1 if pytestconfig.getoption("--whole") else 3


def without_separator(path: Path, share: int) -> Iterator[tuple[str, str, int, str]]:
    """Yield the text of a file, the text without a separator, its offset, and the separator."""
    text = path.read_text(encoding="utf-8")
    tokens = tokenize(text)
    separators = [i for i, kind in enumerate(tokens.kinds) if kind in (";", ".", ",")]
    for i in random.Random(path.name).sample(separators, min(len(separators), 12 // share)):
        start, end = tokens.starts[i], tokens.ends[i]
        yield text, text[:start] + text[end:], tokens.ends[i - 1], tokens.kinds[i]


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_missing_separator_is_reported_where_it_was(path: Path, share: int) -> None:
    quads = read(path.read_text(encoding="utf-8")).quads
    for _, broken, start, separator in without_separator(path, share):
        (error,) = read(broken).errors

        assert start == offset(broken, error.place.line, error.place.column)
        assert "" == at(broken, error.place)
        assert (error.fix or separator) == separator
        if error.fix:
            assert quads == read(fixed(broken, [error])).quads


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_full_stop_inside_a_description_is_taken_for_what_it_should_be(
    path: Path, share: int
) -> None:
    for text, _, start, separator in without_separator(path, share):
        if separator == ";" and text[start:].startswith(" ;\n"):
            broken = text[:start] + " .\n" + text[start + 3 :]

            (error,) = read(broken).errors

            assert start + 1 == offset(broken, error.place.line, error.place.column)
            assert text == fixed(broken, [error])


def test_deep_nesting_is_a_mistake_and_not_a_crash() -> None:
    for opening, closing in ("[ ex:p ", "]"), ("(", ")"):
        fits = f"ex:s ex:p {opening * NESTING} 1 {closing * NESTING} ."
        deep = f"ex:s ex:p {opening * 50_000} 1 {closing * 50_000} . ex:t ex:p 2 ."

        assert [] == read(PREFIX + fits).errors
        (error,) = read(PREFIX + deep).errors
        assert f"brackets are nested deeper than {NESTING}" == error.message


@pytest.mark.slow
def test_mistakes_are_noted_up_to_a_limit() -> None:
    many = "".join(f"no{i}:s " for i in range(50_000))

    assert MOST_MISTAKES == len(read(many).errors)
    assert MOST_MISTAKES == len(read("no:s " * 50_000).errors)


# Other readers


def suite(folder: Path) -> Iterator[tuple[Path, bool, Path | None, str]]:
    """Yield the tests of a manifest.

    Each has a file, whether it is valid, the file of its facts or None, and its base.
    """
    store = Store()
    manifest = folder / "manifest.ttl"
    store.extend(parse(manifest.read_text(), RdfFormat.TURTLE, base_iri=manifest.as_uri()))
    tests = store.query(
        "PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>"
        "SELECT ?kind ?action ?result ?base { ?test a ?kind ; mf:action ?action "
        "OPTIONAL { ?test mf:result ?result } OPTIONAL { ?manifest mf:assumedTestBase ?base } }"
    )
    assert isinstance(tests, QuerySolutions)
    for kind, action, result, base in tests:
        path = folder / Path(value(action)).name
        expected = folder / Path(value(result)).name if result else None
        yield (
            path,
            "Negative" not in value(kind),
            expected,
            (value(base) if base else BASE) + path.name,
        )


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("rdf-turtle", 219, 94),
        ("rdf-trig", 241, 115),
        ("rdf-n-triples", 41, 29),
        ("rdf-n-quads", 53, 34),
    ],
)
def test_the_suites_of_the_w3c_are_passed(w3c: Path, name: str, right: int, wrong: int) -> None:
    passed = {True: 0, False: 0}
    for path, is_right, expected, base in suite(w3c / name):
        text, format = path.read_bytes().decode(), FORMATS[path.suffix]
        reading = read(text, format, base=base)
        passed[is_right] += 1
        assert is_right == (not reading.errors), path
        if is_right:
            assert canonical(engine(text, format, base)) == canonical(reading.quads), path
            if expected:
                result = read(expected.read_bytes().decode(), FORMATS[expected.suffix])
                assert canonical(result.quads) == canonical(reading.quads), path
            declarations = re.findall(r"prefix\s|base\s", text, re.IGNORECASE)
            if len(declarations) == len(reading.prefixes):  # no prefix is redefined in the text
                assert_spelled(reading, text, base)

    assert {True: right, False: wrong} == passed


def seeds() -> list[tuple[str, RdfFormat]]:
    """Return parts of our own files and, if available, the files of the W3C."""
    texts = []
    for path in FILES:
        head, *blocks = path.read_text(encoding="utf-8").split("\n\n")
        head += "\n" + "\n".join(block for block in blocks if block.startswith("@prefix"))
        texts += [(f"{head}\n\n{block}\n", RdfFormat.TURTLE) for block in blocks[:40]]
    if folder := os.environ.get("RELATIONS_KG_W3C"):
        texts += [
            (path.read_bytes().decode(), FORMATS[path.suffix])
            for path in sorted(Path(folder).glob("*/*"))
            if path.suffix in FORMATS and path.name != "manifest.ttl"
        ]
    return texts


SCRAPS = [
    *".;,[](){}<>\"'\\#~|^:\n\t\r\0\u00a0\u00e9\ufeff\U0001f600",
    *("[]", "()", '""', '"""', "'''", "@en", "^^", " a ", " true ", "\\u0041", "_:b", "ex:", "1"),
    *(
        "-1",
        ".5",
        "1e5",
        "@prefix ",
        "@base <http://x/> .",
        "GRAPH ",
        "<a>",
        "<<",
        "{|",
        "%20",
        "=>",
    ),
]


def mutated(chance: random.Random, text: str) -> str:
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        start = chance.randrange(len(text) + 1)
        end = min(start + chance.choice((0, 1, 2, 5, 20)), len(text))
        other = chance.randrange(len(text) + 1)
        middle = chance.choice(("", chance.choice(SCRAPS), text[start:end] * 2, text[other:][:20]))
        text = text[:start] + middle + text[end:]
    return text


def engine(text: str, format: RdfFormat, base: str = BASE) -> list[Quad]:
    by_line = format in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
    text = text.removeprefix("\ufeff")
    return list(parse(text, format, base_iri=None if by_line else base))


def agree(text: str, format: RdfFormat) -> None:
    """Assert that, if a text has no mistake, the engine reads the same quads from it."""
    reading = read(text, format, base=BASE)

    if not reading.errors:
        assert canonical(engine(text, format)) == canonical(reading.quads), text


@pytest.mark.slow
def test_mutated_files_are_read_without_harm_and_as_the_engine_reads_them(share: int) -> None:
    chance = random.Random(2026)
    texts = seeds()
    for _ in range(FUZZED // share):
        text, format = chance.choice(texts)
        agree(mutated(chance, text), format)


def is_sure(text: str, format: RdfFormat) -> bool:
    """Return whether the engine reads a text that our parser has to read, too.

    This excludes RDF 1.2, and "@base" after a string and a space, which the engine takes for a
    language tag.
    """
    with suppress(SyntaxError):
        engine(text, format)
        return not re.search(r"version|--|~|<<|\{\||[\"'] @", text, re.IGNORECASE)
    return False


@pytest.mark.slow
def test_what_the_engine_reads_has_no_mistake() -> None:
    chance = random.Random(1974)
    texts = seeds()
    for _ in range(FUZZED // 4):
        text, format = chance.choice(texts)
        text = mutated(chance, text)
        if is_sure(text, format):
            assert [] == said(read(text, format, base=BASE)), text


def statements_set_oddly(chance: random.Random) -> str:
    """Return statements with random white space, perhaps without one term or punctuation."""
    subjects = ["ex:s", "<s>", "_:s", "[]", "( 1 )", "[ ex:p 1 ]"]
    verbs = ["ex:p", "a", "<p>"]
    objects = ["ex:o", "1", "'x'@en", "'x'^^ex:d", "_:o", "[]", "( 1 2 )", "[ a ex:o ; ex:p 1 ]"]
    parts = []
    for _ in range(chance.randrange(1, 6)):
        parts += [chance.choice(subjects), chance.choice(verbs), chance.choice(objects)]
        while (mark := chance.choice([".", ";", ",", "; ;"])) != ".":
            parts += [
                mark,
                *([] if mark == "," else [chance.choice(verbs)]),
                chance.choice(objects),
            ]
        parts.append(".")
    if chance.random() < 0.3:
        del parts[chance.randrange(len(parts))]
    return "".join(part + chance.choice((" ", "\n", "\n  ", "\n    ")) for part in parts)


@pytest.mark.slow
def test_lines_that_are_set_oddly_are_no_mistake() -> None:
    """Line breaks are considered only if the grammar is ambiguous."""
    chance = random.Random(2023)
    for _ in range(FUZZED // 10):
        text = PREFIX + statements_set_oddly(chance)
        agree(text, RdfFormat.TURTLE)
        if is_sure(text, RdfFormat.TURTLE):
            assert [] == said(read(text, base=BASE)), text


@pytest.mark.slow
def test_random_bytes_are_read_without_harm() -> None:
    chance = random.Random(1849)
    for _ in range(FUZZED // 10):
        text = chance.randbytes(chance.randrange(200)).decode(errors="replace")
        for format in FORMATS.values():
            agree(text, format)


@given(st.text(), st.sampled_from(list(FORMATS.values())))
def test_any_text_is_read_without_harm(text: str, format: RdfFormat) -> None:
    agree(text, format)


@given(st.lists(st.sampled_from(SCRAPS), max_size=30), st.sampled_from(list(FORMATS.values())))
def test_any_heap_of_punctuation_is_read_without_harm(scraps: list[str], format: RdfFormat) -> None:
    agree("".join(scraps), format)


def test_halves_of_characters_are_a_mistake() -> None:
    reading = read('<u:s> <u:p> "\ud800" , <u:\udfff> .')

    assert ["1:14: a lone surrogate is not a character"] == said(reading)[:1]


HEAPS = [
    *(
        "a.",
        ".a",
        "[",
        "(",
        "] ",
        ") ",
        "{",
        "}",
        "a{",
        "<",
        "< ",
        "<a",
        '"',
        '"\n',
        "'''\n\\'''\n",
    ),
    *(
        '"""',
        '\\"""\n',
        '"""a""" b',
        '"""\n"""b\n',
        '"\n"@e',
        ".",
        ". ",
        ";",
        ",",
        ":a :b :c ",
        ":a :b\n",
    ),
    *(
        "x ",
        "\\",
        "@a",
        "_:a..",
        " ",
        "#",
        "^^ ",
        "\u00a0",
        "@prefix a: ",
        "1",
        "1.",
        "1e",
        "1-",
        "\u00e9.",
    ),
    *(
        "a: ",
        "a:~",
        "<<",
        "[ a:b ",
        "a [ : ( ",
        '"a" ',
        "\r",
        "graph{",
        "].[",
        "<,,,",
        "a:(",
        "<a> <b>\n<c> .",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize("heap", HEAPS)
def test_no_text_takes_longer_than_in_proportion_to_its_length(heap: str) -> None:
    text = heap * (60_000 // len(heap))
    start = time.perf_counter()
    read(text, RdfFormat.TRIG)

    assert time.perf_counter() - start < 3  # seconds; it usually takes a tenth of that


@pytest.mark.slow
def test_a_large_file_is_read_quickly() -> None:
    lines = [f'ex:s{i} a ex:C ; ex:label "thing {i}"@en ; ex:value {i} .' for i in range(20_000)]
    text = PREFIX + "\n".join(lines)
    start = time.perf_counter()
    reading = read(text)

    assert time.perf_counter() - start < 10  # seconds for 1.2 MB; usually a third of one
    assert 60_000 == len(reading.quads)
