"""Tests of the advice about commands, options and parameters that newcomers guess."""

import copy
import pickle

import pandas
import pytest
from command_line import complaint, printed

import relations_kg as rk
from relations_kg.answers.cells import Thing
from relations_kg.answers.guesses import parameters_meant
from relations_kg.answers.queries import stored_queries
from relations_kg.cli.guesses import instead_of
from relations_kg.rdf.namespaces import BASE

COMMANDS = ["info", "query", "search", "validate", "export"]


@pytest.fixture(scope="module")
def known(kg: rk.Graph) -> dict[str, object]:
    """The names that the expressions use, with their objects."""
    return {
        "kg": kg,
        "rk": rk,
        "pandas": pandas,
        "thing": Thing.named(kg.names.find("peru"), kg.names),
        "triples": kg.query("DESCRIBE id:peru"),
    }


@pytest.mark.parametrize(
    ("arguments", "right"),
    [
        ("quer", "'quer'; did you mean relations-kg query?"),
        ("querry", "did you mean relations-kg query?"),
        ("list", "use relations-kg query --list"),
        ("ls", "use relations-kg query --list"),
        ("help", "use relations-kg --help"),
        ("find peru", "use relations-kg search WORDS"),
        ("LOAD x.ttl", "use relations-kg query NAME --facts FILE"),
        ("check x.ttl", "use relations-kg validate FILE"),
        ("visits --host peru", "visits is a stored query; use relations-kg query visits"),
        ("vistis", "did you mean relations-kg query visits?"),
        ("mine.rq", "use relations-kg query mine.rq"),
        ("mine.ttl", "use relations-kg validate mine.ttl"),
        ("DESCRIBE id:peru", "use relations-kg query 'DESCRIBE …'"),
        ("zanzibar", "use relations-kg search 'zanzibar'"),
        ("export --out x.nt", "'--out'; did you mean --output?"),
        ("validate x.ttl --frmat csv", "did you mean --format?"),
        ("search lima --type City", "did you mean --kind or --format?"),
        ("export --subject peru", "did you mean --of?"),
        ("info --wrong", "'--wrong'; see relations-kg info --help"),
        ("--wrong", "see relations-kg --help"),
        ("query visits --from peru", 'did you mean "origin" or "since"?'),
        ("query visits --person xi-jinping", 'did you mean "visitor"?'),
        ("query visits --out v.csv", "did you mean the option --output?"),
        ("query missions --date 1985-01-01", 'did you mean "on"?'),
        ("query missions --state peru", 'did you mean "sender" or "receiver"?'),
        ("query timeline --between peru", 'did you mean "counterpart" or'),
        ("query missions --in lima", 'did you mean "location"'),
        (
            "info --facts http://x.org/a.ttl",
            "download it first, since files are not fetched",
        ),
        ("query wars", 'did you mean "conflicts"?'),
        ("query embassies", 'did you mean "missions"'),
        ("query ambassadors", 'did you mean "office-holders"'),
        ("query state-visits", 'did you mean "visits"?'),
        ("query visits --limit 3", "… -f csv | head"),
        ("query visits --sort-by when", "… -f csv | sort"),
        ("query visits host=peru", "write --host peru"),
        ("query visits.rq", "write 'visits'"),
        ("query visits --all maybe", "--all takes no value; leave 'maybe' out"),
        ("query ASK", "the query ends before its { … }"),
        ("show s032", 'did you mean "src:china-peru/s032"?'),
        ("show s9999", "relations-kg source lists the passages"),
        (
            "explain peru visited lima",
            "PREDICATE: no property is called 'visited'; did you mean \"v",
        ),
        (
            "explain xi-jinping visited peru",
            "id:visit-of-xi-jinping-2014 (Visit of Xi Jinping to Peru, 2014)",
        ),
        ("explain peru visited 1971-11-02", "PREDICATE: no property is called 'visited'"),
        (
            "explain peru lima china",
            "PREDICATE: 'lima' is Lima, which is not a property; name one, such as",
        ),
        ("explain peru hasRelationsWith china", '"has ever had relations with"?'),
        (
            "explain peru hasEverBeenRepresentdIn china",
            'did you mean "has ever been represented in"?',
        ),
        (
            "explain peru hasEverBenRepresentedIn china",
            'did you mean "has ever been represented in"?',
        ),
        ("explain peru hasEverRepresented china", 'did you mean "has ever been represented in" or'),
        ("explain peru sendsMision lima", 'did you mean "sends mission"?'),
        ("explain peru xyz china", "no property is called 'xyz'; name one, such as rkg:visitor"),
        ("show Lma", 'did you mean "lima"?'),
        ("query visits --host Peur", "called 'Peur'; did you mean \"peru\"?"),
        ("info --json", "did you mean --format json?"),
        ("--endpoint http://127.0.0.1:1/ info", "write relations-kg COMMAND --endpoint"),
        ("store check", "write relations-kg store check DIR"),
        ("store chek", "use relations-kg store check or relations-kg store rec"),
        ("export --all --stated", "--stated and --all exclude each other"),
        ("search --kind country lima", 'did you mean "state"?'),
        ("vist", "did you mean relations-kg query visits?"),
        ("mision", "did you mean relations-kg query missions?"),
        ("query --lits", "did you mean --list?"),
        ("query visits --fromat csv", "did you mean the option --format?"),
        ("info peru", "unexpected extra argument (peru); write relations-kg show peru"),
        ("export peru", "unexpected extra argument (peru); write relations-kg export --of peru"),
        ("query timeline peru", "is not a parameter; write --party peru or --counterpart peru"),
        ("query visits,missions", "'visits,missions'; run them one by one: visits and missions"),
        ("show peru --format json", "relations-kg export --of THING --format jsonld"),
        ("search lima -q", "search prints no passages below its table"),
        ("info --strict", "validate has it; see relations-kg info --help"),
        ("query --on 1985-01-01 missions", "write relations-kg query NAME --on VALUE"),
        ("new --host peru visit", "write relations-kg new NAME --host VALUE"),
        ("query --all visits", "write relations-kg query visits --all"),
        ("query --file queries/visits.rq", "'--file'; write relations-kg query queries/visits.rq"),
        ("query --name=visits", "'--name'; write relations-kg query visits"),
        ("new --form visit --host peru", "'--form'; write relations-kg new visit"),
        ("query missions --sender --on 2024-07-01", "--sender needs a value"),
        ("new visit --visitor --host peru", "--visitor needs a value"),
        ("query missions --sender= --on 2024-07-01", "--sender needs a value"),
        ("query missions --verbose", "missions has no parameter 'verbose'; it has named, sender"),
        ("query visits -n 5", "visits has no parameter 'n'; a stored query lists all rows; pass"),
        ("query visits --host peru --host china", "give one value at a time, and run"),
        ("query representation --party peru --party china", "give the other as --other, or run"),
        ("query visits --all --all", "--all is given twice; leave one out"),
        ("query --list visit", "there is no stored query 'visit'; did you mean \"visits\""),
        ("query visit --help", "there is no stored query 'visit'; did you mean \"visits\""),
        ("query", "name a stored query, give SPARQL, or - for standard input"),
        ("validate", "write relations-kg validate FILE…, or - for standard input"),
        ("passages", "write relations-kg passages ARTICLE, or - for standard input"),
        ("passage", "write relations-kg passage FILE WORDS, or - for standard input"),
        ("diff", "write relations-kg diff A [B], or - for standard input"),
        ("import", "name a table, or - for standard input; import --template FORM writes"),
        ("import --form", "--form needs a value"),
        ("new meeting", "meeting asks for a conference; give its name"),
        ("site", "write relations-kg site -o DIR"),
        ("diff a b c", "write relations-kg diff A [B]"),
        ("store remove x", "No such command 'remove'; use relations-kg store check or"),
        ("serve --port abc", "give a whole number from 0 to 65535"),
        ("query visits --timeout 0", "give a number over 0"),
        ("search lima --limit 0", "give a whole number from 1 up"),
        # Long options with one hyphen.
        ("query visits -host peru", "-host has one hyphen; write --host"),
        ("query missions -sender=peru", "write --sender=peru"),
        ("query visits --all -host peru", "write --host"),
        ("query visits -vistor x", "an option such as --vistor has two"),
        ("new visit -host peru", "write --host"),
        ("info -format json", "write --format"),
        ("export --all -output x.nt", "-output has one hyphen; write --output"),
        ("query visits -o -host", "write --host"),
        ("-version", "-version has one hyphen; write --version"),
        ("search port -harbour", "No such option '-harbour'; see relations-kg search --help"),
        ("search port -embassy", "see relations-kg search --help"),
        # Names of several words without quotes.
        ("show Xi Jinping", "write relations-kg show 'Xi Jinping', with quotes around a name of"),
        ("export --of Xi Jinping", "write relations-kg export --of 'Xi Jinping', with quotes"),
        ("query visits --visitor Xi Jinping --host peru", "write --visitor 'Xi Jinping', with quo"),
        ("query relations --party peru china", "or --counterpart china"),
        ("query missions --on 1985 --named Embassy of China", "write --named 'Embassy of China',"),
        ("query relations-on --party peru --on 2 de mayo", "write --on '2 de mayo'"),
        # Several files, in a pattern or after one option.
        (
            "info --facts tests/facts/good/voy*.ttl",
            "once for each file: --facts tests",
        ),
        ("validate tests/facts/good/voy*.ttl", "pattern in quotes is not expanded; name each file"),
        ("validate tests/no-such-*.ttl", "and no file matches it"),
        ("info --facts a.ttl b.ttl", "once for each file: --facts a.ttl --facts b.ttl"),
        ("export --only a.ttl b.ttl c.nt", "each file: --only a.ttl --only b.ttl --only c.nt"),
        ("query visits --facts a.ttl b.ttl", "once for each file: --facts a.ttl --facts b.ttl"),
        ("search lima --facts a.ttl b.ttl", "once for each file: --facts a.ttl --facts b.ttl"),
        (
            "explain peru --facts tests/facts/good/voyage.ttl b.ttl",
            "give --facts once for each file",
        ),
    ],
)
def test_a_guess_is_answered_with_what_to_use(arguments: str, right: str) -> None:
    words = [arguments] if "id:" in arguments else arguments.split()

    assert right in complaint(*words)


