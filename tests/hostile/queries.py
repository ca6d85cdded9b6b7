"""Hostile query texts, by kind: 500 and more."""

import random
from collections.abc import Callable, Iterator
from itertools import product

from hostile import HOST, Case, nested

CALL = f"<http://{HOST}/sparql>"
Made = Iterator[tuple[str, Callable[[], str] | str]]
GROUP = "?s ?p ?o"


def services() -> Made:
    chooser = random.Random(21)
    words = [
        *("SERVICE", "service", "SeRvIcE", "SERVICE SILENT", "SERVICE\tSILENT", "SERVICE#\n"),
        *("SERVICE\rSILENT\r", "SERVICESILENT", "\\u0053ERVICE", "SERV\\u0049CE", "\u017fervice"),
        *(
            "SERVICE\u00a0",
            "SERVICE\u2028",
            "SERVICE\u3000",
            "SERVICE\x0b",
            "SERVICE\x0c",
            "\uff33\uff25\uff32\uff36\uff29\uff23\uff25",
        ),
        *(
            "SERVICE\ufeff",
            "SERVICE\u200b",
            "SERVICE\u1680",
            "SERVICE\x1f",
            "SERVICE\x85",
            "sERV\u0131CE",
        ),
    ]
    targets = [
        *(
            CALL,
            f"<http://{HOST}/a\u00a0b>",
            f"<http://{HOST}/\u200d>",
            f"<http://{HOST}/%20>",
            "h:x",
        ),
        *(
            "?h",
            "?h\u200d",
            "?\u0531",
            "$h",
            "h\u0301:x",
            "<x>",
            "<>",
            f"<//{HOST}/x>",
            "h:x\\~y",
            "h:",
        ),
        *(
            "?h\u203f1",
            f"<http:\\u002f/{HOST}/>",
            f"<http://{HOST}/#>",
            f"<HtTp://{HOST}/\U00010000>",
        ),
    ]
    places = [
        *(
            "SELECT * {{ {} }}",
            "ASK {{{}}}",
            "SELECT * {{ OPTIONAL {{ {} }} }}",
            "ASK {{ {{}} UNION {{ {} }} }}",
        ),
        *(
            "ASK {{ FILTER EXISTS {{ {} }} }}",
            "ASK {{ ?s ?p 1,2.{} }}",
            "SELECT * {{ ?s a ?c LATERAL {{ {} }} }}",
        ),
        *(
            "ASK {{ ?s ?p 'x'@en{} }}",
            "ASK {{ {{ SELECT * {{ {} }} }} }}",
            "ASK {{ FILTER(1<2){} }}",
        ),
        *(
            "DESCRIBE ?s {{ {} }}",
            "CONSTRUCT WHERE {{ {} }}",
            "ASK {{ MINUS {{ {} }} }}",
            "ASK {{ GRAPH ?g {{ {} }} }}",
        ),
        *(
            "ASK {{ BIND(IF(EXISTS{{{}}},1,2) AS ?x) }}",
            "ASK {{ ?s ?p ?o.#'\n{} }}",
            "ASK {{ VALUES ?x{{1}}{} }}",
        ),
    ]
    made: set[str] = set()
    while len(made) < 120:
        word, target, place = (chooser.choice(part) for part in (words, targets, places))
        head = f"BASE <http://{HOST}/> PREFIX h: <http://{HOST}/> PREFIX h\u0301: <http://{HOST}/> "
        bind = f"BIND({CALL} AS ?h) BIND(?h AS ?h\u200d) " if "?" in target else ""
        made.add(head + place.format(f"{bind}{word} {target} {{ {GROUP} }}"))
    for number, text in enumerate(sorted(made)):
        yield f"{number}", text


