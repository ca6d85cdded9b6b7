"""Tests of the warnings about SPARQL texts, in Python, in a shell, on a server and on its pages."""

import json
import re
import warnings
from pathlib import Path
from urllib.parse import quote

import asgi
import pytest
import servers
from click.testing import CliRunner
from pyoxigraph import NamedNode, Quad, Store

import relations_kg as rk
from relations_kg._files import folder
from relations_kg.cli import commands
from relations_kg.errors import QueryWarning
from relations_kg.names.names import Names
from relations_kg.rdf.namespaces import ID, INFERRED, RKG, STATED
from relations_kg.sparql.parser import parse
from relations_kg.sparql.structure import Query
from relations_kg.warnings import query_warnings
from relations_kg.warnings.query_warnings import QueryWarnings
from relations_kg.web.application import application

HERE = "https://w3id.org/relations-kg/"
EDTF = "rkg:when is EDTF; compare rkg:earliestStart"
# Each text with the column and what the only warning about it has to contain.
WRONG = {
    # Unknown names.
    "SELECT ?x { ?x a rkg:Embasy }": (
        18,
        "rkg:Embasy is not in the ontology; did you mean rkg:Embassy?",
    ),
    "SELECT ?x { ?x a rkg:embassy }": (18, "did you mean rkg:Embassy?"),
    "SELECT ?x { ?x rkg:visitr ?y }": (16, "did you mean rkg:visitor?"),
    "SELECT ?x { ?x rkg:hasVisitor ?y }": (16, "did you mean rkg:visitor?"),
    "SELECT ?x { ?x rkg:Visitor ?y }": (16, "did you mean rkg:visitor?"),
    "SELECT ?x { ?x rkg:sender ?y }": (16, "rkg:sendingParty"),
    "SELECT ?x { ?x rkg:receiver ?y }": (16, "rkg:receivingParty"),
    # Words for relations that are things of a class in this ontology.
    "SELECT ?x { ?x rkg:recognises ?y }": (
        16,
        "did you mean a thing of the class rkg:Recognition?",
    ),
    "SELECT ?x { ?x rkg:hasEmbassyIn ?y }": (16, "did you mean a thing of the class rkg:Embassy?"),
    "SELECT ?x { ?x rkg:person ?y }": (16, "did you mean a thing of the class rkg:Person?"),
    "SELECT ?x { ?x rkg:visits ?y }": (16, "rkg:visitor or a thing of the class rkg:Visit?"),
    "SELECT ?x { ?x rkg:label ?y }": (16, "did you mean rdfs:label or rkg:partyLabel?"),
    "SELECT ?x { ?x ^rkg:visitor/rkg:plcae ?y }": (29, "did you mean rkg:place?"),
    "SELECT ?x { ?x a rkg:armed_conflict }": (18, "did you mean rkg:ArmedConflict?"),
    "SELECT ?x { ?x rkg:visitor id:perru }": (
        28,
        "id:perru is not in the graph; did you mean id:peru?",
    ),
    "SELECT ?x { ?x ?y id:china }": (19, "did you mean id:peoples-republic-of-china?"),
    f"SELECT ?x {{ <{HERE}id/perru> ?x ?y }}": (13, "did you mean id:peru?"),
    "SELECT ?x { ?x rkg:missionKind code:embasy }": (
        32,
        "in no code list; did you mean code:embassy?",
    ),
    f"SELECT ?x {{ ?x rkg:statedIn <{HERE}source/china-peru/s999> }}": (29, "is not a passage"),
    f"ASK {{ GRAPH <{HERE}graph/statd> {{ ?s ?p ?o }} }}": (13, "graph/stated?"),
    "SELECT ?x { ?x a ?c FILTER (?c = rkg:Stat) }": (34, "did you mean rkg:State?"),
    "SELECT ?x { VALUES ?x { id:perru } ?x a ?c }": (25, "did you mean id:peru?"),
    "ASK { id:peru a rkg:Stat }": (17, "did you mean rkg:State?"),
    "CONSTRUCT { ?s a rkg:Embasy } { ?s a rkg:Embassy }": (18, "did you mean rkg:Embassy?"),
    "CONSTRUCT { ?s a rkg:Embassy } { ?s a rkg:Embasy }": (39, "did you mean rkg:Embassy?"),
    "DESCRIBE id:perru": (10, "did you mean id:peru?"),
    "SELECT ?x { ?x rdfs:lable ?y }": (16, "did you mean rdfs:label?"),
    "SELECT ?x { ?x skos:preflabel ?y }": (16, "did you mean skos:prefLabel?"),
    # Terms of other vocabularies.
    "PREFIX foaf: <http://xmlns.com/foaf/0.1/> ASK { ?x foaf:name ?y }": (
        52,
        "foaf:name is not in the graph; names are rdfs:label",
    ),
    "PREFIX s: <http://schema.org/> ASK { ?x a s:Country }": (43, "did you mean rkg:State?"),
    "ASK { ?x a rkg:State OPTIONAL { ?x <http://schema.org/startDate> ?y } }": (
        36,
        "dates are rkg:when, rkg:earliestStart",
    ),
    "PREFIX p: <http://www.wikidata.org/prop/direct/> ASK { ?x p:P31 ?y }": (59, "write a, such"),
    "PREFIX s: <http://schema.org/> ASK { ?x s:recognises ?y }": (41, "s:recognises is not in the"),
    # Names of another kind.
    "SELECT ?x { ?x a code:embassy }": (18, "is a value of a code list, not a class"),
    "SELECT ?x { ?x a id:peru }": (18, "id:peru is a thing, not a class"),
    "SELECT ?x { ?x a rkg:visitor }": (18, "rkg:visitor is a property, not a class"),
    "SELECT ?x { ?x rkg:Embassy ?y }": (16, "is a class, not a property; write a rkg:Embassy"),
    # Prefixes and addresses.
    f"PREFIX rkg: <{HERE.replace('https', 'http')}ontology#> ASK {{ ?x a rkg:State }}": (
        13,
        f"its address is <{HERE}ontology#>",
    ),
    f"PREFIX rkg: <{HERE}ontology> ASK {{ ?x a rkg:State }}": (
        13,
        f"its address is <{HERE}ontology#>",
    ),
    f"PREFIX my: <{HERE}id> ASK {{ my:peru a ?c }}": (12, f"its address is <{HERE}id/>"),
    "PREFIX skos: <https://www.w3.org/2004/02/skos/core#> ASK { ?x skos:note ?y }": (
        14,
        "its address is <http://www.w3.org/2004/02/skos/core#>",
    ),
    "PREFIX id: <urn:x> ASK { id:peru ?p ?o }": (12, f"its address is <{HERE}id/>"),
    "ASK { <http://www.w3id.org/relations-kg/id/peru> ?p ?o }": (7, f"write <{HERE}id/peru>"),
    "SELECT ?v { ?v a <rkg:Visit> }": (18, "<rkg:Visit> is a prefixed name; write it without"),
    "PREFIX my: <urn:x/> ASK { ?v <my:p> <geo:-12.04,-77.03> }": (30, "<my:p> is a prefixed name"),
    "ASK { GRAPH <id:peru> { ?s ?p ?o } }": (13, "<id:peru> is a prefixed name"),
    "SELECT ?v { ?v rkg:hostParty <http://www.wikidata.org/entity/Q419> }": (
        30,
        "<http://www.wikidata.org/entity/Q419> identifies id:peru; write id:peru",
    ),
    "PREFIX wd: <http://www.wikidata.org/entity/> ASK { wd:Q419 rdfs:label ?l }": (
        52,
        "wd:Q419 identifies id:peru; write id:peru",
    ),
    "ASK { <https://sws.geonames.org/3932488/> a ?c }": (7, "write id:peru"),
    # Things of a class that the property does not fit.
    "SELECT ?v { ?v rkg:sendsMission id:peru }": (33, "exchange subject and object"),
    "SELECT ?m { id:lima rkg:hostParty ?m }": (
        13,
        "id:lima is not a rkg:Event, and never has rkg:hostParty",
    ),
    "SELECT ?x { ?x rkg:statedIn src:china-peru }": (
        29,
        "src:china-peru is not a rkg:Passage, and never is a value of rkg:statedIn",
    ),
    r"SELECT ?x { ?x rkg:statedIn src:china-peru\/s164 }": (
        29,
        "src:china-peru/s164 is not a passage of the graph; did you mean src:china-peru/s064?",
    ),
    "SELECT ?x { ?x rkg:visitor rkg:Person }": (
        28,
        "rkg:Person is a class, and never is a value of rkg:visitor",
    ),
    "SELECT ?x { BIND (id:pery AS ?h) ?x rkg:hostParty ?h }": (19, "did you mean id:peru?"),
    # Dates, numbers and times.
    "SELECT ?x { ?x rkg:earliestStart ?s ; rkg:latestEnd ?e FILTER (?e - ?s > 365) }": (
        74,
        'a difference of dates is a duration; write "P365D"^^xsd:dayTimeDuration',
    ),
    "SELECT (?s + 30 AS ?d) { ?x rkg:earliestStart ?s }": (
        9,
        'a date and a number cannot be added or subtracted; write "P30D"^^xsd:dayTimeDuration',
    ),
    "SELECT (NOW() - ?s AS ?d) { ?x rkg:earliestStart ?s }": (
        9,
        "NOW() is a time; a date and a time cannot be added or subtracted; "
        "write YEAR(NOW()) - YEAR(?s)",
    ),
    "SELECT (?s - NOW() AS ?d) { ?x rkg:earliestStart ?s }": (9, "write YEAR(?s) - YEAR(NOW())"),
    "SELECT ?x { ?x rkg:earliestStart ?s FILTER (?s < NOW()) }": (
        50,
        "NOW() is a time, not a date; write xsd:date(NOW())",
    ),
    "SELECT (AVG(?s) AS ?d) { ?x rkg:earliestStart ?s }": (13, "is a date, not a number"),
    "SELECT (MIN(?w) AS ?d) { ?x a rkg:Visit ; rkg:when ?w }": (13, "rkg:when is EDTF; compare"),
    "SELECT ?x { ?x rkg:earliestStart ?s FILTER (xsd:integer(?s) > 1990) }": (57, "write YEAR(?s)"),
    "SELECT ?x { ?x rkg:earliestStart ?s FILTER (?s > xsd:date('1990')) }": (
        59,
        "is not an xsd:dat",
    ),
    "SELECT (CONCAT('x', ?b) AS ?c) { ?x rkg:seat ?b }": (21, "rkg:seat is a thing, not text"),
    "SELECT ?x { ?x rkg:hostParty (id:peru id:cuba) }": (30, "write VALUES ?x { … } for several"),
    # Names and codes as text.
    "SELECT ?x { ?x rkg:statedIn 'src:china-peru/s064' }": (29, "write src:china-peru\\/s064"),
    "SELECT ?x { ?x rkg:officialStatus 'official' }": (35, "not text; write code:official"),
    "SELECT ?x { ?x rkg:seat 'Lima' }": (25, "are things, not text; write id:lima"),
    "SELECT ?x { ?x a 'Embassy' }": (18, "are things, not text; write rkg:Embassy"),
    "SELECT ?x { ?x a rkg:Embassies }": (18, "did you mean rkg:Embassy?"),
    "SELECT ?x { ?x rkg:signatories ?y }": (16, "did you mean rkg:signatory?"),
    "SELECT ?x { ?x rkg:kind ?y }": (16, "write rkg:missionKind, rkg:visitKind or another kind"),
    "SELECT ?x { ?x rkg:seat id:peking }": (25, "did you mean id:beijing?"),
    # Names that are almost right for another reason than their letters.
    "SELECT ?x { ?v rkg:hostParty ?x FILTER (?x = rkg:peru) }": (46, "did you mean id:peru?"),
    "SELECT ?x { ?x rkg:officialStatus rkg:official }": (35, "did you mean code:official?"),
    "SELECT ?x { ?x a rkg:Ambassador }": (18, "did you mean code:ambassador?"),
    "SELECT ?x { ?x a rkg:President }": (18, " or id:president-of-peru?"),
    "SELECT ?x { ?x rkg:seat ?y FILTER (?x IN (id:embassy-of-peru)) }": (
        43,
        "id:embassy-of-peru-in-beijing or id:embassy-of-peru-to-the-republic-of-china?",
    ),
    "SELECT ?x { ?x rkg:country id:peru }": (
        16,
        "write rkg:sendingParty, rkg:hostParty or",
    ),
    "SELECT ?x { ?x a rkg:Person ; rkg:birthDate ?d }": (
        31,
        "is not in the ontology; a rkg:Person has rkg:statedIn, rkg:leavesOpen, and is a value of "
        "rkg:holder, rkg:visitor",
    ),
    "SELECT ?x { ?x rkg:ambassador ?d ; a rkg:Embassy }": (16, "; a rkg:Embassy has rkg:"),
    "DESCRIBE <http://www.wikidata.org/entity/Q419>": (10, "identifies id:peru; write id:peru"),
    "SELECT ?m { ?m rkg:visitor id:lima }": (28, "never is a value of rkg:visitor"),
    "ASK { ?m a rkg:Embassy . ?m rkg:visitor ?x }": (
        29,
        "only a rkg:Visit has rkg:visitor; no rkg:Embassy is one",
    ),
    "SELECT ?m ?city { ?m a rkg:Embassy OPTIONAL { ?m rkg:place ?city } }": (
        50,
        "only a rkg:Event has rkg:place; no rkg:Embassy is one",
    ),
    # Constants that equal nothing.
    'SELECT ?x { ?x rdfs:label "peru"@en }': (
        27,
        'no rdfs:label is "peru"@en; did you mean "Peru"@en?',
    ),
    "SELECT ?x { ?x rdfs:label 'Perú'@en }": (27, 'did you mean "Peru"@en?'),
    "SELECT ?x { ?x rdfs:label 'PRC'@en }": (
        27,
        "'PRC'@en; it is the skos:altLabel of id:peoples-republic-of-china",
    ),
    'SELECT ?x { ?x rdfs:label ?l FILTER (?l IN ("Peru"@en, "PRC"@en)) }': (
        56,
        "the skos:altLabel",
    ),
    'SELECT ?x { VALUES ?l { "Peru"@en "PRC"@en } ?x rdfs:label ?l }': (35, '"PRC"@en; it is the'),
    'SELECT ?x { { ?x rdfs:label "Peru"@en } UNION { ?x rdfs:label "lima"@en } }': (
        63,
        'did you mean "Lima"@en?',
    ),
    "SELECT ?v { VALUES ?h { id:peru id:lima } ?v rkg:hostParty ?h }": (
        33,
        "id:lima is not a rkg:Party, and never is a value of rkg:hostParty",
    ),
    "SELECT ?v { ?v rkg:hostParty ?h FILTER (?h IN (id:peru, id:lima)) }": (57, "id:lima is not a"),
    "SELECT ?x { ?x skos:altLabel 'no such'@en }": (30, "no skos:altLabel is 'no such'@en"),
    "SELECT ?x { ?x rdfs:label ?l FILTER ('lima'@en = ?l) }": (38, 'did you mean "Lima"@en?'),
    "SELECT ?x { ?x rkg:earliestStart ?d FILTER (YEAR(?d) = '2014') }": (
        56,
        "YEAR(…) is a number; write 2014",
    ),
    "SELECT ?x { ?x rkg:earliestStart ?d FILTER ('12' > MONTH(?d)) }": (45, "MONTH(…) is a number"),
    "SELECT ?x { ?x rkg:earliestStart ?d FILTER (DAY(?d) IN (1, '2')) }": (60, "write 2"),
    "SELECT ?x { ?x rdfs:label ?l FILTER (STRLEN(?l) > 'long') }": (51, "with a number"),
    "SELECT ?x { ?v rkg:visitor ?x } GROUP BY ?x HAVING (COUNT(*) > '3')": (64, "write 3"),
    "SELECT ?x { ?x rkg:when ?w FILTER (STR(?w) = 1990) }": (46, 'STR(…) is text; write "1990"'),
    "ASK { ?x rkg:earliestStart ?d BIND (YEAR(?d) AS ?y) FILTER (?y = '2014') }": (
        66,
        "write 2014",
    ),
    "SELECT ?x { ?x rdfs:label ?l FILTER (CONTAINS(?l, 'L') = 'true') }": (58, "true or false"),
    # Variables.
    "SELECT ?x { ?y a rkg:State }": (8, "nothing binds ?x"),
    "SELECT ?visitor { ?x rkg:visitor ?visitr }": (8, "did you mean ?visitr?"),
    "SELECT ?x { ?x a rkg:State FILTER (?name > 1) }": (36, "nothing binds ?name"),
    "SELECT ?x { ?x a rkg:State } ORDER BY ?name": (39, "nothing binds ?name"),
    "SELECT (COUNT(?name) AS ?n) { ?x a rkg:State }": (15, "nothing binds ?name"),
    "SELECT ?x { ?x a rkg:State BIND (STR(?name) AS ?y) }": (38, "nothing binds ?name"),
    "SELECT ?x { ?x a rkg:State FILTER (!BOUND(?name)) }": (43, "nothing binds ?name"),
    "CONSTRUCT { ?x rdfs:label ?name } { ?x a rkg:State }": (27, "nothing binds ?name"),
    "DESCRIBE ?name { ?x a rkg:State }": (10, "nothing binds ?name"),
    "SELECT ?x { BIND (STR(?y) AS ?x) ?z rkg:visitor ?y }": (23, "only after this BIND"),
    "SELECT ?x { { ?x a rkg:State } UNION { ?x rkg:rank ?z } UNION { FILTER (?z != 1) } }": (
        73,
        "another group",
    ),
    "SELECT ?x { ?x a rkg:State MINUS { ?x rkg:rank ?y } FILTER (?y > 1) }": (61, "another group"),
    "SELECT ?x ?y { { SELECT ?x { ?x rkg:rank ?y } } }": (11, "another group"),
    # Groups that are not joined.
    "SELECT ?m { ?m a rkg:Mission MINUS { ?e a rkg:Embassy } }": (
        30,
        "MINUS shares no variable with the patterns before it, and removes nothing; write ?m in it",
    ),
    "SELECT ?m { MINUS { ?m a rkg:Embassy } ?m a rkg:Mission }": (13, "write it after them"),
    "SELECT ?v { ?v a rkg:Visit FILTER EXISTS { ?x rkg:hostParty id:peru } }": (
        35,
        "EXISTS shares no variable with the patterns around it, so it has the same value for all "
        "rows; write ?v in it",
    ),
    "SELECT DISTINCT ?p { ?p a rkg:Person . ?v a rkg:Visit ; rkg:hostParty id:peru }": (
        40,
        "nothing joins ?p and ?v, and each ?p comes with each ?v",
    ),
    "SELECT ?p ?v { ?p a rkg:Person OPTIONAL { ?v a rkg:Visit } }": (43, "nothing joins ?p and ?v"),
    "SELECT ?n { { SELECT (COUNT(?p) AS ?n) { ?p a rkg:Person . ?q a rkg:Office } } }": (
        60,
        "nothing joins ?p and ?q",
    ),
    # Graphs, and literals that do not fit their datatype.
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }": (15, "is not a graph of this store"),
    "SELECT * { GRAPH <http://e.org/g> { ?s ?p ?o } }": (18, "is not a graph of this store"),
    'SELECT ?x { ?x rkg:earliestStart "1985"^^xsd:date }': (34, '"1985" is not an xsd:date'),
    'SELECT ?x { ?x rkg:when "c. 1923"^^edtf:EDTF }': (25, "write '1923~'"),
    'ASK { ?x rdfs:label ?l FILTER ("1e3"^^xsd:integer > 1) }': (32, "is not an xsd:integer"),
    'ASK { ?x ?p ?o FILTER (?o = "Peru"^^xsd:strng) }': (29, 'did you mean "xsd:string"?'),
    # The engine compares no date with a time.
    "SELECT ?x { ?x rkg:earliestStart ?d FILTER (?d >= '1990-01-01T00:00:00Z'^^xsd:dateTime) }": (
        51,
        "write '1990-01-01'^^xsd:date",
    ),
    # Aggregates of texts, which are unbound if there is another value.
    "SELECT (GROUP_CONCAT(?c) AS ?g) { id:lima rkg:inRegion ?c }": (22, "is a thing, not text"),
    "SELECT (GROUP_CONCAT(DISTINCT ?d) AS ?g) { ?x rkg:earliestStart ?d }": (
        31,
        "write GROUP_CONCAT(STR(?d))",
    ),
    # Texts and their languages.
    'SELECT ?x { ?x rdfs:label "Peru" }': (27, 'rdfs:label have a language; write "Peru"@en'),
    "SELECT ?x { ?x skos:altLabel 'Peru' }": (30, "write 'Peru'@en"),
    'SELECT ?x { ?x rdfs:label ?l FILTER (?l = "Peru") }': (43, 'write "Peru"@en'),
    'SELECT ?x { ?x rdfs:label ?l FILTER ("Peru" = ?l) }': (38, 'write "Peru"@en'),
    'SELECT ?x { ?x rdfs:label|skos:altLabel ?l FILTER (?l != "Peru") }': (58, 'write "Peru"@en'),
    'SELECT ?x { ?x rdfs:label ?l FILTER (?l IN ("Peru", "Lima"@en)) }': (45, 'write "Peru"@en'),
    'SELECT ?x { ?x rdfs:label ?l FILTER (LCASE(?l) = "peru") }': (50, 'write "peru"@en'),
    'SELECT ?x { VALUES ?l { "Peru" } ?x rdfs:label ?l }': (25, 'write "Peru"@en'),
    "SELECT ?x { ?x rkg:host|rkg:hostParty/rdfs:label 'Peru' }": (16, "rkg:host is not"),
    "SELECT ?x { ?x rkg:visitor/rdfs:label 'Xi Jinping' }": (39, "'Xi Jinping'@en"),
    "SELECT ?x { ?x rdfs:label ?l FILTER (LANG(?l) = 'EN') }": (49, "LANG is never 'EN'; write a"),
    "SELECT ?x { ?x rdfs:label ?l FILTER ('english' != LANG(?l)) }": (38, "is never 'english'"),
    "SELECT ?x { ?x rdfs:label ?l FILTER (LANG(?l) IN ('en', 'ES')) }": (57, "is never 'ES'"),
    "ASK { ?x rdfs:label ?l FILTER LANGMATCHES(?l, 'en') }": (43, "LANGMATCHES(LANG(?l), …)"),
    "ASK { ?x rkg:when ?w FILTER (DATATYPE(?w) = 'xsd:date') }": (45, "not text; write xsd:date"),
    "ASK { ?x rdfs:label ?l FILTER (LCASE(STR(?l)) = 'Peru') }": (49, "write 'peru'"),
    "ASK { ?x rdfs:label ?l FILTER (UCASE(?l) IN ('PERU'@en, 'Lima'@en)) }": (57, "'LIMA'"),
    # The engine accepts aggregates here if there are groups.
    "SELECT ?h { ?x rkg:hostParty ?h FILTER (COUNT(?x) > 1) } GROUP BY ?h": (41, "in HAVING"),
    "SELECT (COALESCE(?lable, 'none') AS ?n) { ?x rdfs:label ?label }": (18, "mean ?label?"),
    # Dates.
    "SELECT ?x { ?x rkg:when ?w FILTER (YEAR(?w) > 1990) }": (41, EDTF),
    'SELECT ?x { ?x rkg:when ?w FILTER (?w > "1990-01-01") }': (41, EDTF),
    'SELECT ?x { ?x rkg:when ?w FILTER (?w > "1990-01-01"^^xsd:date) }': (41, EDTF),
    'SELECT ?x { ?x rkg:when ?w FILTER ("1990"^^edtf:EDTF <= ?w) }': (36, EDTF),
    "SELECT ?x { ?x rkg:when ?w FILTER (xsd:date(?w) > NOW()) }": (45, EDTF),
    "SELECT (?w + 1 AS ?n) { ?x rkg:when ?w }": (9, EDTF),
    "SELECT (SUM(?w) AS ?n) { ?x rkg:when ?w }": (13, EDTF),
    "SELECT ?x { ?x rkg:when ?w . ?y rkg:when ?v FILTER (?w < ?v) }": (53, EDTF),
    "SELECT ?x { ?x rkg:when ?w FILTER (STRSTARTS(?w, '19')) }": (
        46,
        "write STRSTARTS(STR(?w), …)",
    ),
    "SELECT ?x { ?x rkg:when '1971-11-02' }": (25, "write '1971-11-02'^^edtf:EDTF"),
    "SELECT ?x { ?x rkg:when ?w } ORDER BY DESC(?w)": (
        44,
        "rkg:when is EDTF, which is ordered as text; order by rkg:earliestStart",
    ),
    "SELECT ?x { ?x rkg:when ?w } ORDER BY ?w LIMIT 3": (39, "is ordered as text"),
    "SELECT ?x { ?x rkg:deadline ?w FILTER (?w > 1990) }": (45, "rkg:deadline is EDTF"),
    "SELECT ?x { ?x rkg:earliestStart ?d FILTER (?d > '1990-01-01') }": (
        50,
        "'1990-01-01'^^xsd:date",
    ),
    "SELECT ?x { ?x rkg:latestEnd ?d FILTER (?d < 1990) }": (46, "YEAR(…)"),
    "SELECT ?x { ?x ?y ?d FILTER (?d < 1990-01-01) }": (35, 'write "1990-01-01"^^xsd:date'),
    "SELECT ?x { ?x rkg:earliestStart '1990-01-01' }": (34, "'1990-01-01'^^xsd:date"),
    "SELECT ?x { ?x rkg:latestEnd ?d FILTER (?d < '1990'^^xsd:gYear) }": (46, "YEAR(…)"),
    "SELECT ?x { ?x rkg:when '1990'^^xsd:gYear }": (25, "write '1990'^^edtf:EDTF"),
    "SELECT ?x { ?x rkg:when 1990 }": (25, 'rkg:when is EDTF; write "1990"^^edtf:EDTF'),
    "SELECT ?x { ?x rkg:when ?w FILTER (?w = 'May 1990'@en) }": (41, "write '1990-05'^^edtf:EDTF"),
    "SELECT ?x { ?x rkg:when 'long ago' }": (25, EDTF),
    "SELECT ?x { ?x rkg:when ?w } GROUP BY ?x HAVING (MAX(?w) > '1990')": (60, EDTF),
    # Durations, numbers and things.
    "SELECT ?x { ?x rkg:ongoing 'true' }": (28, "are true or false; write true"),
    "SELECT ?x { ?x rkg:sendingParty|rkg:receivingParty 'Peru' }": (52, "are things, not text"),
    "SELECT ?x { ?x rkg:visitor ?v FILTER (STR(?v) = 'Xi Jinping') }": (43, "is its address"),
    "SELECT ?x { ?x rkg:duration ?d FILTER (?d > 'P1Y') }": (
        45,
        "rkg:duration is text such as P2Y",
    ),
    "SELECT (?d * 2 AS ?n) { ?x rkg:lag ?d }": (9, "rkg:lag is text such as P2Y"),
    "SELECT ?x { ?x rkg:rank ?n FILTER (?n = '1') }": (41, "are numbers; write 1"),
    "SELECT ?x { ?x rkg:atLeast '5' }": (28, "are numbers; write 5"),
    "SELECT ?x { ?x rkg:visitor 'Xi Jinping' }": (28, "are things, not text"),
    "SELECT ?x { ?x rkg:visitor ?v FILTER (?v = 'Xi Jinping') }": (44, "are things, not text"),
    "SELECT ?x { ?x rkg:visitor ?v FILTER (CONTAINS(?v, 'Xi')) }": (48, "use its rdfs:label"),
    "SELECT ?x { ?x rkg:section ?s FILTER (?s = 5) }": (44, 'write "5"'),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_meant_is_warned_of_where_it_is(kg: rk.Graph, text: str) -> None:
    column, words = WRONG[text]
    found = kg.warnings(text)

    assert len(found) == 1
    assert words in found[0]
    assert found[0].startswith(f"query:1:{column}: ")