@pytest.mark.parametrize(
    "arguments",
    ["query visits -qf csv", "query visits -fcsv", "search lima -fcsv", "query missions -h"],
)
def test_short_options_may_be_joined(arguments: str) -> None:
    assert printed(*arguments.split())


@pytest.mark.parametrize("text", ["MATCH (n) RETURN n", "match (n:State {a: 1}) return n"])
def test_another_query_language_is_named(text: str) -> None:
    assert "this is Cypher; write SPARQL, such as SELECT" in complaint("query", text)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("countries without an embassy", "parties-without-mission"),
        ("vacant posts", "missions-without-head"),
        ("trade agreements", "agreements"),
        ("Who were the ambassadors?", "office-holders"),
    ],
)
def test_all_words_of_a_question_count_for_the_stored_query_that_is_suggested(
    asked: str, first: str
) -> None:
    assert f'did you mean "{first}"' in complaint("query", asked)


@pytest.mark.parametrize(
    "words", [["who visited Peru?"], ["who", "visited", "Peru"], ["visits by Xi"]]
)
def test_a_sentence_is_answered_with_search(words: list[str]) -> None:
    assert "relations-kg search finds things by words" in complaint("query", *words)


@pytest.mark.parametrize(
    ("expression", "right"),
    [
        # Attributes of the module, the graph, its queries and its answers.
        ("rk.open", "the module has no 'open'|rk.load("),
        ("rk.read_csv", "rk.load("),
        ("rk.validate", "rk.load().validate"),
        ("rk.Graph()", "rk.load()"),
        ("rk.Graph('x.ttl')", "rk.load("),
        ("kg.triples", 'query("SELECT * { ?s ?p ?o }")'),
        ("kg.parse('x.ttl')", 'add("facts.ttl")'),
        ("kg.serialize", "export("),
        ("kg.sparql", "query(…)"),
        ("kg.visits(host='peru')", 'run("visits", …)'),
        ("kg.mission_history", 'run("mission-history", …)'),
        ("kg['peru']", 'show("peru")'),
        ("len(kg)", "a graph has no length; summary()"),
        # Keywords, and the number of arguments.
        ("kg.query('ASK { ?x a ?y }', {'y': 'peru'})", "write query(…, y='peru')"),
        ("kg.query('ASK { ?x a ?y }', initBindings={'y': 'peru'})", "values by name: y='peru'"),
        ("kg.query('ASK { ?x a ?y }', bindings=())", "name of its variable, such as party="),
        ("kg.query('ASK { ?x a ?y }', time_out=5)", 'did you mean "timeout"?'),
        ("kg.query('ASK { ?x a ?y }', allow_services=[])", 'did you mean "allow_service"?'),
        ("kg.query(query='ASK { ?x a ?y }')", "query() needs sparql as a positional argument"),
        ("kg.run(query='visits')", 'write run("visits", host="peru")'),
        ("kg.run('visits', {'host': 'peru'})", "write host='peru'"),
        ("kg.run('visits', 'host', 'peru')", "write host=…"),
        ("kg.run('visits', params={'host': 'peru'})", "such as visitor='peru'"),
        ("kg.run('visits', limit=3)", "it lists all rows; in Python, rows[:10]"),
        ("kg.run('visits', labels=True)", "to_pandas(labels=True)"),
        ("kg.run('visits').to_pandas(label=True)", 'did you mean "labels"?'),
        ("kg.run('visits').to_pandas(True)", "takes no positional argument; pass the others"),
        (
            "kg.search('lima', type='place')",
            "search() has no argument 'type'; did you mean \"kind\"?",
        ),
        (
            "kg.search('lima', 'place')",
            "1 positional argument; pass the others by name: kind, limit",
        ),
        ("kg.show('peru', format='json')", 'export(of="peru", format="jsonld")'),
        ("kg.show()", "show() needs thing; write show(thing)"),
        ("kg.timeline('peru', kind='visits')", 'did you mean "kinds"?'),
        ("kg.network('peru', limit=3)", 'did you mean "most"?'),
        ("kg.export('x.ttl', fmt='ttl')", 'did you mean "format"?'),
        ("kg.add(file='x.ttl')", "pass facts as a positional argument"),
        ("rk.load(path='x.ttl')", "pass facts as a positional argument"),
        ("rk.connect(endpoint='http://x.org')", 'did you mean "url"?'),
        ("rk.compare(old='a.ttl', new='b.ttl')", "compare() has no argument 'old'; it has"),
        ("rk.compare('a.ttl')", "compare() needs after; write compare(before, after)"),
        ("rk.passages()", "passages() needs article; write passages(article)"),
        ("list(kg)", "query("),
        ("kg.queries.visits", 'queries["visits"]'),
        ("triples.to_pandas", "list(triples)"),
        ("kg.map('peru').show()", 'save("picture.svg")'),
        ("thing.name", "label is its name"),
        ("thing.uri", "str(thing)"),
        (
            "kg.run('policies')[0].when.year",
            "select rkg:earliestStart, which is a day; for a stored query, pass since= or "
            '|kg.query("SELECT ?day { ?x rkg:earliestStart ?day }", x=row.visit)',
        ),
        ("kg.show('peru').to_pandas()", "pandas.DataFrame(facts) has its facts"),
        ("kg.compare('old.ttl')", 'write rk.compare("old.ttl", kg)'),
        ("kg.peru", 'show("peru") describes a thing of this name'),
        ("kg.vists(host='peru')", 'did you mean run("visits", …)?'),
        ("thing.seat", "kg.show(thing) lists its facts"),
        ("kg.run('visits').visitor", "their columns are visit, who, from"),
        ("kg.run('visits').head()", "to_pandas() and to_polars() copy them into a frame"),
        ("kg.run('visits')[0].who.label", "write [each.label for each in row.who]"),
        ("kg.run('visits')[0].label", "the label of a thing is row.visit.label"),
        (
            "kg.timeline('peru', since=1990)",
            'run("timeline", party="peru", since="1990").timeline()',
        ),
        ("kg.timeline('peru', lanes='visits')", 'write timeline("peru", kinds="visits")'),
        (
            "kg.network(thing='peru')",
            "network() takes thing as a positional argument; write network(",
        ),
        ("kg.explain(kg.run('visits')[0])", "a Row does not name a thing"),
        ("kg.explain('peru hasTenure lima')", "give subject, predicate and object, or"),
        ("kg.run('relations_on', party='peru')", "'relations_on'; write 'relations-on'"),
        ("kg.run('Relations on', party='peru')", "write 'relations-on'"),
        ("kg.run('visits to peru')", 'did you mean "visits"?'),
        ("kg.embassies", 'did you mean "missions"'),
        ("kg.run('DESCRIBE id:peru')", "this is SPARQL, not the name of a stored query"),
        ("kg.run('ASK { ?x a ?y }')", "this is SPARQL, not the name of a stored query; give it to"),
        ("kg.run('timeline', since='90s')", "write the decade with four digits, such as '1990s'"),
        ("rk.connect('http://127.0.0.1:1/', timeout='5')", "the timeout '5' is a text; give a num"),
        ("kg.nothing_of_this_name", "a graph has no 'nothing_of_this_name'"),
        # Values and names.
        ("kg.warnings('visits')", 'use kg.run("visits")'),
        ("kg.run('visits', 'peru')", "write origin='peru' or host='peru'"),
        (
            "kg.run('visits', host=pandas.Series(['peru']))",
            "a Series is not a value; give one of its",
        ),
        ("kg.run('visits', host={'peru': 1})", "a dict is not a value"),
        ("kg.run('visits', host=kg)", "a Graph is not a value"),
        ("kg.run('visits', host=str)", "the class str is not a value"),
        ("kg.query('ASK { ?x rkg:label ?y }', format='csv')", 'serialize("csv")'),
        ("kg.show('http://w3id.org/relations-kg/id/peru')", f"its address is {BASE}id/peru"),
        ("kg.query(f'ASK {{ {thing} ?p ?o }}')", 'unknown prefix "https:"; put the address in <…>'),
        ("kg.passages('s034')", 'did you mean "src:china-peru/s034"?'),
        ("kg.run('visits').serialize('xlsx')", "to_pandas().to_excel("),
        ("rk.load(store='x.ttl')", "x.ttl: this is the name of a file; read a file with load("),
    ],
)
def test_a_guess_in_python_is_answered_with_what_to_use(
    known: dict[str, object], expression: str, right: str
) -> None:
    with pytest.raises((rk.RelationsError, AttributeError, TypeError)) as caught:
        eval(expression, {**known})

    for part in right.split("|"):
        assert part in str(caught.value)