def services_in_strings() -> Made:
    quotes = ["'", '"', "'''", '"""']
    for one, other in product(quotes, quotes):
        yield (
            f"{one} {other}",
            (f"ASK {{ BIND({one}#{one} AS ?x) SERVICE {CALL} {{}} BIND({other}#{other} AS ?y) }}"),
        )
    for number, text in enumerate(
        ["\\'", '\\"', "\\\\", "\\u0027", "\\u0022", "<", ">", "#\\u000a"]
    ):
        yield f"escape {number}", f"ASK {{ BIND('{text}' AS ?x) SERVICE {CALL} {{}} }} # '"
        yield f"long escape {number}", f"ASK {{ BIND('''{text}''' AS ?x) SERVICE {CALL} {{}} }}"


def datasets() -> Made:
    sources = (f"<http://{HOST}/d>", "<file:///etc/passwd>", "<urn:none>", "<../../etc/passwd>")
    forms = (
        "SELECT * FROM {} {{ ?s ?p ?o }}",
        "SELECT * FROM NAMED {} {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "CONSTRUCT {{ ?s ?p ?o }} FROM {} WHERE {{ ?s ?p ?o }}",
        "DESCRIBE {}",
        "ASK {{ GRAPH {} {{ ?s ?p ?o }} }}",
    )
    for number, (form, source) in enumerate(product(forms, sources)):
        yield f"{number}", form.format(source)
    yield "many", "SELECT * " + "".join(f"FROM <urn:{i}> " for i in range(20_000)) + "{ ?s ?p ?o }"


def updates() -> Made:
    forms = [
        *(f"LOAD <http://{HOST}/d>", f"LOAD SILENT <http://{HOST}/d>", "LOAD <file:///etc/passwd>"),
        *("INSERT DATA { <urn:a> <urn:b> 1 }", "DELETE DATA { <urn:a> <urn:b> 1 }", "CLEAR ALL"),
        *("DELETE WHERE { ?s ?p ?o }", "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", "DROP SILENT ALL"),
        *("CREATE GRAPH <urn:g>", "MOVE DEFAULT TO <urn:g>", "COPY <urn:g> TO DEFAULT"),
    ]
    dresses = ("{}", "#x\n{}", "PREFIX : <urn:> {}", "ASK {{}} ; {}", "{} ; ASK {{}}")
    for number, (form, dress) in enumerate(product(forms, dresses)):
        if number % 5 < 4:
            yield f"{number}", dress.format(form)


def nestings() -> Made:
    forms = {
        "groups": ("ASK ", "{", "}", "{}"),
        "parentheses": ("ASK { FILTER", "(", ")", "(1) }"),
        "nots": ("ASK { FILTER(", "!(", ")", "1"),
        "signs": ("ASK { FILTER(", "- ", "", "1) }"),
        "functions": ("ASK { FILTER(", "STR(", ")", "1"),
        "ifs": ("ASK { FILTER(", "IF(1,", ",2)", "1"),
        "exists": ("ASK {", "FILTER EXISTS {", "}", GROUP),
        "not exists": ("ASK {", "FILTER NOT EXISTS {", "}", GROUP),
        "optionals": ("ASK {", "OPTIONAL {", "}", GROUP),
        "unions": ("ASK {", "{ ?a ?b ?c } UNION {", "}", GROUP),
        "minuses": ("ASK {", "?a ?b ?c MINUS {", "}", GROUP),
        "laterals": ("ASK {", "?a ?b ?c LATERAL {", "}", GROUP),
        "graphs": ("ASK {", "GRAPH ?g {", "}", GROUP),
        "selects": ("ASK {", "{ SELECT * {", "}}", GROUP),
        "lists": ("ASK { ?s ?p ", "(", ")", "1"),
        "nodes": ("ASK { ?s ?p ", "[ ?p ", "]", "1"),
        "paths": ("ASK { ?s ", "(", ")*", "a"),
        "inverse paths": ("ASK { ?s ", "^(", ")", "a"),
        "quoted triples": ("ASK { ?s ?p ", "<<( ?s ?p ", ")>>", "1"),
    }
    for (name, (head, opening, closing, within)), depth in product(forms.items(), (30, 120, 4000)):
        tail = {"parentheses": "", "paths": " ?o }", "inverse paths": " ?o }", "groups": ""}.get(
            name, "}" if within.endswith("}") or "FILTER(" not in head else ") }"
        )
        yield f"{name} {depth} deep", head + nested(opening, closing, depth, within) + tail


