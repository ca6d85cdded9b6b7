"""The corpus of hostile queries and files, and a listener that counts connections."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import NamedTuple

HOST = "@HOST@"  # replaced by the address of the listener
CALL = f"<http://{HOST}/sparql>"
PREFIX = f"PREFIX e: <http://{HOST}/> "


class Case(NamedTuple):
    """A hostile file or query text, identified by its kind and name."""

    kind: str
    name: str
    suffix: str
    make: Callable[[], bytes]

    def content(self, host: str) -> bytes:
        """Return the content, with the host of the listener filled in."""
        return self.make().replace(HOST.encode(), host.encode())


class Listener:
    """A local port that counts the connections to it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self.calls = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def close(self) -> None:
        # Closing a socket does not wake a thread that waits in accept(); shutting it down does.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


CALLS = {
    "plain": f"SELECT * {{ SERVICE {CALL} {{ ?s ?p ?o }} }}",
    "lower case": f"SELECT * {{ service {CALL} {{ ?s ?p ?o }} }}",
    "mixed case": f"SELECT * {{ sErViCe {CALL} {{ ?s ?p ?o }} }}",
    "silent": f"SELECT * {{ SERVICE SILENT {CALL} {{ ?s ?p ?o }} }}",
    "silent in lower case": f"SELECT * {{ service silent {CALL} {{ ?s ?p ?o }} }}",
    "no space": f"SELECT * {{SERVICE{CALL}{{?s ?p ?o}}}}",
    "no space, silent": f"SELECT * {{SERVICESILENT{CALL}{{?s ?p ?o}}}}",
    "new lines": f"SELECT * {{ SERVICE\n\n\t{CALL}\r\n{{ ?s ?p ?o }} }}",
    "comment between": f"SELECT * {{ SERVICE # a\n# b\r# c\r\n{CALL} # d\n{{ ?s ?p ?o }} }}",
    "comment with a quote": f"SELECT * {{ # '\nSERVICE # \"\n{CALL} {{ ?s ?p ?o }} }}",
    "comment without a space": f"SELECT * {{ SERVICE#\n{CALL}#\n{{ ?s ?p ?o }} }}",
    "prefixed name": f"{PREFIX}SELECT * {{ SERVICE e:sparql {{ ?s ?p ?o }} }}",
    "prefixed name, no space": f"{PREFIX}SELECT * {{ SERVICEe:sparql {{ ?s ?p ?o }} }}",
    "prefixed name, silent": f"{PREFIX}SELECT * {{ SERVICE SILENTe:sparql {{ ?s ?p ?o }} }}",
    "prefix alone": f"PREFIX : {CALL} SELECT * {{ SERVICE : {{ ?s ?p ?o }} }}",
    "base": f"BASE <http://{HOST}/> SELECT * {{ SERVICE <sparql> {{ ?s ?p ?o }} }}",
    "empty IRI": f"BASE {CALL} SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
    "variable": f"SELECT * {{ BIND({CALL} AS ?h) SERVICE ?h {{ ?s ?p ?o }} }}",
    "variable with a dollar": f"SELECT * {{ VALUES $h {{ {CALL} }} SERVICE $h {{ ?s ?p ?o }} }}",
    "variable called service": f"SELECT * {{ VALUES ?service {{ {CALL} }} SERVICE ?service {{}} }}",
    "sub-select": f"SELECT * {{ {{ SELECT * {{ SERVICE {CALL} {{ ?s ?p ?o }} }} }} }}",
    "optional": f"SELECT * {{ OPTIONAL {{ SERVICE {CALL} {{ ?s ?p ?o }} }} }}",
    "exists": f"SELECT * {{ FILTER EXISTS {{ SERVICE {CALL} {{ ?s ?p ?o }} }} }}",
    "not exists": f"ASK {{ FILTER NOT EXISTS {{ SERVICE {CALL} {{ ?s ?p ?o }} }} }}",
    "minus": f"SELECT * {{ ?s ?p ?o MINUS {{ SERVICE {CALL} {{ ?s ?p ?o }} }} }}",
    "union": f"SELECT * {{ {{}} UNION {{ SERVICE {CALL} {{ ?s ?p ?o }} }} }}",
    "graph": f"SELECT * {{ GRAPH ?g {{ SERVICE {CALL} {{ ?s ?p ?o }} }} }}",
    "lateral": f"SELECT * {{ ?s a ?c LATERAL {{ SERVICE {CALL} {{ ?s ?p ?o }} }} }}",
    "bind exists": f"SELECT * {{ BIND(EXISTS {{ SERVICE {CALL} {{ ?s ?p ?o }} }} AS ?x) }}",
    "ask": f"ASK {{ SERVICE {CALL} {{ ?s ?p ?o }} }}",
    "construct": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE {CALL} {{ ?s ?p ?o }} }}",
    "describe": f"DESCRIBE ?s WHERE {{ SERVICE {CALL} {{ ?s ?p ?o }} }}",
    "service in a service": f"ASK {{ SERVICE {CALL} {{ SERVICE {CALL} {{}} }} }}",
    "after true": f"SELECT * {{ ?s ?p trueSERVICE {CALL} {{ ?s ?p ?o }} }}",
    "after a number": f"SELECT * {{ OPTIONAL {{ ?s ?p 1SERVICE {CALL} {{}} }} }}",
    "after a decimal": f"SELECT * {{ OPTIONAL {{ ?s ?p 1.5SERVICE {CALL} {{}} }} }}",
    "after a string": f"SELECT * {{ OPTIONAL {{ ?s ?p 'x'SERVICE {CALL} {{}} }} }}",
    "after a bracket": f"SELECT * {{ FILTER(1<2)SERVICE{CALL}{{}} }}",
    "after a dot": f"SELECT * {{ OPTIONAL {{ ?s ?p ?o.SERVICE{CALL}{{}} }} }}",
    "after a name that makes no IRI": (
        f"PREFIX h: <http://h:> SELECT * {{ OPTIONAL {{ ?s ?p h:o }} "
        f"{{ ?s ?p h:SERVICE {CALL} {{}} }} UNION {{}} }}"
    ),
    "after an IRI with a hash": f"SELECT * {{ OPTIONAL {{ ?s <urn:x#> ?o }} SERVICE {CALL} {{}} }}",
    "after an IRI with a hash, one line": f"ASK {{ <urn:a#b> ?p ?o SERVICE {CALL} {{}} }}",
    "less than as an IRI": (
        f"SELECT * {{ BIND({CALL} AS ?h) BIND(1 AS ?a) BIND(2 AS ?b) "
        "FILTER(?a<?b)SERVICE?h#>\n{} }"
    ),
    "less than before a string": (
        'SELECT * { BIND(1 AS ?a) BIND(2 AS ?b) FILTER(?a<?b#>"""\n) '
        f'SERVICE {CALL} {{}} #"""\n }}'
    ),
    "hash in a string": f"SELECT * {{ BIND('# ' AS ?x) SERVICE {CALL} {{}} }}",
    "hash in a long string": f'SELECT * {{ BIND("""\n# """ AS ?x) SERVICE {CALL} {{}} }}',
    "line like a comment in a string": f'ASK {{ BIND("""\n# """ AS ?x) SERVICE {CALL} {{}} }}',
    "quotes in quotes": f"SELECT * {{ BIND('\"' AS ?x) SERVICE {CALL} {{}} BIND('\"' AS ?y) }}",
    "escaped quote": f"SELECT * {{ BIND('\\'' AS ?x) SERVICE {CALL} {{}} BIND('' AS ?y) }}",
    "escaped letter": f"SELECT * {{ SERV\\u0049CE {CALL} {{}} }}",
    "long escaped letter": f"SELECT * {{ \\U00000053ERVICE {CALL} {{}} }}",
    "escaped bracket": f"SELECT * {{ SERVICE {CALL} \\u007B }} }}",
    "escaped space": f"SELECT * {{ SERVICE\\u0020{CALL} {{}} }}",
    "escaped backslash": f"SELECT * {{ SERV\\u005Cu0049CE {CALL} {{}} }}",
    "escaped host": f"SELECT * {{ SERVICE <http:\\u002F/{HOST}/> {{}} }}",
    "escaped new line in a comment": f"SELECT * {{ #\\u000ASERVICE {CALL} {{}}\n }}",
    "other scheme": f"SELECT * {{ SERVICE <HTTP://{HOST}/> {{}} }}",
    "user in the IRI": f"SELECT * {{ SERVICE <http://example.org@{HOST}/> {{}} }}",
    "thousand of them": "SELECT * {" + f"SERVICE SILENT {CALL} {{}} " * 1000 + "}",
    "long gap": "SELECT * { SERVICE" + "#\n" * 50_000 + CALL + "{} }",
}