def test_guesses_change_nothing_else_of_an_object(kg: rk.Graph) -> None:
    rows = kg.run("visits", host="peru")
    thing, picture = rows[0].visit, kg.map("peru")

    for each in (kg, kg.queries, thing, picture, kg.query("DESCRIBE id:peru")):
        assert not any(hasattr(each, name) for name in ("_ipython_display_", "_repr_png_", "name"))
    assert pickle.loads(pickle.dumps(picture)) == copy.deepcopy(picture) == picture
    assert copy.copy(thing).label == thing.label
    assert kg.run(kg.queries["visits"], host="peru").terms == rows.terms
    assert [*pandas.DataFrame(rows)] == rows.columns
    assert kg.explain("peru", "type", "State")


def test_each_word_is_answered_with_a_command_that_exists() -> None:
    for word in ("lst", "donwload", "vizualize", "Compare", "SPARQL", "?", "--?", "", "x" * 300):
        answer = instead_of(word, COMMANDS)
        assert "relations-kg" in answer, word
        assert len(answer) < 450


@pytest.mark.parametrize(
    ("word", "command"),
    [
        ("forms", "new --list"),
        ("tables", "import TABLE, or export --format csv"),
        ("template", "import --template FORM"),
    ],
)
def test_what_forms_are_for_is_found_by_its_words(word: str, command: str) -> None:
    assert f"relations-kg {command}" in instead_of(word, COMMANDS)


def test_the_usual_names_of_parameters_are_understood_wherever_they_can_be() -> None:
    for query in stored_queries().values():
        names = [parameter.name for parameter in query.parameters]
        for word, meant in (("start", "since"), ("type", "kind"), ("country", "party")):
            if meant in names:
                assert f'"{meant}"' in (parameters_meant(word, names) or ""), query.name


def test_a_list_and_the_help_show_the_parameters_of_what_is_named() -> None:
    for command, name in (("query", "visits"), ("new", "visit")):
        listed = printed(command, "--list", name)
        assert listed.startswith(f"{name}\n    ")
        assert listed.count("\n    --host: ") == 1
        for arguments in ([name, "--help"], [name, "--all", "-h"]):
            assert printed(command, *arguments).startswith(f"{listed}\nUsage: ")
    assert printed("query", "SELECT * { ?s ?p ?o }", "--help").startswith("Usage: ")