def values() -> Made:
    yield "one long list", lambda: "SELECT * { VALUES ?x {" + " 1" * 450_000 + " } }"
    yield (
        "wide rows",
        "SELECT * { VALUES ("
        + "".join(f"?v{i} " for i in range(2000))
        + ") { ("
        + ("1 " * 2000 + ") } }"),
    )
    for number in (8, 14, 20, 200):
        lists = "".join(f"VALUES ?v{i} {{ {'1 2 3 4 5 6 7 8 9 ' * 3} }} " for i in range(number))
        yield f"{number} lists", f"SELECT * {{ {lists} }}"
        yield f"{number} lists counted", f"SELECT (COUNT(*) AS ?n) {{ {lists} }}"
    yield "undefined", "SELECT * { VALUES (?a ?b) {" + " (UNDEF UNDEF)" * 40_000 + " } ?a ?b ?c }"
    yield "rows too short", "SELECT * { VALUES (?a ?b) { (1) } }"


def patterns() -> Made:
    texts = [
        "(a+)+$",
        "(a|a)*b",
        "(a?){99}a{99}",
        "(.*)(.*)(.*)(.*)x",
        "((a{99}){99}){99}",
        "[",
        "(?=a)",
    ]
    texts += [
        "\\\\p{L}{500}",
        "(?i)" + "[a-z]" * 3000,
        "(" * 3000,
        "(?x)" * 500,
        "a{2147483648}",
        "\\\\1",
    ]
    for number, text in enumerate(texts):
        yield f"regex {number}", f"ASK {{ FILTER REGEX('{'a' * 20_000}', '{text}') }}"
        yield (
            f"replace {number}",
            (f"SELECT (REPLACE('{'a' * 5000}', '{text}', '$0$0$0') AS ?x) {{}}"),
        )
    yield "of labels", "SELECT * { ?s ?p ?o FILTER REGEX(STR(?o), STR(?s)) ?a ?b ?c }"


def growing_texts() -> Made:
    functions = {
        "concat": "CONCAT(?x{0}, ?x{0})",
        "replace": "REPLACE(?x{0}, '.', 'aaaaaaaaaa')",
        "encode": "ENCODE_FOR_URI(CONCAT(?x{0}, '%%%%', ?x{0}))",
        "upper": "UCASE(CONCAT(?x{0}, '\u00df', ?x{0}))",
        "iri": "STR(IRI(CONCAT('urn:', STR(?x{0}), STR(?x{0}))))",
        "language": "STRLANG(CONCAT(STR(?x{0}), STR(?x{0})), 'en')",
    }
    for (name, function), steps in product(functions.items(), (12, 24, 33, 60)):
        binds = " ".join(f"BIND({function.format(i)} AS ?x{i + 1})" for i in range(steps))
        yield f"{name} {steps} times", f"SELECT ?x{steps} {{ BIND('0123%' AS ?x0) {binds} }}"


def products() -> Made:
    for number in (2, 7):
        cross = " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(number))
        forms = {
            "all": f"SELECT * {{ {cross} }}",
            "reduced": f"SELECT REDUCED ?s0 {{ {cross} }}",
            "distinct": f"SELECT DISTINCT ?s0 ?o1 {{ {cross} }}",
            "limited": f"SELECT * {{ {cross} }} LIMIT 9000000",
            "late": f"SELECT * {{ {cross} }} OFFSET 99999999999",
            "sorted": f"SELECT * {{ {cross} }} ORDER BY RAND() LIMIT 5",
            "constructed": f"CONSTRUCT {{ ?s0 ?p1 ?o0 . ?s1 ?p0 [] }} WHERE {{ {cross} }}",
            "described": f"DESCRIBE * {{ {cross} }}",
            "joined": f"SELECT (GROUP_CONCAT(?o0; separator='{'-' * 999}') AS ?x) {{ {cross} }}",
            "grouped": f"SELECT ?o0 ?o1 (SAMPLE(?s0) AS ?x) {{ {cross} }} GROUP BY ?o0 ?o1",
            "nowhere bound": f"SELECT ?nope {{ {cross} }}",
            "asked": f"ASK {{ {cross} FILTER(?s0 = ?nope) }}",
        }
        for name, text in forms.items():
            yield f"{name} {number}", text


