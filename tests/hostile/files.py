"""Hostile files of facts, by kind: 500 and more."""

import gzip
import json
import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path

from hostile import HOST, Case, nested

GOOD = sorted((Path(__file__).parents[1] / "facts" / "good").iterdir())
ID, RKG = "https://w3id.org/relations-kg/id/", "https://w3id.org/relations-kg/ontology#"
GRAPH = "https://w3id.org/relations-kg/graph/"
PREFIXES = f"""\
@prefix id: <{ID}> .
@prefix rkg: <{RKG}> .
@prefix code: <https://w3id.org/relations-kg/code/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
VISIT = 'id:a-visit a rkg:Visit ; rdfs:label "A visit"@en ; rkg:when "2001"^^edtf:EDTF .\n'
Made = Iterator[tuple[str, str, Callable[[], bytes] | bytes | str]]


def turtle(text: str) -> str:
    """Return a Turtle text with its prefix declarations."""
    return PREFIXES + text


def encodings() -> Made:
    texts = {
        ".ttl": turtle(VISIT),
        ".nt": '<urn:a> <urn:p> "\u00e9\u20ac" .\n',
        ".jsonld": '{"@id":"urn:\u00e9"}',
    }
    codecs = ["utf-16-le", "utf-16-be", "utf-16", "utf-32", "utf-7", "cp1252", "cp500", "gb18030"]
    for codec, (suffix, text) in product(codecs, texts.items()):
        yield codec, suffix, text.encode(codec, errors="replace")
    for name, mark in {"twice": "\ufeff\ufeff", "reversed": "\ufffe", "nbsp": "\xa0"}.items():
        for suffix, text in texts.items():
            yield f"mark {name}", suffix, mark + text
    yield "mark inside", ".ttl", PREFIXES + "\ufeff" + VISIT
    yield "mark in a name", ".ttl", turtle("id:\ufeffperu a rkg:State .")
    yield "mark in a prefix", ".ttl", "@prefix \ufeffid: <urn:> ."


def control_characters() -> Made:
    places = {
        "literal": 'id:peru rdfs:comment "a{}b"@en .',
        "IRI": "id:peru rdfs:seeAlso <http://e.org/{}x> .",
        "comment": "# {}\nid:peru a rkg:State .",
        "name": "id:pe{}ru a rkg:State .",
        "tag": 'id:peru rdfs:comment "x"@e{}n .',
    }
    characters = "\0\1\7\b\x0b\x0c\x1b\x7f\x85\x9b\u2028\u202e\u2066\ufdd0\uffff\U000e0001"
    for number, (character, (place, text)) in enumerate(product(characters, places.items())):
        if number % 3 != 1:
            yield f"{ord(character):x} in {place}", ".ttl", turtle(text.replace("{}", character))


def huge_tokens() -> Made:
    forms = {
        "literal": 'id:peru rdfs:comment "{}"@en .',
        "long literal": 'id:peru rdfs:comment """\n{}"""@en .',
        "IRI": "id:peru rdfs:seeAlso <http://e.org/{}> .",
        "comment": "# {}\n" + VISIT,
        "local name": "id:{} a rkg:State .",
        "prefix": "@prefix {}: <urn:x> .",
        "tag": 'id:peru rdfs:comment "x"@{} .',
        "datatype": 'id:peru rdfs:comment "x"^^<urn:{}> .',
        "blank node": "_:{} a rkg:State .",
        "directive": "@{} <urn:x> .",
        "word": "{} a rkg:State .",
    }
    for (name, form), size in product(forms.items(), [100_000, 3_000_000]):
        yield f"{name} of {size}", ".ttl", partial(_filled, form, "x" * size)
    for name in ("literal", "IRI", "comment", "word"):
        form = forms[name]
        yield f"{name} of 18 MB", ".ttl", partial(_filled, form, "x" * 18_000_000)
    yield "digits", ".ttl", lambda: _filled("id:peru rkg:inhabitants {} .", "9" * 400_000)
    yield "escapes", ".ttl", lambda: _filled('id:peru rdfs:comment "{}" .', "\\u0041" * 200_000)
    yield "percents", ".ttl", lambda: _filled("id:peru a <urn:{}> .", "%41" * 200_000)
    yield "line of spaces", ".ttl", lambda: turtle(" " * 5_000_000 + VISIT).encode()
    yield (
        "literal in JSON",
        ".jsonld",
        lambda: b'{"@id":"urn:a","urn:p":"%s"}' % (b"x" * 18_000_000),
    )
    yield "key in JSON", ".jsonld", lambda: b'{"@id":"urn:a","urn:%s":"x"}' % (b"x" * 3_000_000)
    yield "number in JSON", ".jsonld", lambda: b'{"@id":"urn:a","urn:p":%s}' % (b"7" * 1_000_000)


def _filled(form: str, text: str) -> bytes:
    return turtle(form.replace("{}", text)).encode()


def nesting() -> Made:
    turtles = {
        "blank nodes": ("id:a rkg:seat ", "[ rkg:seat ", "]", "id:b", " ."),
        "collections": ("id:a rkg:seat ", "(", ")", "id:b", " ."),
        "triple terms": ("id:a rkg:seat ", "<<( id:a rkg:seat ", ")>>", "id:b", " ."),
        "annotations": ("id:a rkg:seat id:b ", "{| rkg:seat id:b ", "|}", "", " ."),
        "mixed": ("id:a rkg:seat ", "[ rkg:seat ( ", ")]", "id:b", " ."),
        "unclosed": ("id:a rkg:seat ", "[ rkg:seat (", "", "id:b", " ."),
    }
    for (name, parts), depth in product(turtles.items(), [90, 2000, 60_000]):
        before, opening, closing, within, after = parts
        text = turtle(before + nested(opening, closing, depth, within) + after)
        yield f"{name} {depth} deep", ".ttl", text
    jsons = {
        "arrays": ('{"urn:p":', "[", "]", "1", "}"),
        "objects": ("", '{"urn:p":', "}", "1", ""),
        "lists": ('{"urn:p":', '{"@list":[', "]}", "1", "}"),
        "graphs": ("", '{"@graph":', "}", "[]", ""),
        "reverse": ("", '{"@reverse":{"urn:p":', "}}", "{}", ""),
        "contexts": ("", '{"@context":{"t":{"@id":"urn:t","@context":', "}}}", "{}", ""),
        "JSON literals": ('{"urn:p":{"@type":"@json","@value":', "[", "]", "1", "}}"),
    }
    for (name, parts), depth in product(jsons.items(), [60, 300, 20_000]):
        before, opening, closing, within, after = parts
        text = before + nested(opening, closing, depth, within) + after
        yield f"JSON {name} {depth} deep", ".jsonld", text


def blank_nodes() -> Made:
    def links(pairs: list[tuple[int, int]]) -> str:
        return "".join(f"_:b{a} <{RKG}seat> _:b{b} .\n" for a, b in pairs)

    size = 400
    yield "chain", ".nt", links([(i, i + 1) for i in range(3 * size)])
    yield "ring", ".nt", links([(i, (i + 1) % size) for i in range(size)])
    yield "clique", ".nt", links([(i, j) for i in range(60) for j in range(60)])
    yield "star", ".nt", links([(0, i) for i in range(3 * size)])
    yield "twins", ".nt", links([(i, i) for i in range(size)])
    yield "many", ".nt", "".join(f"_:b{i} <{RKG}when> '{i}' .\n" for i in range(4000))
    yield (
        "typed",
        ".nt",
        "".join(
            f"_:b{i} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{RKG}Visit> .\n"
            for i in range(1500)
        ),
    )
    yield "over graphs", ".nq", "".join(f"_:x <urn:p> _:y <urn:g{i}> .\n" for i in range(2000))
    yield "graphs", ".trig", "".join(f"_:g{i} {{ _:x <urn:p> {i} }}\n" for i in range(1000))
    yield "labels alike", ".nt", "_:b.1 <urn:p> _:b1 . _:b-1 <urn:p> _:B1 ."
    yield "as datatypes", ".ttl", turtle('id:peru rdfs:comment "x"^^_:b .')
    yield "as predicates", ".ttl", turtle("id:peru _:p id:lima .")


def closures() -> Made:
    links: dict[str, Callable[[int], list[tuple[int, int]]]] = {
        "chain": lambda n: [(i, i + 1) for i in range(n)],
        "ring": lambda n: [(i, (i + 1) % n) for i in range(n)],
        "clique": lambda n: [(i, j) for i in range(n // 12) for j in range(n // 12) if i != j],
        "tree": lambda n: [(i, i // 2) for i in range(1, n)],
        "ladder": lambda n: [(i, j) for i in range(n) for j in (i + 1, i + 2)],
        "hubs": lambda n: [(i, j) for i in range(n // 2) for j in (n, n + 1)],
    }
    properties = ("follows", "neighbourOf", "contradicts", "partOf", "inRegion", "governmentOf")
    for (shape, make), name in product(links.items(), properties):
        # A ring entails the most, so it is the largest.
        largest = 500 if shape == "ring" else 300
        for size in (40, largest) if name == "follows" else (300,):
            facts = "".join(f"id:n{a} rkg:{name} id:n{b} .\n" for a, b in make(size))
            yield f"{shape} of {size} {name}", ".ttl", turtle(facts)


def dates() -> Made:
    texts = [
        *("", " ", "0000", "-0001", "+2001", "9999", "10000", "2001-13", "2001-02-30", "2001-00"),
        *("2001/1999", "../..", "..", "/", "//", "[", "[]", "[..", "[..]", "[..2001..]", "{2001}"),
        *("2001?", "2001~?%", "%", "?", "????", "XXXX", "2001-XX-30", "1XXX/2XXX", "[2001,2000]"),
        *("Y17E9999999", "Y" + "9" * 400, "2001S99", "2001-21", "2001-99", "-" * 4000, "1" * 4000),
        *(
            "\u0968\u0966\u0966\u0967",
            "\uff12\uff10\uff10\uff11",
            "2001\u200b",
            "2001\n",
            "2001-01-01T00:00:00Z",
            "2001-W01",
            "P1Y",
        ),
        *("[2001" + ",2001" * 5000 + "]", "2001/" * 3000, "~" * 3000, "null", "NaN", "2001-1-1"),
    ]
    for number, text in enumerate(texts):
        value = json.dumps(text, ensure_ascii=False)
        fact = f'id:d rkg:when {value}^^edtf:EDTF ; a rkg:Visit ; rdfs:label "D"@en .'
        yield f"EDTF {number}", ".ttl", turtle(fact)
    for number, text in enumerate(
        ["-9999-01-01", "2001-02-30", "9" * 300 + "-01-01", "0000-00-00"]
    ):
        yield f"date {number}", ".ttl", turtle(f'id:peru rkg:earliestStart "{text}"^^xsd:date .')


def numbers() -> Made:
    values = [
        *("1e400", "-1e400", "1e-400", "0." + "0" * 5000 + "1", "-0", "+0", ".5", "1.", "9" * 5000),
        *('"NaN"^^xsd:double', '"INF"^^xsd:decimal', '"1_0"^^xsd:integer', '" 7 "^^xsd:integer'),
        *('"0x7"^^xsd:integer', '"\u0667"^^xsd:integer', '"1e5"^^xsd:integer', '""^^xsd:integer'),
        *('"TRUE"^^xsd:boolean', '"2"^^xsd:boolean', '"999"^^xsd:byte', '"x"^^xsd:hexBinary'),
    ]
    for number, value in enumerate(values):
        yield f"{number}", ".ttl", turtle(f"id:peru rkg:inhabitants {value} ; geo:lat {value} .")


def iris() -> Made:
    texts = [
        *("", "#", "?", "/", "//", "///", "..", "../../etc/passwd", ":", "a:", "a", "urn:", "1:2"),
        *("javascript:alert(1)", "data:text/html,<b>", "file:///etc/passwd", "mailto:", "tel:0"),
        *(
            "http://",
            "http:///x",
            "http://[::1]/",
            "http://[::1",
            "http://e.org:99999/",
            "ht!tp://x",
        ),
        *("http://u:p@e.org/", "http://e.org/%", "http://e.org/%0", "http://e.org/%00", "urn:%ZZ"),
        *("http://e.org/%2e%2e/", "http://e.org/a b", "http://e.org/\\u0020", "http://e.org/{x}"),
        *("http://e.org/\\u003E", "http://e.org/\\U0010FFFF", "http://e.org/\\uD800", "urn:`|^"),
        *(
            "http://xn--/",
            "http://\u0435.org/",
            "http://e.org/e\u0301",
            "http://e.org/\u202e",
            "HTTP://E",
        ),
        *(ID + "../../x", ID + "%2F", ID + "Peru", ID, RKG + "no such", f"http://{HOST}/x"),
        *("id:peru", "rdf:type", "urn:x:" + "a/" * 2000, "http://e.org/?q=" + "&" * 3000),
    ]
    for number, text in enumerate(texts):
        yield f"{number}", ".ttl", turtle(f"<{text}> a <{text}> ; <{text}> <{text}> .")


def vocabulary() -> Made:
    statements = [
        *("rdfs:subPropertyOf rdf:type", "rdfs:subClassOf rkg:State", "owl:sameAs owl:Thing"),
        *("a owl:InverseFunctionalProperty", "a owl:TransitiveProperty", "rdfs:domain rkg:Person"),
        *("owl:inverseOf rdf:type", "owl:equivalentClass owl:Nothing", "sh:deactivated true"),
        *("owl:propertyChainAxiom ( rkg:seat rkg:seat )", "sh:targetClass rkg:State"),
        *(f"owl:imports <http://{HOST}/o>", "owl:disjointWith rkg:State", "a sh:NodeShape"),
    ]
    subjects = ("rkg:seat", "rdf:type", "id:peru", "code:minister", "<urn:mine>", "[]")
    for subject, statement in product(subjects, statements):
        if (len(subject) + len(statement)) % 2:
            yield f"{subject} {statement}"[:40], ".ttl", turtle(f"{subject} {statement} .")


def graphs() -> Made:
    visit = f"<{ID}g-v> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{RKG}Visit>"
    for name in ("inferred", "dates", "ontology", "stated", "identifiers", "submitted", "", "x"):
        yield f"our {name} in N-Quads", ".nq", f"{visit} <{GRAPH}{name}> .\n"
        yield f"our {name} in TriG", ".trig", f"<{GRAPH}{name}> {{ {visit} . }}"
        document = {"@id": GRAPH + name, "@graph": [{"@id": ID + "g-v", "@type": RKG + "Visit"}]}
        yield f"our {name} in JSON-LD", ".jsonld", json.dumps(document)
    for name in (f"http://{HOST}/g", "file:///etc/passwd", "urn:g", "urn:%00"):
        yield f"<{name}>", ".nq", f"{visit} <{name}> .\n"
    yield (
        "a million names",
        ".nq",
        lambda: "".join(f"{visit} <urn:g{i}> .\n" for i in range(60_000)).encode(),
    )
    yield "unclosed", ".trig", "<urn:g> { " + visit
    yield "in each other", ".trig", "<urn:g> { " * 50 + visit + " }" * 50
    yield "literal", ".nq", f'{visit} "g" .\n'


def remote() -> Made:
    url = f"http://{HOST}/c"
    contexts = [
        *(url, [url], [{}, [url]], {"@import": url}, {"@vocab": url}, {"@base": url}, url + "#x"),
        *(f"//{HOST}/c", f"https://{HOST}/c", f"ftp://{HOST}/c", "c.jsonld", "/etc/passwd", "?"),
        {"t": {"@id": "urn:t", "@context": url}},
        {"@version": 1.1, "@propagate": False, "@import": url},
        {"T": {"@id": "urn:T", "@context": {"@import": url}}},
    ]
    for number, context in enumerate(contexts):
        document = {"@context": context, "@type": "T", "@id": "urn:a", "t": {"t": "x"}}
        yield f"context {number}", ".jsonld", json.dumps(document)
    for name in ("owl:imports", "rdfs:isDefinedBy", "rdfs:seeAlso", "sh:shapesGraph", "owl:sameAs"):
        yield name, ".ttl", turtle(f"id:peru {name} <{url}> . <{url}> {name} id:peru .")
    for number, text in enumerate(
        [
            f'<!DOCTYPE r SYSTEM "{url}"><r/>',
            f'<?xml-stylesheet href="{url}"?><r xmlns="{url}"/>',
            f"@import <{url}> .\n{VISIT}",
            f"LOAD <{url}> INTO GRAPH <urn:g>",
            f"@base <{url}> . <x> <y> <z> .",
            f"@prefix : <{url}> . :x a :y .",
        ]
    ):
        yield f"text {number}", ".ttl", text


def bases_and_prefixes() -> Made:
    rebound = {"rkg": ID, "id": RKG, "rdf": RKG, "rdfs": "urn:", "xsd": "urn:x#", "edtf": RKG}
    for prefix, iri in rebound.items():
        yield f"{prefix} rebound", ".ttl", turtle(f"@prefix {prefix}: <{iri}> .\n{VISIT}")
        yield f"{prefix} by SPARQL", ".ttl", turtle(f"PREFIX {prefix}: <{iri}>\n{VISIT}")
    for number, base in enumerate(
        ["", "..", "x", "urn:", "file:///", f"http://{HOST}", "a:b:c", ID]
    ):
        yield f"base {number}", ".ttl", f"@base <{base}> .\n<x> <../p> <#y> , <> , <?q> .\n"
    yield (
        "redeclared",
        ".ttl",
        "".join(f"@prefix : <urn:{i}:> . :a :p {i} .\n" for i in range(3000)),
    )
    yield (
        "amplified",
        ".ttl",
        lambda: (
            f"@prefix p: <urn:{'x' * 500_000}> .\n"
            + "".join(f"p:a p:p{i} p:o .\n" for i in range(300))
        ).encode(),
    )
    yield (
        "amplified base",
        ".ttl",
        lambda: (
            f"@base <http://e.org/{'x' * 500_000}/> .\n"
            + "".join(f"<a> <p{i}> <o> .\n" for i in range(300))
        ).encode(),
    )
    yield (
        "amplified in JSON",
        ".jsonld",
        lambda: json.dumps(
            {"@context": {"p": "urn:" + "x" * 500_000 + "/"}, "@id": "p:a"}
            | {f"p:{i}": {"@id": "p:o"} for i in range(300)}
        ).encode(),
    )


def labels() -> Made:
    texts = [
        *(
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "javascript:alert(1)",
            "{{7*7}}",
        ),
        *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "%s%n", "${jndi:ldap://x}"),
        *(
            "\x1b[2J\x1b[31m",
            "\x1b]8;;http://x\x1b\\",
            "\x9b2J",
            "\u202egnp.exe",
            "\u2066\u2069",
            "\r\n",
        ),
        *(
            "a\u0300" * 300,
            "\U0001f468\u200d" * 300,
            "\u200b",
            "\u00ad",
            "\ufdfd" * 50,
            "'; DROP TABLE",
        ),
        *(
            "::error::x",
            "##vso[x]",
            "]]>",
            "<!--",
            "&amp;&#0;",
            "\\",
            "\\u0000",
            '"""',
            "NUL",
            "../x",
        ),
    ]
    for number, text in enumerate(texts):
        value = json.dumps(text, ensure_ascii=False).replace("\\/", "/")
        facts = f"id:l a rkg:State ; rdfs:label {value}@en ; rdfs:comment {value} ."
        yield f"{number}", ".ttl", turtle(facts)