def nested(opening: str, closing: str, number: int, within: str = "") -> str:
    return opening * number + within + closing * number


_CROSS = " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(9))
_BINDS = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(60))

HEAVY = {
    "groups": f"ASK {nested('{', '}', 3000)}",
    "parentheses": f"ASK {{ FILTER({nested('(', ')', 5000, '1')}) }}",
    "lists": f"ASK {{ {nested('(', ')', 8000, '1')} ?p ?o }}",
    "blank nodes": f"ASK {{ {nested('[ ?p ', ']', 4000, '1')} ?p ?o }}",
    "functions": f"ASK {{ FILTER({nested('STR(', ')', 1000, '1')}) }}",
    "functions not quite too deep": f"ASK {{ FILTER({nested('STR(', ')', 190, '1')}) }}",
    "exists": f"ASK {{ {nested('FILTER EXISTS {', '}', 1000)} }}",
    "optionals in each other": f"ASK {{ {nested('OPTIONAL { ?s ?p ?o ', '}', 4000)} }}",
    "sub-selects": f"ASK {nested('{ SELECT * ', '}', 4000, '{}')}",
    "triple terms": f"ASK {{ ?s ?p {nested('<<( ?s ?p ', ' )>>', 20_000, '1')} }}",
    "unclosed": "ASK " + "{" * 100_000,
    "unopened": "ASK " + "}" * 100_000,
    "unions": "ASK {" + " UNION ".join(["{ ?s ?p ?o }"] * 8000) + "}",
    "minus in a row": "ASK {" + "MINUS { ?s ?p ?o }" * 4000 + "}",
    "binds in a row": "ASK {" + "".join(f"BIND(1 AS ?x{i})" for i in range(20_000)) + "}",
    "filters in a row": "ASK {" + "FILTER(?s)" * 20_000 + "}",
    "ors": "ASK { FILTER(" + "||".join(["?s"] * 20_000) + ") }",
    "sums": "ASK { FILTER(" + "+".join(["1"] * 20_000) + ") }",
    "nots": "ASK { FILTER(" + "!" * 20_000 + "1) }",
    "groups in a row": "ASK {" + "{ ?s ?p ?o }" * 300 + "}",
    "triples in a row": "ASK {" + "".join(f"?s{i} ?p ?o{i} ." for i in range(300)) + "}",
    "doubled text": f"SELECT ?x60 {{ BIND('0123456789' AS ?x0) {_BINDS} }}",
    "cross join": f"SELECT * {{ {_CROSS} }}",
    "cross join, counted": f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} }}",
    "cross join, sorted": f"SELECT * {{ {_CROSS} }} ORDER BY ?s0 ?o8",
    "cross join, grouped": f"SELECT ?s0 (GROUP_CONCAT(?o8) AS ?n) {{ {_CROSS} }} GROUP BY ?s0",
    "cross join, constructed": f"CONSTRUCT {{ ?s0 ?p1 ?o8 }} {{ {_CROSS} }}",
    "cross join, distinguished": f"SELECT DISTINCT ?o1 ?o2 ?o3 ?o4 {{ {_CROSS} }}",
    "long path": "ASK { ?s " + "/".join(["(!<urn:x>)*"] * 500) + " ?o }",
    "paths of paths": "SELECT * { ?s " + nested("(", ")*", 150, "(!<urn:x>)") + " ?o }",
    "alternatives": "ASK { ?s " + "|".join(["(!<urn:x>)+"] * 20_000) + " ?o }",
    "all paths": "SELECT * { ?a (!<urn:x>)* ?b . ?c (!<urn:x>)* ?d . ?e (!<urn:x>)* ?f }",
    "pattern": "ASK { FILTER REGEX('" + "a" * 50_000 + "', '^(a+)+$') }",
    "repeated pattern": "ASK { FILTER REGEX('a', '((((a{1,99}){1,99}){1,99}){1,99}){1,99}') }",
    "pattern of a page": "ASK { FILTER REGEX('a', '" + "(a?)" * 50_000 + "') }",
    "replaced": "SELECT (REPLACE('" + "a" * 9999 + "', '(a*)*b', '$1$1') AS ?x) {}",
    "many values": "SELECT * { VALUES ?x { " + "1 " * 400_000 + "} }",
    "values of values": "SELECT * {" + "VALUES ?x { 1 2 } " * 1500 + "}",
    "many variables": "SELECT * { " + "".join(f"?v{i} ?w{i} ?x{i} ." for i in range(100)) + "}",
    "a name of a page": "ASK { ?" + "x" * 900_000 + " ?p ?o }",
    "a megabyte": "ASK { # " + "x" * (1 << 20) + "\n}",
    "words": "SERVICE " * 100_000,
    "words and comments": "SERVICE#" * 100_000,
    "escapes of escapes": "ASK { " + "\\u005C" + "u005C" * 100_000 + " }",
    "quotes": "ASK { " + '"' * 500_001 + " }",
    "backslashes": "ASK { '" + "\\" * 500_001 + " }",
    "less than": "ASK { " + "<" * 500_000 + " }",
}