def paths() -> Made:
    steps = (
        "(!<urn:x>)*",
        "(!<urn:x>)+",
        "(!(<urn:x>|^<urn:x>))*",
        "(a|!a)*",
        "((!a)?)*",
        "^(!a)*/(!a)*",
    )
    ends = ("?a {} ?b", "?a {} ?a", "id:peru {} ?b", "?a {} ?b . ?b {} ?c", "?a {}/{}/{} ?b")
    for number, (step, end) in enumerate(product(steps, ends)):
        yield f"{number}", f"SELECT * {{ {end.replace('{}', step)} }}"
    yield "long sequence", "ASK { ?a " + "/".join(["a?"] * 3000) + " ?b }"
    yield "long choice", "ASK { ?a (" + "|".join(f"<urn:{i}>" for i in range(20_000)) + ")* ?b }"


def arithmetic() -> Made:
    for name, sign in {
        "sum": "+",
        "product": "*",
        "quotient": "/",
        "or": "||",
        "and": "&&",
    }.items():
        for size in (100, 3000, 60_000):
            yield f"{name} of {size}", f"ASK {{ FILTER({sign.join(['1'] * size)}) }}"
    for number, text in enumerate(
        [
            *(
                "9" * 100_000,
                "1e999999",
                "1/0",
                "1.0/0.0",
                "0/0",
                "-9223372036854775808/-1",
                "1e308*10",
            ),
            *(
                "9223372036854775807+1",
                "xsd:integer('9'*1)",
                "ABS(-9223372036854775808)",
                "ROUND(1e300)",
            ),
            *(
                "0.1" + "0" * 9999,
                "xsd:decimal(1e300)",
                "xsd:dateTime('-9999999999-01-01T00:00:00Z')",
            ),
            *(
                "xsd:duration('P999999999999Y')",
                "now()+xsd:dayTimeDuration('P9999999999D')",
                "YEAR(1)",
            ),
        ]
    ):
        yield f"{number}", f"SELECT ({text} AS ?x) {{}}"


def characters() -> Made:
    marks = "\0\1\x0b\x0c\x1b\x7f\x85\xa0\u1680\u180e\u200b\u2028\u202e\ufeff\ufffe\uffff\U0010ffff"
    for number, mark in enumerate(marks):
        yield f"between {number}", f"ASK {mark} {{ {GROUP} }}"
        yield f"in a name {number}", f"ASK {{ ?s{mark} ?p ?o }}"
        yield f"in an IRI {number}", f"ASK {{ <urn:{mark}x> ?p '{mark}' }}"
    for number, text in enumerate(
        ["\ud800", "\udfff\ud800", "\\uD800", "\\UDEADBEEF", "\\u00", "\\U0010FFFF"]
    ):
        yield f"surrogate {number}", f"ASK {{ ?s ?p '{text}' }}"
        yield f"surrogate in an IRI {number}", f"ASK {{ <urn:{text}> ?p ?o }}"
    for number in range(24):
        chooser = random.Random(f"noise {number}")
        pieces = [
            "{",
            "}",
            "(",
            ")",
            "?s",
            "a",
            "1",
            "'",
            '"',
            "<",
            ">",
            "#",
            "\n",
            "\\",
            "SELECT",
            "*",
        ]
        pieces += [
            "FILTER",
            "BIND",
            "AS",
            "SERVICE",
            CALL,
            ".",
            ";",
            "@",
            "^^",
            ":",
            "UNION",
            "VALUES",
        ]
        yield f"noise {number}", "SELECT * { " + " ".join(chooser.choices(pieces, k=60))