def cuts() -> Made:
    for number, file in enumerate(random.Random(11).sample(GOOD, 36)):
        content = file.read_bytes()
        at = random.Random(number).randrange(1, len(content))
        yield f"{file.name} at {at}", file.suffix, content[:at]
        if number % 3 == 0:
            yield f"{file.name} from {at}", file.suffix, content[at:]


def joins() -> Made:
    chooser = random.Random(12)
    for number in range(12):
        one, other = chooser.sample(GOOD, 2)
        yield f"{number}", one.suffix, one.read_bytes() + other.read_bytes()
    magic = {"zip": b"PK\3\4", "pdf": b"%PDF-1.7\n", "gzip": gzip.compress(b"x"), "elf": b"\x7fELF"}
    for name, head in magic.items():
        yield f"after {name}", ".ttl", head + turtle(VISIT).encode()
    for suffix in (".nt", ".nq", ".jsonld", ".trig", ".txt", ".owl", "", ".TTL", ".ttl.exe", ".gz"):
        yield f"Turtle as {suffix}", suffix, turtle(VISIT)
    yield "JSON as Turtle", ".ttl", '{"@id": "urn:a", "urn:p": 1}'
    bomb = gzip.compress(b" " * 50_000_000)
    for suffix in (".ttl.gz", ".nt.gz", ".jsonld.gz", ".gz", ".ttl"):
        yield f"bomb as {suffix}", suffix, bomb
    yield "bomb in a bomb", ".ttl.gz", gzip.compress(bomb * 50)
    yield "cut gzip", ".ttl.gz", gzip.compress(turtle(VISIT).encode())[:-9]