# Texts that could look wrong and are not.
RIGHT = [
    "SELECT ?x { ?x a rkg:Embassy ; rdfs:label 'Embassy of Peru, Beijing'@en }",
    "SELECT * { ?s ?p ?o } LIMIT 1",
    "SELECT ?x { ?x rdfs:label ?l FILTER (STR(?l) = 'Peru') }",
    "SELECT ?x { ?x rdfs:label ?l FILTER (CONTAINS(?l, 'Peru') && LANG(?l) = 'en') }",
    "SELECT ?x { ?x rdfs:label ?l BIND (LANG(?l) AS ?t) FILTER (LANGMATCHES(?t, 'en')) }",
    "SELECT ?x { ?x rdfs:label ?l FILTER (LCASE(STR(?l)) > 'P' && DATATYPE(?l) != edtf:EDTF) }",
    "SELECT ?x { ?x rdfs:label|rkg:section ?l FILTER (?l = 'Peru') }",
    "SELECT ?x { ?x ?p ?l FILTER (?l = 'Peru') }",
    "SELECT ?x { ?x rdfs:label ?k BIND (STR(?k) AS ?l) FILTER (?l = 'Peru') }",
    "SELECT ?x { ?x rkg:when ?w FILTER (STR(?w) > '1990') }",
    "SELECT ?x { ?x rkg:when ?w FILTER (?w = '1971-11-02'^^edtf:EDTF) } ORDER BY ?w",
    "SELECT ?x { ?x rkg:when ?w . ?y rkg:when ?w FILTER (?x != ?y) }",
    "SELECT ?x { ?x rkg:when ?w ; rkg:earliestStart ?d } ORDER BY DESC(?d) LIMIT 3",
    "SELECT ?x (MIN(?w) AS ?first) (COUNT(?w) AS ?n) { ?x rkg:when ?w } GROUP BY ?x",
    "SELECT ?x { ?x rkg:earliestStart ?d FILTER (?d > '1990-01-01'^^xsd:date && YEAR(?d) < 2000) }",
    "SELECT (?b - ?a AS ?days) { ?x rkg:earliestStart ?a ; rkg:latestEnd ?b }",
    "SELECT ?x { ?x rkg:rank ?n FILTER (?n + 1 > 2.5) }",
    "SELECT ?x { ?x rkg:amount ?n FILTER (?n > 5) }",
    "SELECT ?x { ?x rkg:section 'Relations since 1971' }",
    "SELECT ?x { ?x rkg:visitor ?v FILTER (?v = id:xi-jinping || CONTAINS(STR(?v), 'xi')) }",
    "SELECT ?x { ?x rkg:claimedValue ?v FILTER (?v = 5 || ?v = 'x') }",
    "SELECT ?x { ?x a ?c OPTIONAL { ?x rkg:rank ?r FILTER (?c = rkg:State && ?r > 1) } }",
    "SELECT ?x { ?x a ?c FILTER NOT EXISTS { ?y rkg:visitor ?x FILTER (?c = rkg:Person) } }",
    "SELECT ?x { ?x a ?c FILTER EXISTS { { ?x rkg:rank ?r FILTER (?c = ?r) } UNION { ?x a ?c } } }",
    "SELECT ?x ?y { { SELECT ?x (COUNT(?z) AS ?y) { ?z a ?x } GROUP BY ?x } FILTER (?y > 1) }",
    "SELECT (?n + 1 AS ?m) (?m + 1 AS ?k) { ?x rkg:rank ?n } ORDER BY ?k",
    "SELECT ?k { ?x rkg:rank ?n } GROUP BY (?n + 1 AS ?k) HAVING (COUNT(?x) > 1)",
    "SELECT ?x (IF(?n > 1, ?n, ?none) AS ?m) (COALESCE(?n, ?none) AS ?o) { ?x rkg:rank ?n }",
    "SELECT ?x ?g { GRAPH ?g { ?x a rkg:State } } VALUES ?x { id:peru }",
    "CONSTRUCT { id:new a rkg:State ; rdfs:label 'New' ; rkg:when ?w } { ?x rkg:when ?w }",
    "CONSTRUCT { ?x <urn:p> [ <urn:q> ?y ] } { ?x a ?y }",
    "PREFIX rkg: <https://w3id.org/relations-kg/ontology#> ASK { ?x a rkg:State }",
    "PREFIX id: <urn:x> ASK { ?x a rkg:State }",
    "PREFIX ex: <http://example.org/> ASK { ex:a ex:b 'c' , 5 ; a ex:D }",
    "PREFIX foaf: <http://xmlns.com/foaf/0.1/> ASK { ?x rdfs:label|foaf:name ?y }",
    "PREFIX foaf: <http://xmlns.com/foaf/0.1/> ASK { { ?x foaf:name ?y } UNION { ?x a ?y } }",
    "PREFIX f: <http://xmlns.com/foaf/0.1/> ASK { ?x a ?y FILTER NOT EXISTS { ?x f:name ?z } }",
    "PREFIX foaf: <http://xmlns.com/foaf/0.1/> CONSTRUCT { ?x foaf:name ?y } { ?x rdfs:label ?y }",
    "PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> ASK { ?x geo:lat ?y FILTER (?y > 1) }",
    "ASK { GRAPH <https://w3id.org/relations-kg/graph/stated> { ?x rdfs:comment ?y } }",
    "ASK { ?p a owl:ObjectProperty ; rdfs:range ?c . ?c a owl:Class }",
    "ASK { ?x skos:inScheme ?y BIND (id:something-new AS ?z) }",
    "DESCRIBE id:peru",
    "ASK { SERVICE <http://e.org/> { <http://www.wikidata.org/entity/Q419> rdfs:label 'x'@en } }",
    "SELECT ?x { id:peru rkg:sendsMission ?x ; rkg:earliestStart ?d }",
    "SELECT ?x { ?x owl:sameAs <http://www.wikidata.org/entity/Q419> }",
    "SELECT ?x { ?x rkg:hostParty <http://example.org/peru> , <geo:-12.04,-77.03> }",
    "SELECT ?x { ?x rdfs:label 'Peru'@EN ; skos:altLabel 'PRC'@en }",
    "SELECT ?x { ?x rdfs:label ?l FILTER (?l != 'peru'@en && LCASE(?l) = 'peru'@en) }",
    "SELECT ?x { ?x rdfs:label|skos:altLabel 'PRC'@en }",
    "SELECT ?x { ?x rdfs:label ?l FILTER (?l NOT IN ('PRC'@en, 'Peru'@en)) }",
    "SELECT * { VALUES ?x { id:peru id:lima } ?x a ?c OPTIONAL { ?v rkg:hostParty ?x } }",
    "SELECT ?x { ?x ?p ?d FILTER (YEAR(?d) = 2014 && STR(YEAR(?d)) = '2014' && YEAR(?d) + 1 > 2) }",
    "SELECT ?x { << ?x ?p ?o >> ?q ?r }",
    "SELECT * { ?x a rkg:Person MINUS { ?x a ?y } { ?z a ?x } UNION { ?v a rkg:Visit } }",
    "SELECT * { ?x a rkg:State FILTER EXISTS { ?y a ?z FILTER (?y = ?x) } }",
    "SELECT * { ?x a rkg:State FILTER EXISTS { id:peru a rkg:State } }",
    "SELECT (1 AS ?n) { FILTER EXISTS { ?x a rkg:State } }",
    "SELECT * { ?x a rkg:State FILTER EXISTS { ?y a rkg:Visit MINUS { ?x a rkg:Party } } }",
    "SELECT * { ?x a rkg:State . ?y a rkg:Visit FILTER NOT EXISTS { ?y rkg:hostParty ?x } }",
    "SELECT * { ?x a rkg:State . ?y a rkg:Visit BIND (STR(?x) = STR(?y) AS ?z) }",
    "SELECT * { ?x a rkg:State . ?y a rkg:Visit VALUES (?x ?y) { (id:peru UNDEF) } }",
    "SELECT * { VALUES ?x { id:peru id:lima } ?x rdfs:label ?l . ?y a rkg:Visit }",
    "SELECT * { id:peru rdfs:label ?x . id:lima rdfs:label ?y }",
    "SELECT * { ?x rdfs:label 'Peru'@en . ?y rdfs:label 'Lima'@en }",
    "SELECT (?b - ?a AS ?n) { ?x rkg:earliestStart ?a . ?y rkg:earliestStart ?b }",
    "SELECT * { ?x rkg:visitor [ a rkg:Person ; ?w _:b ] . _:b ?y ?z }",
    "SELECT * { GRAPH ?g { ?x a rkg:State } GRAPH ?g { ?y a rkg:Visit } }",
    "SELECT * { ?x a ?c { SELECT ?c ?d { ?y ?c ?d } } ?d a ?e }",
    "ASK { ?x a rkg:State . ?y a rkg:Visit }",
    "SELECT * { ?x rkg:earliestStart ?s ; rkg:latestEnd ?e FILTER (?e - ?s > 'P9D'^^xsd:duration)}",
    "SELECT (YEAR(NOW()) - YEAR(?s) AS ?n) { ?x rkg:latestEnd ?s FILTER (?s < xsd:date(NOW())) }",
    "CONSTRUCT { ?x <urn:p> ?y } { ?x a rkg:State . ?y a rkg:Visit }",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_may_be_right_is_not_warned_of(kg: rk.Graph, text: str) -> None:
    assert kg.warnings(text) == ()


# Aggregates that count a value several times, with the column and the warning; others have none.
VISITS = "?v a rkg:Visit ; rkg:hostParty ?host"
OFFICES = f"{VISITS} ; rkg:capacity ?office"
DISTINCT = "?v is counted once for each ?office; write COUNT(DISTINCT ?v)"
REPEATED = {
    f"SELECT ?host (COUNT(?v) AS ?n) {{ {OFFICES} }} GROUP BY ?host": (21, DISTINCT),
    f"SELECT ?y (COUNT(?v) AS ?n) {{ {OFFICES} ; rkg:earliestStart ?d }} GROUP BY (YEAR(?d) AS ?y)"
    " HAVING (COUNT(?v) > 0) ORDER BY ?y": (18, DISTINCT),
    f"SELECT ?n {{ {{ SELECT ?host (COUNT(?v) AS ?n) {{ {OFFICES} }} GROUP BY ?host }} }}": (
        35,
        DISTINCT,
    ),
    f"SELECT (COUNT(?v) AS ?n) FROM <{STATED}> FROM <{INFERRED}>"
    f" WHERE {{ {OFFICES} }} VALUES ?host {{ id:peru }}": (
        15,
        DISTINCT,
    ),
    "SELECT ?host (COUNT(?v) AS ?n) { ?host ^rkg:hostParty ?v . ?v rkg:capacity ?office }"
    " GROUP BY ?host": (21, DISTINCT),
    f"SELECT (COUNT(?v) AS ?n) {{ {VISITS} OPTIONAL {{ ?v rkg:capacity ?office }} }}": (
        15,
        DISTINCT,
    ),
    "SELECT (AVG(?n) AS ?m) { ?x rkg:rank ?n ; rkg:statedIn ?p }": (
        13,
        "each ?n is used once for each ?p; put the pattern of ?p into FILTER EXISTS { … }",
    ),
}
UNREPEATED = [
    f"SELECT ?host (COUNT(DISTINCT ?v) AS ?n) {{ {OFFICES} }} GROUP BY ?host",
    f"SELECT (COUNT(?v) AS ?n) (COUNT(?host) AS ?m) {{ {VISITS} }}",
    f"SELECT (COUNT(?v) AS ?n) {{ {OFFICES} FILTER (?v = id:no-visit) }}",
    f"SELECT ?office (COUNT(?v) AS ?n) {{ {OFFICES} }} GROUP BY ?office",
    f"SELECT ?v (COUNT(?v) AS ?n) {{ {OFFICES} }} GROUP BY ?v",
    f"SELECT (COUNT(?office) AS ?n) {{ {OFFICES} }}",
    f"SELECT (MIN(?d) AS ?n) {{ {OFFICES} ; rkg:earliestStart ?d }}",
    "SELECT ?p (COUNT(?s) AS ?n) { ?s a rkg:Visit ; ?p ?o } GROUP BY ?p",
    "SELECT (COUNT(?s) AS ?n) { ?s rkg:capacity ?o }",
]


@pytest.mark.parametrize("text", [*REPEATED, *UNREPEATED])
def test_a_thing_that_is_counted_several_times_is_warned_of(kg: rk.Graph, text: str) -> None:
    rows = kg.query(text)
    assert isinstance(rows, rk.Rows)
    found = [each for each in rows.warnings if " once for each " in each]

    if text not in REPEATED:
        assert found == []
        return
    column, message = REPEATED[text]
    assert found == [f"query:1:{column}: {message}"]


@pytest.mark.parametrize("path", sorted(Path(folder("queries")).glob("*.rq")))
def test_no_stored_query_is_warned_of(kg: rk.Graph, path: Path) -> None:
    assert kg.warnings(path.read_text("utf-8")) == ()


def test_no_text_of_the_documentation_is_warned_of(kg: rk.Graph) -> None:
    root = Path(__file__).parent.parent
    texts = []
    for path in (root / "README.md", *root.glob("docs/**/*.md")):
        for block in re.findall(r"```\w*\n(.*?)```", path.read_text("utf-8"), re.S):
            texts += [block, *re.findall(r"""query[ (]['"]+([^'"]+\{[^'"]*)""", block)]

    assert sum("SELECT" in text for text in texts) >= 2
    # The prefix of the guide to vocabularies is known if another test has loaded its file.
    warnings = [found for text in texts for found in kg.warnings(text)]
    assert [found for found in warnings if " mfa:" not in found] == []


def test_amounts_are_warned_of_where_some_are_no_plain_numbers() -> None:
    def found(value: str) -> bool:
        store = Store()
        prefix = "PREFIX rkg: <https://w3id.org/relations-kg/ontology#>"
        store.update(f"{prefix} INSERT DATA {{ <urn:a> rkg:amount {value} }}")
        given = QueryWarnings(store, Names(store)).of("ASK { ?x rkg:amount ?a FILTER (?a > 5) }")
        return any("compare rkg:atLeast and rkg:atMost" in each for each in given)

    assert not found("40")
    assert found('"40~"^^rkg:Amount')


def test_alternative_labels_of_the_ontology_lead_to_its_terms() -> None:
    store = Store()
    store.update(
        """PREFIX rkg: <https://w3id.org/relations-kg/ontology#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        INSERT DATA { GRAPH <https://w3id.org/relations-kg/graph/ontology> {
          rkg:State a owl:Class ; skos:altLabel "country"@en , "sovereign nation"@en .
          rkg:when a owl:DatatypeProperty ; skos:altLabel "date"@en } }"""
    )
    found = QueryWarnings(store, Names(store))

    for text, right in (
        ("ASK { ?x a rkg:Country }", "did you mean rkg:State?"),
        ("ASK { ?x a rkg:SovereignNation }", "did you mean rkg:State?"),
        ("ASK { ?x rkg:date ?y }", "did you mean rkg:when?"),
    ):
        assert right in found.of(text)[0]


def test_rows_and_triples_have_warnings_and_a_bool_issues_them(kg: rk.Graph) -> None:
    rows = kg.query("SELECT ?x { ?x a rkg:Embasy }")
    triples = kg.query("CONSTRUCT { ?x a rkg:Embasy } WHERE { ?x a rkg:Embassy }")
    with pytest.warns(QueryWarning, match="rkg:Stat is not in the ontology") as caught:
        assert kg.query("ASK { id:peru a rkg:Stat }") is False

    assert caught[0].filename == __file__
    assert isinstance(rows, rk.Rows)
    assert isinstance(triples, rk.Triples)
    assert ["rkg:Embasy is not in the ontology"] * 2 == [
        found.warnings[0].split(": ", 1)[1].partition(";")[0] for found in (rows, triples)
    ]
    assert rows[:0].warnings == rows.warnings
    assert "did you mean rkg:Embassy?" in rows._repr_html_()
    assert kg.run("visits").warnings == ()


def test_rows_and_their_slices_find_warnings_once_and_at_the_first_access(kg: rk.Graph) -> None:
    rows, found = kg.query("SELECT ?x { ?x a rkg:Policy }"), list[str]()
    assert isinstance(rows, rk.Rows)
    rows.find_warnings = lambda: found.append("sought") or ("a warning",)  # type: ignore[func-returns-value]

    part = rows[:1][:1]
    assert not found
    assert part.warnings == rows.warnings == ("a warning",)
    assert found == ["sought"]


def test_a_graph_that_changes_is_asked_again() -> None:
    graph = rk.load()
    name = re.search(r"^(id:\S+) a", Path("tests/facts/good/visit.ttl").read_text("utf-8"), re.M)
    assert name
    text = f"SELECT ?x {{ {name[1]} a ?x }}"

    assert "is not in the graph" in graph.warnings(text)[0]
    graph.add("tests/facts/good/visit.ttl")
    assert graph.warnings(text) == ()


def test_a_shell_prints_warnings_apart_and_exits_as_without_them(tmp_path: Path) -> None:
    file = tmp_path / "my.rq"
    file.write_text("SELECT ?x\n{ ?x a rkg:Embasy }", "utf-8")
    done = CliRunner().invoke(commands, ["query", str(file), "--format", "csv"])
    asked = CliRunner().invoke(commands, ["query", "ASK { id:peru a rkg:Stat }"])

    assert (0, "x\r\n") == (done.exit_code, done.stdout.replace("\r\n", "\n").replace("\n", "\r\n"))
    assert done.stderr == (
        f"warning: {file}:2:8: rkg:Embasy is not in the ontology; did you mean rkg:Embassy?\n"
    )
    assert (0, "false\n") == (asked.exit_code, asked.stdout)
    assert asked.stderr.count("did you mean rkg:State?") == 1


def test_a_server_has_warnings_in_a_header_and_on_its_page(kg: rk.Graph) -> None:
    app = application(kg)
    text = "SELECT ?é { ?é a rkg:Embasy . ?é rdfs:label '\t<b>é</b>' }"
    answer = asgi.get(app, f"/sparql?query={quote(text)}")
    again = asgi.get(app, f"/sparql?query={quote(text)}")
    page = asgi.get(app, f"/query?query={quote(text)}", accept="text/html").text

    found = json.loads(answer.headers["relations-kg-warnings"])
    assert answer.status_code == 200
    assert len(found) == 2
    assert "did you mean rkg:Embassy?" in found[0]
    assert answer.headers["relations-kg-warnings"].isascii()
    assert again.headers["relations-kg-warnings"] == answer.headers["relations-kg-warnings"]
    assert "did you mean rkg:Embassy?" in page
    assert "<b>é" not in page
    assert "relations-kg-warnings" not in asgi.get(app, "/sparql?query=ASK{}").headers


@pytest.mark.slow
def test_a_header_is_never_too_long(kg: rk.Graph) -> None:
    text = "ASK { " + " ".join(f"?s{n} rkg:{'x' * 300}{n} 1 ." for n in range(30)) + " }"
    answer = asgi.get(application(kg), f"/sparql?query={quote(text)}")

    assert len(kg.warnings(text)) == 20
    assert 5 < len(json.loads(answer.headers["relations-kg-warnings"])) < 20
    assert len(answer.headers["relations-kg-warnings"]) <= 4000


@pytest.mark.slow
def test_a_graph_on_a_server_warns_of_the_same(kg: rk.Graph) -> None:
    with servers.oxigraph() as url:
        kg.push(url)
        remote = rk.connect(f"{url}/query")
        length = "ASK { ?x rdfs:label ?l FILTER (STRLEN(?l) = '4') }"
        for text in ("ASK { id:peru a rkg:Stat }", "SELECT ?x { id:peru ?x id:china-x }", length):
            assert kg.warnings(text)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                remote.query(text)
            assert [each.partition(";")[0] for each in remote.warnings(text)] == [
                each.partition(";")[0] for each in kg.warnings(text)
            ]
        # The server is asked why there are no rows.
        text = "SELECT ?x { ?x rkg:visitor ?p . ?p a rkg:State }"
        assert remote.query(text).warnings == kg.query(text).warnings != ()  # type: ignore[union-attr]


# Patterns for parts of a text, each with a replacement: other constants, and what surrounds them.
OTHERS = [
    (r"\bid:[\w-]+", "id:lima"),
    (r"\bid:[\w-]+", "id:nowhere"),
    (r"\bid:[\w-]+", "id:a.b"),
    (r"\bcode:[\w-]+", "code:consulate-general"),
    (r"\bcode:[\w-]+", "code:nowhere"),
    (r"\brkg:Visit\b", "code:embassy"),
    (r"\brkg:(Visit|State)\b", "id:peru"),
    (r"\b\d+\b", "7"),
    (r"\b\d+\b", "7.5"),
    (r"(['\"])\w[^'\"]*\1", "'a:b'"),
    (r"(['\"])\w[^'\"]*\1", r"'# id:nowhere \\'< '"),
    (r"(['\"])\w[^'\"]*\1", "'x"),
    (r"'@en|\"@en", "'"),
    (r"'e[ns]'", "'EN'"),
    (r" \. ", " . # id:nowhere ' \" <\n"),
    (r"graph/stated", "graph/nowhere"),
    (r"(?i)PREFIX id: <[^>]*>", "PREFIX id: <urn:y>"),
]


@pytest.mark.slow
def test_texts_that_differ_in_constants_have_the_warnings_of_their_own(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text without warnings must not hide those of a text that differs in a constant."""
    seen, alone = (QueryWarnings(kg.quad_store, Names(kg.quad_store)) for _ in range(2))
    stored = [kg.queries[name].text for name in ("agreements", "services")]
    classes = ["ASK { ?x a id:peru }", "ASK { ?x a rkg:State, id:lima }"]
    hidden = 0
    for text in (*RIGHT, *WRONG, *stored, *classes):
        for pattern, other in OTHERS:
            if (changed := re.sub(pattern, other, text)) != text:
                before = seen.of(text)
                with monkeypatch.context() as patch:
                    patch.setattr(query_warnings, "shape", lambda text: None)
                    expected = alone.of(changed)
                assert seen.of(changed) == expected, changed
                hidden += bool(expected) and not before

    assert hidden > 10


def test_a_stored_query_with_another_constant_is_looked_through_once(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text without warnings is parsed; others that differ from it in a constant are not."""
    parsed: list[str] = []

    def counted(text: str) -> Query:
        parsed.append(text)
        return parse(text)

    monkeypatch.setattr(query_warnings, "parse", counted)
    warnings = QueryWarnings(kg.quad_store, kg.names)
    for name, query in kg.queries.items():
        head, _, tail = query.text.rpartition("}")
        parsed.clear()

        for number in range(3):
            assert () == warnings.of(f"{head} FILTER (id:peru != {number}) }}{tail}")

        assert 1 == len(parsed), name


def test_warnings_follow_a_store_that_others_change() -> None:
    graph = rk.load()
    text = "SELECT ?x WHERE { ?x rkg:ownProperty ?y }"
    assert "rkg:ownProperty is not in the ontology" in graph.warnings(text)[0]

    lima = NamedNode(ID + "lima")
    graph.store.add(Quad(lima, NamedNode(RKG + "ownProperty"), lima, NamedNode(STATED)))

    assert () == graph.warnings(text)