def sizes() -> Made:
    yield "comment", lambda: "# " + "x" * 900_000 + "\nASK {}"
    yield "literal", lambda: f"SELECT ('{'x' * 900_000}' AS ?x) {{}}"
    yield "literal of 18 MB", lambda: f"SELECT ('{'x' * 18_000_000}' AS ?x) {{}}"
    yield "IRI", lambda: f"SELECT (<urn:{'x' * 900_000}> AS ?x) {{}}"
    yield "name", lambda: f"SELECT ?{'x' * 900_000} {{ ?s ?p ?o }}"
    yield "prefix", lambda: f"PREFIX {'x' * 900_000}: <urn:x> ASK {{}}"
    yield "prefixes", lambda: "".join(f"PREFIX p{i}: <urn:{i}> " for i in range(40_000)) + "ASK {}"
    yield "columns", "SELECT " + "".join(f"(1 AS ?x{i}) " for i in range(5000)) + "{}"
    yield "columns of rows", "SELECT * {" + "".join(f"?s{i} ?p{i} 1 ." for i in range(400)) + "}"
    yield "triples", "ASK {" + "".join(f"<urn:{i}> a ?x ." for i in range(20_000)) + "}"
    yield "amplified", f"PREFIX p: <urn:{'x' * 100_000}> ASK {{" + "p:a p:b p:c ." * 3000 + "}"
    yield "template", "CONSTRUCT {" + "?s ?p [] ." * 3000 + "} WHERE { ?s ?p ?o }"
    yield (
        "wide cells",
        (
            "SELECT ?s (IF(?n > 6100, REPLACE(STR(?n), '.', REPLACE('xxxxxxx', '.', 'xxxxxx')), 1)"
            " AS ?x) { ?s ?p ?o BIND(6101 AS ?n) }"
        ),
    )
    yield "orders", "SELECT * { ?s ?p ?o } ORDER BY " + "?s ?p ?o " * 5000
    yield "groups", "SELECT (1 AS ?x) { ?s ?p ?o } GROUP BY " + "?s ?p ?o " * 5000
    yield (
        "aggregates",
        ("SELECT " + "".join(f"(COUNT(*) AS ?x{i}) " for i in range(2000)) + "{ ?s ?p ?o }"),
    )


def functions() -> Made:
    texts = [
        *(
            f"<http://{HOST}/f>(1)",
            "<file:///etc/passwd>()",
            "STRDT('x', <urn:t>)",
            "STRLANG('x', '1')",
        ),
        *(
            "IRI(' ')",
            "IRI('../x')",
            f"IRI('//{HOST}')",
            "BNODE('x')",
            "UUID()",
            "STRUUID()",
            "RAND()",
        ),
        *(
            "SUBSTR('x', -1, 9999999999)",
            "SUBSTR('\\u0301', 2)",
            "STRBEFORE('', '')",
            "MD5(1)",
            "TZ(1)",
        ),
        *(
            "LANGMATCHES('x', '*')",
            "COALESCE()",
            "IF()",
            "CONCAT()",
            "xsd:boolean('maybe')",
            "NOW()",
        ),
        *("TRIPLE(1,1,1)", "SUBJECT(1)", "ADJUST(NOW(), 'x')", "SHA512(STR(RAND()))", "STRLEN(?x)"),
    ]
    for number, text in enumerate(texts):
        yield f"{number}", f"SELECT ({text} AS ?x) {{}}"
    for number, text in enumerate(
        ["=1+1", "<script>", "\\u001b[2J", "\\u202e", "\\u0000", "\\r\\n", "|x"]
    ):
        yield (
            f"shown {number}",
            f"SELECT ('{text}' AS ?x) (IRI(CONCAT('urn:', '{text}')) AS ?y) {{}}",
        )


KINDS = (
    *(services, services_in_strings, datasets, updates, nestings, values, patterns, growing_texts),
    *(products, paths, arithmetic, characters, sizes, functions),
)


def cases() -> list[Case]:
    """Return all texts, the same each time."""
    return [
        Case(kind.__name__.replace("_", " "), name, ".rq", _maker(text))
        for kind in KINDS
        for name, text in kind()
    ]


def _maker(text: Callable[[], str] | str) -> Callable[[], bytes]:
    return lambda: (text() if callable(text) else text).encode(errors="surrogatepass")