REFUSED = {
    "load": f"LOAD <http://{HOST}/data.ttl>",
    "load of a file": "LOAD <file:///etc/passwd>",
    "insert": "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "insert where": "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "delete": "DELETE WHERE { ?s ?p ?o }",
    "drop": "DROP ALL",
    "clear": "CLEAR DEFAULT",
    "copy": "COPY DEFAULT TO <urn:g>",
    "add": "ADD DEFAULT TO <urn:g>",
    "with": "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "a question and then": "ASK {} ; DROP ALL",
    "nothing": "",
    "a null": "ASK {\0}",
    "nulls": "\0" * 1000,
    "half a character": "ASK { ?s ?p '\ud800' }",
    "halves": "\udfff\ud800" * 1000,
    "bytes": bytes(range(256)).decode("latin-1"),
    "noise": "".join(chr((i * 7919) % 0xD000) for i in range(20_000)),
    "custom function": f"SELECT (<http://{HOST}/f>('x') AS ?x) {{}}",
    "a function of a file": "SELECT (<file:///etc/passwd>('x') AS ?x) {",
    "a loose escape": "ASK { \\uD800 \\UFFFFFFFF }",
}

HARMLESS = {
    "from a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "from named": "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
    "from the listener": f"SELECT * FROM <http://{HOST}/data.ttl> {{ ?s ?p ?o }}",
    "graph of the listener": f"SELECT * {{ GRAPH <http://{HOST}/data.ttl> {{ ?s ?p ?o }} }}",
    "describe the listener": f"DESCRIBE <http://{HOST}/thing>",
    "property": "PREFIX ex: <urn:x:> ASK { ?s ex:service ?o }",
    "property in capitals": "PREFIX : <urn:x:> ASK { ?s :SERVICE ?o . OPTIONAL { ?a ?b ?c } }",
    "variable": "SELECT ?service ?x { ?service ?p ?x } LIMIT 1",
    "dollar": "SELECT $service $x { $service ?p $x } LIMIT 1",
    "string": "ASK { FILTER('SERVICE' = \"service\") }",
    "comment": "ASK { # SERVICE\n ?s ?p ?o }",
    "commented out": f"ASK {{\n  # SERVICE {CALL} {{ ?s ?p ?o }}\n  ?s ?p ?o }}",
    "language": "ASK { ?s ?p 'x'@service }",
    "class": "ASK { ?s a <http://schema.org/Service> }",
}