def mutations() -> Made:
    for number in range(48):
        chooser = random.Random(f"mutation {number}")
        file = chooser.choice(GOOD)
        content = bytearray(file.read_bytes())
        for _ in range(chooser.choice([1, 5, 50])):
            at = chooser.randrange(len(content))
            match chooser.randrange(4):
                case 0:
                    content[at] ^= 1 << chooser.randrange(8)
                case 1:
                    del content[at : at + chooser.randrange(1, 20)]
                case 2:
                    content[at:at] = chooser.randbytes(3)
                case _:
                    content[at:at] = content[at : at + 40] * 3
        yield f"{number} of {file.name}", file.suffix, bytes(content)


def json_oddities() -> Made:
    texts = [
        *("", "[]", "{}", "0", '"x"', "true", "[[[]]]", "{", '{"a"}', '{"a":}', "[1,]", "{'a':1}"),
        *('{"@id":1}', '{"@id":[]}', '{"@id":null}', '{"@id":""}', '{"@id":"a b"}', '{"@id":"_:"}'),
        *('{"@type":{}}', '{"@type":""}', '{"@type":[[]]}', '{"@graph":1}', '{"@foo":1}', '{"":1}'),
        *('{"@context":1}', '{"@context":{"@vocab":1}}', '{"@context":{"a":{"@id":"@context"}}}'),
        *('{"@context":{"@id":"urn:x"}}', '{"@context":{"a":"@type","b":"@type"},"a":"x","b":"y"}'),
        *('{"@context":{"a":{"@container":"@bad"}}}', '{"@context":{"a":{"@reverse":"@id"}}}'),
        *(
            '{"urn:p":{"@value":[]}}',
            '{"urn:p":{"@value":1,"@id":"urn:a"}}',
            '{"urn:p":{"@list":1}}',
        ),
        *('{"urn:p":{"@value":"x","@language":""}}', '{"urn:p":{"@value":"x","@language":"1"}}'),
        *('{"urn:p":{"@value":"x","@direction":"up"}}', '{"urn:p":{"@value":"x","@type":"@id"}}'),
        *(
            '{"urn:p":1e999}',
            '{"urn:p":-0.0}',
            '{"urn:p":NaN}',
            '{"urn:p":Infinity}',
            '{"urn:p":01}',
        ),
        *('{"urn:p":"\\u0000"}', '{"urn:p":"\\udc00"}', '{"urn:p":"\\x"}', '{"urn:p":"\t"}'),
        *(
            '{"@id":"urn:a","@id":"urn:b","urn:p":1}',
            '{"@included":{"@id":"urn:a"}}',
            '{"@nest":{}}',
        ),
        *(
            '/* */{"@id":"urn:a"}',
            '{"@id":"urn:a"}{"@id":"urn:b"}',
            '\ufeff{"@id":"urn:a"}',
            "\0{}",
        ),
    ]
    for number, text in enumerate(texts):
        yield f"{number}", ".jsonld", text
    keys = {f"urn:p{i}": i for i in range(8000)}
    yield "keys", ".jsonld", lambda: json.dumps({"@id": "urn:a"} | keys).encode()
    nodes = [{"@id": f"urn:a{i}", "urn:p": {"@id": f"urn:a{i + 1}"}} for i in range(4000)]
    yield "nodes", ".jsonld", lambda: json.dumps(nodes).encode()
    terms = {"@context": {f"t{i}": f"t{i + 1}:x" for i in range(900)}, "t0": 1}
    yield "terms of terms", ".jsonld", lambda: json.dumps(terms).encode()