_TURTLE = "@prefix id: <https://w3id.org/relations-kg/id/> .\n@prefix : <urn:x:> .\n"
_JSON = '"@id": "urn:a", "urn:p": "x"'
_BOMB = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
_RDFXML = (
    f'<!DOCTYPE x [<!ENTITY e0 "boom">{_BOMB}]><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'rdf:about="urn:a"><p xmlns="urn:">&e11;</p></rdf:Description></rdf:RDF>'
)


def _contexts(depth: int) -> str:
    text = '{"p0": "urn:p"}'
    for i in range(depth):
        text = f'{{"p{i}": {{"@id": "urn:p", "@context": [{text}, {text}]}}}}'
    return text


def _document(context: str) -> str:
    return f'{{"@context": {context}, {_JSON}}}'


# Name → suffix and content.
FILES: dict[str, tuple[str, str | bytes]] = {
    "context of the listener": (".jsonld", _document(f'"http://{HOST}/context.jsonld"')),
    "contexts of the listener": (".jsonld", _document(f'[{{}}, "http://{HOST}/c"]')),
    "context imported": (".jsonld", _document(f'{{"@import": "http://{HOST}/c"}}')),
    "context of a file": (".jsonld", _document('"file:///etc/passwd"')),
    "context beside it": (".jsonld", _document('"context.jsonld"')),
    "context by a relative path": (".jsonld", _document('"../../../../etc/passwd"')),
    "scoped context": (
        ".jsonld",
        _document(f'{{"p": {{"@id": "urn:p", "@context": "http://{HOST}/c"}}}}').replace(
            '"urn:p": "x"', '"p": "x"'
        ),
    ),
    "contexts in contexts": (".jsonld", _document(_contexts(12))),
    "many contexts": (".jsonld", _document("[" + ",".join(['{"a": "urn:a"}'] * 5000) + "]")),
    "context of itself": (".jsonld", _document('{"a": "b:c", "b": "a:c"}')),
    "deep arrays": (".jsonld", nested("[", "]", 100_000)),
    "deep objects": (".jsonld", nested('{"urn:p":', "}", 20_000, "1")),
    "deep objects, unclosed": (".jsonld", '{"urn:p":' * 100_000),
    "deep lists": (".jsonld", nested('{"urn:p": {"@list": [', "]}}", 5000, "1")),
    "huge number": (".jsonld", '{"@id": "urn:a", "urn:p": ' + "9" * 50_000 + "}"),
    "huge exponent": (".jsonld", '{"@id": "urn:a", "urn:p": 1e999999}'),
    "half a character in JSON": (".jsonld", '{"@id": "urn:a", "urn:p": "\\ud800"}'),
    "same key again": (".jsonld", '{"@id": "urn:a", ' + '"urn:p": "x",' * 5000 + '"urn:q": 1}'),
    "no JSON": (".jsonld", "<html></html>"),
    "null in JSON": (".jsonld", "null"),
    "keywords as values": (".jsonld", '{"@id": {"@id": "@id"}, "@type": ["@type", 1]}'),
    "reversed": (".jsonld", '{"@id": "urn:a", "@reverse": {"urn:p": {"@reverse": {"urn:p": 1}}}}'),
    "included": (".jsonld", nested('{"@included": ', "}", 400, "{}")),
    "graphs in graphs": (".jsonld", nested('{"@graph": ', "}", 5000, "[]")),
    "RDF/XML as Turtle": (".ttl", _RDFXML),
    "RDF/XML as JSON-LD": (".jsonld", _RDFXML),
    "RDF/XML as N-Triples": (".nt", _RDFXML),
    "RDF/XML": (".rdf", _RDFXML),
    "RDF/XML as XML": (".xml", _RDFXML),
    "entity of a file": (
        ".ttl",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    ),
    "a web page": (".ttl", f'<html><script src="http://{HOST}/x.js"></script></html>'),
    "brackets": (".ttl", _TURTLE + ":a :p " + nested("[ :p ", "]", 3000, "1") + " ."),
    "brackets, unclosed": (".ttl", _TURTLE + ":a :p " + "[ :p " * 5000),
    "lists": (".ttl", _TURTLE + ":a :p " + nested("( ", ")", 3000, "1") + " ."),
    "lists, unclosed": (".ttl", _TURTLE + ":a :p " + "(" * 5000),
    "closing brackets": (".ttl", _TURTLE + ":a :p " + "])" * 5000),
    "triple terms": (".ttl", _TURTLE + ":a :p " + nested("<<( :a :p ", " )>>", 2000, "1") + " ."),
    "reified": (".ttl", _TURTLE + nested("<< :a :p ", " >>", 2000, "1") + " :p 1 ."),
    "annotated": (".ttl", _TURTLE + ":a :p :b " + nested("{| :p :b ", " |}", 2000) + " ."),
    "chain of blank nodes": (
        ".nt",
        "".join(f"_:b{i} <urn:p> _:b{i + 1} .\n" for i in range(1000)),
    ),
    "ring of blank nodes": (".nt", "_:a <urn:p> _:b .\n_:b <urn:p> _:a .\n"),
    "long line": (".ttl", _TURTLE + ":a :p " + ", ".join(f'"{i}"' for i in range(2000)) + " ."),
    "long subject": (".nt", f"<urn:{'x' * 1_000_000}> <urn:p> 'x' .\n"),
    "long name": (".ttl", _TURTLE + ":" + "x" * 200_000 + " :p 1 ."),
    "long prefix": (".ttl", f"@prefix {'x' * 100_000}: <urn:x> .\n<urn:a> <urn:p> 1 ."),
    "many prefixes": (".ttl", "".join(f"@prefix p{i}: <urn:{i}> .\n" for i in range(5000))),
    "literal of a megabyte": (".ttl", _TURTLE + f':a :p "{"x" * 1_000_000}" .'),
    "long string, unclosed": (".ttl", _TURTLE + ':a :p """' + "x\n" * 100_000),
    "string, unclosed": (".ttl", _TURTLE + ':a :p "x\n' * 500),
    "quotes": (".ttl", _TURTLE + ":a :p " + '"' * 5001),
    "huge integer": (".ttl", _TURTLE + ":a :p " + "9" * 50_000 + " ."),
    "huge decimal": (".ttl", _TURTLE + ":a :p 0." + "1" * 50_000 + " ."),
    "huge exponent in Turtle": (".ttl", _TURTLE + ":a :p 1e999999999 ."),
    "huge year": (
        ".ttl",
        _TURTLE + ':a :p "' + "9" * 5000 + '-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .',
    ),
    "huge EDTF": (
        ".ttl",
        "@prefix rkg: <https://w3id.org/relations-kg/ontology#> .\n<urn:a> rkg:when "
        f'"{"9" * 5000}"^^<http://id.loc.gov/datatypes/edtf/EDTF> .',
    ),
    "EDTF of brackets": (
        ".ttl",
        "@prefix rkg: <https://w3id.org/relations-kg/ontology#> .\n<urn:a> rkg:when "
        f'"{"[.." * 5000}"^^<http://id.loc.gov/datatypes/edtf/EDTF> .',
    ),
    "long language": (".ttl", _TURTLE + f':a :p "x"@{"en-" * 5000}x .'),
    "datatype of the listener": (".ttl", _TURTLE + f':a :p "x"^^<http://{HOST}/type> .'),
    "things at the listener": (".ttl", f"<http://{HOST}/a> <http://{HOST}/p> <http://{HOST}/b> ."),
    "file IRIs": (".ttl", "<file:///etc/passwd> <file:///etc/p> <file:///etc/shadow> ."),
    "base of a file": (".ttl", "@base <file:///etc/> .\n<passwd> <p> <shadow> ."),
    "imports": (
        ".ttl",
        f"<urn:o> a <http://www.w3.org/2002/07/owl#Ontology> ; "
        f"<http://www.w3.org/2002/07/owl#imports> <http://{HOST}/o.ttl> .",
    ),
    "see also": (
        ".ttl",
        f"<urn:o> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <http://{HOST}/o> .",
    ),
    "bad UTF-8": (".ttl", _TURTLE.encode() + b':a :p "\xff\xfe\x80" .'),
    "overlong UTF-8": (".ttl", _TURTLE.encode() + b':a :p "\xc0\xaf" .'),
    "half a character": (".ttl", _TURTLE.encode() + b':a :p "\xed\xa0\x80" .'),
    "UTF-16": (".ttl", (_TURTLE + ':a :p "x" .').encode("utf-16")),
    "nulls": (".ttl", b"\0" * 10_000),
    "null late": (".ttl", _TURTLE.encode() + b"# " + b"x" * 10_000 + b'\n:a :p "\0" .'),
    "null escaped": (".ttl", _TURTLE + ':a :p "\\u0000" .'),
    "half a character escaped": (".ttl", _TURTLE + ':a :p "\\uD800" .'),
    "beyond Unicode": (".ttl", _TURTLE + ':a :p "\\UFFFFFFFF" .'),
    "escape of a bracket in an IRI": (".ttl", "<urn:\\u003E\\u0020> <urn:p> 1 ."),
    "directions": (".ttl", _TURTLE + ':a :p "\u202e\u2066\u2069x" .'),
    "control characters": (".ttl", _TURTLE + ':a :p """\x1b[2J\x07\x08""" .'),
    "byte order marks": (".ttl", b"\xef\xbb\xbf" * 3 + _TURTLE.encode()),
    "noise": (".ttl", bytes((i * 7919) % 255 + 1 for i in range(5000))),
    "noise as N-Quads": (".nq", bytes((i * 104729) % 255 + 1 for i in range(5000))),
    "noise as TriG": (".trig", bytes((i * 31) % 255 + 1 for i in range(5000))),
    "nothing": (".ttl", b""),
    "only comments": (".ttl", "# x\n" * 20_000),
    "only dots": (".ttl", "." * 2000),
    "only new lines": (".ttl", "\r" * 50_000),
    "only semicolons": (".ttl", _TURTLE + ":a :p 1 " + ";" * 20_000 + " ."),
    "no name": ("", "<urn:a> <urn:p> 1 ."),
    "unknown name": (".exe", b"MZ\x90"),
    "graphs": (".trig", "".join(f"<urn:g{i}> {{ <urn:a> <urn:p> {i} }}\n" for i in range(2000))),
    "graphs, unclosed": (".trig", "<urn:g> { " * 500),
    "our own graphs": (
        ".nq",
        "<urn:a> <urn:p> <urn:b> <https://w3id.org/relations-kg/graph/ontology> .\n",
    ),
}
_VOCABULARY = {
    "inverse functional type": "rdf:type a owl:InverseFunctionalProperty .",
    "functional property of ours": "rkg:seat a owl:FunctionalProperty .",
    "all classes are one": "rkg:State owl:equivalentClass rkg:Person .",
    "sub-property of type": "rdf:type rdfs:subPropertyOf rdfs:label .",
    "sub-property of ours": "<urn:q> rdfs:subPropertyOf rkg:seat .",
    "sub-class of nothing": "owl:Thing rdfs:subClassOf owl:Nothing .",
    "shape deactivated": "rkg:MissionShape sh:deactivated true .",
    "shape with a query": "<urn:s> sh:sparql <urn:c> . <urn:c> sh:select 'SELECT * {}' .",
    "shape with a pattern": "<urn:s> sh:pattern '^(a+)+$' .",
    "rule": "<urn:s> sh:rule <urn:r> .",
    "chain of itself": "rkg:seat owl:propertyChainAxiom ( rkg:seat rkg:seat ) .",
    "key": "rkg:State owl:hasKey ( rdfs:label ) .",
    "same": "<https://w3id.org/relations-kg/id/peru> owl:sameAs <urn:x> .",
}
_PREFIXES = "".join(
    f"@prefix {name}: <{iri}> .\n"
    for name, iri in {
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "sh": "http://www.w3.org/ns/shacl#",
        "rkg": "https://w3id.org/relations-kg/ontology#",
    }.items()
)
FILES |= {name: (".ttl", _PREFIXES + text) for name, text in _VOCABULARY.items()}