def sizes() -> Made:
    yield (
        "values of one property",
        ".ttl",
        lambda: turtle(
            "id:peru rdfs:comment " + " , ".join(f'"{i}"' for i in range(8000)) + " ."
        ).encode(),
    )
    yield (
        "properties of one thing",
        ".nt",
        lambda: "".join(f"<{ID}peru> <urn:p{i}> <urn:o> .\n" for i in range(6000)).encode(),
    )
    yield (
        "languages of one label",
        ".ttl",
        lambda: turtle(
            "id:n rdfs:label " + " , ".join(f'"n"@x-{i}' for i in range(5000)) + " ."
        ).encode(),
    )
    yield (
        "labels in one language",
        ".ttl",
        lambda: turtle(
            "id:peru rdfs:label " + " , ".join(f'"n{i}"@en' for i in range(5000)) + " ."
        ).encode(),
    )
    yield (
        "visits",
        ".ttl",
        lambda: turtle(
            "".join(f'id:v{i} a rkg:Visit ; rdfs:label "V{i}"@en .\n' for i in range(1500))
        ).encode(),
    )
    yield "mistakes", ".ttl", lambda: turtle("id:peru ; .\n" * 15_000).encode()
    yield (
        "prefixes unknown",
        ".ttl",
        lambda: turtle("".join(f"x{i}:a a rkg:State .\n" for i in range(3000))).encode(),
    )
    yield "semicolons lost", ".ttl", lambda: turtle("id:peru a rkg:State\n" * 5000).encode()
    yield (
        "codes changed",
        ".ttl",
        lambda: turtle(
            "".join(f'code:minister skos:altLabel "{i}"@en .\n' for i in range(3000))
        ).encode(),
    )
    yield (
        "same as all",
        ".ttl",
        lambda: turtle(
            "".join(f"id:peru owl:sameAs <http://e.org/{i}> .\n" for i in range(4000))
        ).encode(),
    )


KINDS = (
    *(encodings, control_characters, huge_tokens, nesting, blank_nodes, closures, dates, numbers),
    *(iris, vocabulary, graphs, remote, bases_and_prefixes, labels, cuts, joins, mutations),
    *(json_oddities, sizes),
)


def cases() -> list[Case]:
    """Return all files, the same each time."""
    return [
        Case(kind.__name__.replace("_", " "), name, suffix, _maker(content))
        for kind in KINDS
        for name, suffix, content in kind()
    ]


def _maker(content: Callable[[], bytes] | bytes | str) -> Callable[[], bytes]:
    if callable(content):
        return content
    known = content if isinstance(content, bytes) else content.encode(errors="surrogatepass")
    return lambda: known
