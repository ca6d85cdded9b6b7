"""Tests of the web pages: their content, their links and their errors."""

import asyncio
import json
import re
from collections.abc import Iterable
from hashlib import sha256
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit
from zlib import crc32

import httpx
import pytest
from examples import empty
from pyoxigraph import NamedNode, RdfFormat, parse
from starlette.applications import Starlette
from webpages import Page

import relations_kg as rk
from relations_kg.answers.passages import Passage
from relations_kg.authoring.forms import forms
from relations_kg.authoring.importing import import_table
from relations_kg.authoring.settings import Dataset, Settings
from relations_kg.web import day_pages, index, profiles, thing_pages
from relations_kg.web.application import application
from relations_kg.web.index import Index
from relations_kg.web.new_facts import LARGEST
from relations_kg.web.rendering import static_files

HOST = "http://relations.test"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LARGEST_PAGE = 400_000
TREATY = "/thing/establishment-of-peru-qing-relations"
RELATIONSHIP = "/thing/china-peru-relations"


@pytest.fixture(scope="module")
def one_document(china_peru: rk.Graph) -> Starlette:
    """The pages of the graph without the facts of other documents."""
    return application(china_peru)


@pytest.fixture(scope="module")
def app(kg: rk.Graph) -> Starlette:
    return application(kg)


def client(app: Starlette) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=HOST, headers=HTML)


def ask(app: Starlette, *requests: tuple[str, str] | str, **options: object) -> httpx.Response:
    """Send requests in their order; return the last response."""

    async def send() -> httpx.Response:
        async with client(app) as asking:
            for request in requests:
                method, path = ("GET", request) if isinstance(request, str) else request
                response = await asking.request(method, path, **options)  # type: ignore[arg-type]
            return response

    return asyncio.run(send())


def page(app: Starlette, path: str) -> Page:
    response = ask(app, path)
    assert response.status_code == 200, (path, response.text)
    return Page(response.text)


def inside(page: Page, path: str) -> Iterable[str]:
    """Yield the addresses on this host that a page refers to, except those of forms."""
    for reference in page.references:
        address = urljoin(HOST + path, reference.address)
        if address.startswith(HOST) and reference.element != "form":
            yield address.removeprefix(HOST)


def faults(page: Page, response: httpx.Response) -> list[str]:
    found = list(page.faults)
    found += [
        f"{element} refers to {address}"
        for element, address in page.references
        if urlsplit(address).scheme not in ("", *(("http", "https") if element == "a" else ()))
        or (element != "a" and address.startswith("//"))
    ]
    if "default-src 'self'" not in response.headers.get("content-security-policy", ""):
        found.append("no policy")
    if response.num_bytes_downloaded > LARGEST_PAGE:
        found.append(f"{response.num_bytes_downloaded} bytes")
    return found


@pytest.mark.slow
def test_every_page_that_a_page_leads_to_is_there_and_in_order(
    app: Starlette, kg: rk.Graph
) -> None:
    """Only some pages of things are requested; a test of the static site checks all of them."""
    seen: dict[str, set[str]] = {}
    wanted: dict[str, set[str]] = {}
    wrong: list[str] = []

    async def walk() -> None:
        queue = ["/"]
        async with client(app) as asking:
            for path in queue:
                response = await asking.get(path)
                if response.status_code not in (200, 303):
                    wrong.append(f"{path}: {response.status_code}")
                seen[path] = set()
                if not response.headers.get("content-type", "").startswith("text/html"):
                    continue
                found = Page(response.text)
                seen[path] = set(found.ids)
                wrong.extend(f"{path}: {fault}" for fault in faults(found, response))
                addresses = list(inside(found, path))
                if "/" not in addresses:
                    wrong.append(f"{path}: no way back")
                for address in addresses:
                    next, _, fragment = address.partition("#")
                    wanted.setdefault(next, set()).add(unquote(fragment))
                    # Of many similar pages, some are requested, to save time.
                    is_variant = next.startswith("/explain?") or "sort=" in next or "of=" in next
                    is_variant |= next.startswith("/q/") and ("?" in next or "." in next)
                    parts = 20 if is_variant else 4 if next.startswith("/thing/") else 1
                    few = crc32(next.encode()) % parts
                    if next not in seen and next not in queue and not few:
                        queue.append(next)

    asyncio.run(walk())
    for path, fragments in wanted.items():
        missing = {f for f in fragments if f} - seen.get(path, fragments)
        wrong += [f"{path} has no #{fragment}" for fragment in missing]
    assert wrong == []
    things = {f"/thing/{quote(e.iri.rpartition('/')[2])}" for e in Index(kg).things}
    assert things <= wanted.keys()
    assert len(things & seen.keys()) > 50


def test_a_thing_is_shown_with_claims_reasons_passages_and_data(
    app: Starlette, kg: rk.Graph
) -> None:
    found = page(app, TREATY)
    addresses = {address for _, address in found.references}
    assert {"/document/china-peru#s010", "/document/china-peru#s015"} <= addresses
    assert "It gives the day and names its act" in found.words
    assert found.words.index("26 June 1874") < found.words.index("August 1875")
    assert any(address.startswith("/explain?") for address in addresses)
    (block,) = found.blocks
    assert json.loads(block)["@id"] == "id:establishment-of-peru-qing-relations"
    exported = kg.export(format="jsonld", of="establishment-of-peru-qing-relations")
    embedded, whole = ({*parse(each, RdfFormat.JSON_LD)} for each in (block, exported))
    own = kg.names.find("establishment-of-peru-qing-relations")
    assert embedded == {each for each in whole if each.subject == NamedNode(own)}
    assert len(block) < len(exported)
    assert "“Establishment of relations between Peru and the Qing dynasty”, in" in found.words


def test_a_disputed_value_stands_beside_the_other_accounts(app: Starlette) -> None:
    own, treaty, office = (
        page(app, path)
        for path in (TREATY, "/thing/treaty-signed-in-tianjin-1874", "/thing/taipei-trade-office")
    )

    assert "relations on 26 June 1874 (disputed: 1865 or earlier; August 1875)" in own.words
    assert "(its date is disputed: 1865 or earlier; August 1875)" in treaty.words
    claim = page(app, "/thing/claim-that-ties-date-from-august-1875").words
    assert "August 1875" in claim
    assert "disputed" not in claim
    assert "Taiwan (disputed: Taipei)" in office.words
    relations = page(app, "/thing/china-peru-relations").words
    assert "(disputed: 1865 or earlier; started by Coolie Trade; August 1875)" in relations
    addresses = {address for _, address in treaty.references}
    assert "/thing/claim-that-ties-date-from-august-1875" in addresses


@pytest.mark.parametrize("thing", ["peru", "hong-kong"])
def test_a_row_with_the_dispute_of_the_row_above_refers_to_it(app: Starlette, thing: str) -> None:
    found = page(app, f"/thing/{thing}")
    visits = found.words.partition("Visits and meetings")[2]
    assert visits.count("(disputed: People's Republic of China)") == 1
    assert re.search(r"Carlos Boloña.*visited Hong Kong \(disputed as above\)", visits)
    claims = [a for _, a in found.references if a.endswith("-visited-china-in-1991")]
    assert len({*claims}) == 2


def test_rows_that_are_only_possible_are_counted_in_a_sentence(app: Starlette) -> None:
    summaries = [
        re.findall(r"<summary>\s*([^<]* possible)\s*</summary>", ask(app, path).text)
        for path in ("/day/1985-01-01", "/day/1971-11-02", "/in/1971", "/in/1850s")
    ]
    assert all(summaries)
    texts = {text for found in summaries for text in found}
    form = r"(None is certain; 1 is|None is certain; \d+ are|1 more is|\d+ more are) possible"
    assert not [text for text in texts if not re.fullmatch(form, text)]
    assert {"1 more is possible"} < texts
    assert [text for text in texts if text.startswith("None")]


def test_facts_lead_both_ways_and_say_what_follows(app: Starlette) -> None:
    main, _, follows = page(app, "/thing/embassy-of-china-in-lima").words.partition("What follows")
    assert "seat polity\nPeru" in main
    assert "within relations Diplomatic relations between Peru and the People's" in follows
    voyages = page(app, "/thing/peru").words
    assert re.search(
        r"17 February 1850.*\n?.*Voyage of the Lady Montagne, 1850.*as destination", voyages
    )


def test_a_relationship_is_in_sentences_that_say_nothing_twice(china_peru: rk.Graph) -> None:
    app = application(china_peru)
    found = page(app, RELATIONSHIP)
    words = re.sub(r" ?\[[0-9]+\]", "", found.words)
    for sentence in (
        "The People's Republic of China has an embassy in Lima, accredited to Peru.",
        "Peru and the Qing dynasty established relations.",
        "Alejandro Toledo, President of Peru, visited the People's Republic of China.",
        "The free trade agreement between Peru and the People's Republic of China entered into",
    ):
        assert words.count(sentence) == 1
    assert ("a", "/thing/embassy-of-china-in-lima") in found.references
    assert "phase of China–Peru relations" not in words
    assert "Began" not in words  # the lead has the date
    assert "src:" not in words  # a passage is named by its section
    assert "The infobox names China's embassy in Lima. Infobox" in words
    treaty = page(app, TREATY).words
    assert "with Peru [1] [3]. (started by this establishment of relations)" in treaty
    state = page(app, "/thing/peru").words
    assert "Exports of Hong Kong to Peru, 2022 [" in state
    assert "as importer" not in state  # its label already says so
    consulate = page(app, "/thing/honorary-consulate-in-macau").words
    assert "or earlier" not in consulate  # the date of the source is not shown as a bound
    agreement = page(app, "/thing/china-peru-free-trade-agreement").words
    assert "\n\nfree trade agreement\nFree trade agreement between" in agreement
    assert "Signed at" not in agreement
    day = page(app, "/day/1971-11-02").words
    assert "disputed" not in day.partition("Missions")[2].partition("more are possible")[0]
    assert "The stored query" not in day


def test_a_timeline_shows_one_kind_at_a_time(app: Starlette) -> None:
    whole = page(app, "/timeline/china-peru-relations").words
    visits = page(app, "/timeline/china-peru-relations/visits").words
    assert "Opening of the Taipei Trade Office" in whole
    assert "Opening of the Taipei Trade Office" not in visits
    assert "Visit of Xi Jinping to Peru, 2014" in visits


def test_a_timeline_shows_the_years_that_are_chosen(app: Starlette) -> None:
    address = "/timeline/china-peru-relations/missions"
    some = page(app, f"{address}?since=1990&until=1994").words
    assert "Opening of the Taipei Trade Office" in some
    assert "Embassy of China, Lima" in some  # it has been open since 1972
    assert "Closure of Peru's embassy in Beijing, 1946" not in some
    assert "1994" in some
    assert "1850" not in some
    late = page(app, f"{address}?since=1990").words
    assert "Embassy of China, Lima" in late
    assert "1985" not in late
    assert some == page(app, f"{address}?since=1994&until=1990").words
    assert "Nothing is dated to these years" in page(app, f"{address}?until=1700").words
    assert ask(app, f"{address}?since=soon").status_code == 400


def test_the_table_below_the_map_has_what_is_on_it(app: Starlette) -> None:
    words = page(app, "/map/china-peru-relations").words
    for name in ("Consulate-General of Peru in Guangzhou", "Visit of Alejandro Toledo to China"):
        assert words.count(name) > 1
    assert (
        "People's Republic of China: Beijing, Guangzhou, Hong Kong, Shanghai; Peru: Lima" in words
    )
    then = page(app, "/map/china-peru-relations?on=1950-01-01").words
    assert "Visit of Alejandro Toledo to China" not in then


def test_a_day_distinguishes_certain_from_possible(app: Starlette, kg: rk.Graph) -> None:
    words = page(app, "/day/1950-01-01").words
    assert "certain" in words
    assert "Honorary consulate for Macau" in words
    response = ask(app, "/day/?on=1950-01-01")
    assert response.headers["location"] == "/day/1950-01-01"
    assert ask(app, "/day/1950-02-30").status_code == 400


def test_a_long_list_of_things_has_pages_of_its_own(
    china_peru: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thing_pages, "_FIRST_OF_A_SUBJECT", 10)
    monkeypatch.setattr(thing_pages, "_ON_A_PAGE", 15)
    every = application(china_peru)
    people = "/things/people"
    assert ("a", people) in page(every, "/things").references
    first, second = (page(every, f"{people}?page={number}") for number in (1, 2))
    things = [{a for _, a in found.references if "/thing/" in a} for found in (first, second)]
    assert [len(each) for each in things] == [15, 5]
    assert not things[0] & things[1]
    assert ask(every, "/things/nobody").status_code == 404


def test_pages_show_the_first_of_many_relationships_and_rows(
    china_peru: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thing_pages, "_MOST_RELATIONSHIPS", 1)
    monkeypatch.setattr(day_pages, "_MOST_ROWS", 1)
    every = application(china_peru)
    home = page(every, "/")
    assert ("a", "/relationships") in home.references
    assert ("a", "/thing/macau-peru-relations") not in home.references
    assert ("a", "/thing/macau-peru-relations") in page(every, "/relationships").references
    assert "6 more are left out here" in page(every, "/day/1971-11-02").words


@pytest.mark.parametrize(
    ("path", "certain", "possible"),
    [
        ("/in/1971", ["established relations", "What began", "Commercial Office"], "broke off"),
        ("/in/1970s", ["What happened in the 1970s", "What ended", "visited"], "Maoist ideology"),
        ("/in/1971-11", ["What happened in November 1971", "keeps to the One"], "broke off"),
        ("/in/1850", ["Nothing is known for certain"], ""),
    ],
)
def test_the_page_of_a_period_says_what_happened_then(
    one_document: Starlette, path: str, certain: list[str], possible: str
) -> None:
    sure, _, maybe = page(one_document, path).words.partition("possible\n")
    words = " ".join(sure.split())
    assert not [each for each in certain if each not in words]
    assert possible in " ".join(maybe.split())


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("/in/1971", "1970", "1972"),
        ("/in/1973", "1972", "1978"),
        ("/in/1970s", "196X", "198X"),
        ("/in/190X", "188X", "194X"),
        ("/in/1971-11", None, None),
    ],
)
def test_a_year_and_a_decade_lead_to_those_before_and_after(
    one_document: Starlette, path: str, before: str | None, after: str | None
) -> None:
    text = ask(one_document, path).text
    found = [re.search(rf'rel="{way}" href="/in/([^"]+)"', text) for way in ("prev", "next")]
    assert [each and each[1] for each in found] == [before, after]


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("1971", "/in/1971"),
        ("What happened in the 1970s?", "/in/197X"),
        ("Nov 1971", "/in/1971-11"),
        ("1971-1975", "/in/1971-01-01%20to%201975-12-31"),
        ("2 November 1971", "/day/1971-11-02"),
    ],
)
def test_a_search_for_a_date_leads_to_what_happened_then(
    one_document: Starlette, words: str, address: str
) -> None:
    assert ("a", address) in page(one_document, f"/search?q={quote(words)}").references
    assert ask(one_document, address).status_code == 200


def test_the_page_that_compares_begins_with_examples(one_document: Starlette) -> None:
    (first, *_) = [a for _, a in page(one_document, "/compare").references if "?one=" in a]
    assert page(one_document, first).words.count("Missions abroad") == 2


def test_the_fields_of_a_comparison_have_the_names_of_the_parties(one_document: Starlette) -> None:
    found = ask(one_document, "/compare?one=peoples-republic-of-china&other=peru").text
    assert 'name="one" value="People&#39;s Republic of China"' in found


def test_citations_are_in_order_and_runs_of_them_are_short(one_document: Starlette) -> None:
    words = page(one_document, RELATIONSHIP).words
    assert re.search(r"narratives(\s*\[\d+\](–\s*\[\d+\])?)+;", words)
    assert not re.search(r"and \d+ more", words)
    for group in re.findall(r"(?:\s*\[\d+\]–?)+", words):
        numbers = [*map(int, re.findall(r"\d+", group))]
        assert numbers == sorted({*numbers})


@pytest.mark.parametrize("numbers", [[1], [1, 2], [3, 1, 2], [7, 9, 8, 2, 4, 3, 11], []])
def test_a_run_of_citations_has_all_of_them_and_no_others(numbers: list[int]) -> None:
    passages = [Passage(f"urn:p{n}", "", "", "", "", "") for n in range(1, 13)]
    cited = [passages[number - 1] for number in numbers]
    shown = {n for part in profiles.numbers(cited, passages) for n in range(part[0], part[-1] + 1)}
    assert shown == {*numbers}


def test_lists_of_things_are_in_the_plural(one_document: Starlette) -> None:
    words = page(one_document, "/things").words
    assert {"Cities", "People", "Memberships in an organisation", "States"} <= {*words.split("\n")}
    assert "city" not in page(one_document, "/things/cities").words


def test_the_page_of_proofs_begins_with_examples(one_document: Starlette) -> None:
    found = page(one_document, "/explain")
    examples = [address for _, address in found.references if address.startswith("/explain?")]
    assert len(examples) > 2
    assert not [address for address in examples if "firstPartyOf" in address]
    assert "Proof" in page(one_document, unescape(examples[0])).words
    assert not [a for _, a in page(one_document, examples[0]).references if a in examples[1:]]
    words = page(one_document, "/explain?subject=peru&predicate=rdf:type&object=rkg:Party").words
    assert "Peru is of the class party" in " ".join(words.split())


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/ontology", "/ontology/events"])
def test_pages_of_the_ontology_have_the_menu_and_the_search_of_others(
    one_document: Starlette, path: str
) -> None:
    menu = re.compile(r'<nav (?:class="site" )?aria-label="Main">.*?</nav>', re.DOTALL)
    ours, others = (
        [(r.address, r.element) for r in Page(found[0]).references if r.element in ("a", "form")]
        for found in (menu.search(ask(one_document, each).text) for each in (path, "/things"))
        if found
    )
    assert ours == others
    assert ("/search", "form") in ours


@pytest.mark.parametrize("path", ["/", "/ontology"])
def test_a_phone_has_a_button_for_the_menu(one_document: Starlette, path: str) -> None:
    text = ask(one_document, path).text
    assert re.search(r'popovertarget="(\w+)">Menu</button>\s*<ul id="\1" popover>', text)
    style = re.search(r'rel="stylesheet" href="([^"]+)"', text)
    assert style
    assert ":popover-open" in ask(one_document, style[1]).text


def test_notes_on_identifiers_are_shown_where_they_matter(app: Starlette) -> None:
    lima, person = (page(app, f"/thing/{name}").words for name in ("lima", "xi-jinping"))
    assert "PE-LMA The code is of the Municipalidad" in lima
    assert "CoDEx" not in person
    assert "Others" not in person
    assert "Other facts" in person


def test_a_field_says_what_it_is_for(app: Starlette) -> None:
    asked = {*page(app, "/q/missions").words.split("\n")}
    assert {"only this one", "residence of the head", "on the day (required)"} <= asked
    form = page(app, "/new/visit").words
    assert re.search("a person, such as [^;]+; may be new", form)
    assert "required; " not in form
    listed = ask(app, "/new/").text
    assert "<code>of</code>" in listed
    assert "`" not in listed


def test_the_columns_of_an_answer_have_headings_that_a_reader_understands(
    app: Starlette,
) -> None:
    asked = {
        "/q/agreements": ["in force since"],
        "/q/visits": ["to whom", "listed or told"],
        "/q/recognitions": ["recognised as", "as part of"],
        "/q/negotiations": ["agreement sought"],
        "/day/1985-01-01": ["to whom", "accredited to"],
    }
    for path, headings in asked.items():
        text = ask(app, path).text
        for heading in headings:
            assert re.search(rf"<th[^>]*>(<a [^>]*>)?{heading}<", text), (path, heading)
            assert f'data-label="{heading}"' in text
    # The columns of a user's own query have the names of its variables.
    sparql = quote("SELECT ?to WHERE { ?mission rkg:receivingParty ?to }")
    assert '<th scope="col">to</th>' in ask(app, f"/query?query={sparql}").text


def test_a_search_links_terms_to_their_entries_and_questions_to_their_pages(
    app: Starlette,
) -> None:
    found = page(app, "/search?q=embassy").references
    assert {("a", "/ontology/missions#Embassy"), ("a", "/ontology/situations#absentKind")} <= {
        *found
    }
    asked = page(app, "/search?q=where+are+we+not+represented")
    assert ("a", "/q/parties-without-mission") in asked.references
    assert "Where was a party not represented on a day?" in asked.words
    assert "query parties" not in asked.words


def test_a_search_without_results_links_what_it_suggests(app: Starlette) -> None:
    ruled = page(app, "/search?q=" + quote("Who was governor of Hong Kong in 1870?"))
    assert "src:" not in ruled.words.lower()
    assert any(href.endswith("#s043") for _, href in ruled.references)
    meant = page(app, "/search?q=visits+by+Fujimorri")
    assert ("a", "/thing/alberto-fujimori") in meant.references


@pytest.mark.slow
def test_what_is_only_alleged_is_not_said_to_have_happened() -> None:
    graph = rk.load(only="tests/facts/good/must-may-and-alleged.ttl")
    app = application(graph)
    assert "Help for the rebels" in page(app, "/thing/help-for-the-rebels").words
    words = page(app, "/in/1907").words
    assert "Norrick" not in words
    assert "rebels" not in words


@pytest.mark.parametrize("name", ["foo", "before 1971", "1500/1971"])
def test_what_is_no_period_of_a_century_at_most_is_refused(
    one_document: Starlette, name: str
) -> None:
    assert ask(one_document, f"/in/{quote(name, safe='')}").status_code in (400, 404)


def test_the_page_of_a_thing_with_many_facts_keeps_its_own_facts(
    china_peru: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thing_pages, "_MOST_FACTS", 5)
    words = page(application(china_peru), "/thing/peru").words
    assert "Latin America" in words
    assert re.search(r"\d+ more facts are in the\s+data", words)


def test_a_day_of_a_large_graph_is_about_the_largest_relationships(
    one_document: Starlette, china_peru: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_MOST_LISTED", 100)
    monkeypatch.setattr(thing_pages, "_MOST_RELATIONSHIPS", 1)
    large = application(china_peru)
    words = page(large, "/day/1971-11-02").words
    assert "about the largest relationship." in words
    of_one = page(one_document, "/day/1971-11-02?of=china-peru-relations").words
    tables = [text.partition("Missions\n")[2] for text in (words, of_one)]
    assert tables[0] == tables[1] != ""
    changes = page(large, "/day/1971-11-02?since=1960-01-01").words
    assert "Only the largest relationships are compared" in changes


@pytest.mark.parametrize(
    ("path", "suggested"),
    [
        ("/thing/peruu", "/thing/peru"),
        ("/thing/rkg:Embasy", "/ontology/missions#Embassy"),
        ("/thing/china-peru", "/thing/china-peru-relations"),
        ("/q/mision", "/q/missions"),
        ("/timeline/china-peru-relation", "/timeline/china-peru-relations"),
    ],
)
def test_a_page_that_does_not_exist_links_to_those_it_suggests(
    app: Starlette, path: str, suggested: str
) -> None:
    response = ask(app, path, headers=HTML)
    assert response.status_code == 404
    assert ("a", suggested) in Page(response.text).references


def test_a_day_begins_with_what_happened_on_it(app: Starlette) -> None:
    words = page(app, "/day/1971-11-02").words
    happened = re.sub(r" \[\d+\](–\[\d+\])?", "", words.partition("What happened on this day")[2])
    assert "1971Peru and the People's Republic of China established relations." in happened
    assert "What happened on this day" not in page(app, "/day/1950-01-01").words


def test_days_are_listed_with_what_happened_on_them(app: Starlette) -> None:
    words = page(app, "/day/").words
    assert "1 March 2010Entry into force of the free trade agreement" in words
    assert "The first day of each decade" in words
    refused = [ask(app, f"/day/?page={number}").status_code for number in ("0", "9999", "x")]
    assert refused == [400, 400, 400]


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        # How long have they had relations?
        ([RELATIONSHIP], ["began on 26 June 1874", "diplomatic relations since 2 November 1971"]),
        # Who is accredited to Macau?
        (
            ["/thing/macau-peru-relations", "/thing/macau-sar"],
            ["accredited hereHonorary consulate for MacauConsulate-General of Peru in Hong Kong"],
        ),
        # When did Taipei's office change its name?
        ([RELATIONSHIP, "/thing/taipei-office-in-lima"], ["renamed on or after 5 November 1990"]),
        # Did the leaders meet in 2024?
        (["/q/", "/q/meetings"], ["State visit of Dina Boluarte to China, 2024"]),
        # What do the sources disagree about?
        (["/q/", "/q/disagreements"], ["Relations began with the coolie trade"]),
        # Who was the first ambassador?
        (["/q/", "/q/ordinals"], ["Peru's first Resident Ambassador (not named)"]),
        # How many Chinese came to Peru, and when?
        (["/q/", "/q/voyage-totals"], ["51,620at least"]),
        (
            ["/q/", "/q/migrations"],
            ["Second wave of Chinese immigration to PeruMacauPerufrom 1860"],
        ),
        # Which agreements are in force?
        (["/q/", "/q/agreements"], ["1 March 2010"]),
        # What happened in 1971?
        (
            ["/day/", "/day/1971-11-02"],
            ["2 November 1971Peru and the People's Republic of China established relations."],
        ),
        # How large is trade?
        (["/q/", "/q/exchanges"], ["PeruSpecial Administrative Region of Hong Kong262,000,000"]),
        # Is the free trade agreement in force?
        ([RELATIONSHIP], ["entered into force on 1 March 2010"]),
        # Where does Peru have consulates?
        ([RELATIONSHIP], ["Consulate-General of Peru in Shanghai", "Guangzhou"]),
        # Who was the last to visit Peru, and as what?
        (
            [RELATIONSHIP, "/thing/visit-of-xi-jinping-2024"],
            ["General Secretary of the CCP and President of China, visited Peru in November 2024"],
        ),
        # What was the situation in 1950? Certain rows are in a table of their own below the title.
        (
            ["/day/", "/day/1950-01-01"],
            [
                "Relationsrelationsparty",
                "Diplomatic relations between Peru and the Republic of China",
            ],
        ),
        # Does Peru recognise Taiwan?
        (
            [RELATIONSHIP, "/thing/peru", "/thing/recognition-of-taiwan-as-part-of-china-by-peru"],
            ["Peru recognises Taiwan as part of the People's Republic of China"],
        ),
    ],
)
def test_a_stranger_finds_the_answer_within_three_clicks(
    one_document: Starlette, path: list[str], answers: list[str]
) -> None:
    here = "/"
    for next in path:
        assert ("a", next) in page(one_document, here).references, (here, next)
        here = next
    words = re.sub(
        r" ?\[[0-9]+\]|\n",
        "",
        page(one_document, here).words.partition("Dates and amounts are in words")[0],
    )
    assert [answer for answer in answers if answer not in words] == []
    # No date is in EDTF.
    assert not re.search(r"[0-9]/\.\.|\[[0-9]{4}|[0-9]X[^i]|\.\.\]", words)


def test_two_days_are_compared_in_either_order(app: Starlette) -> None:
    later = ask(app, "/day/1971-11-02?since=1960-01-01").text
    words = Page(later).words
    assert later == ask(app, "/day/1960-01-01?since=1971-11-02").text
    assert "What changed between 1 January 1960 and 2 November 1971" in words
    assert "new: certainDiplomatic relations between Peru and the People's Republic" in words
    assert "possible before, certain nowEmbassy of the Republic of China in Lima" in words
    # Rows that are the same on both days are only counted.
    assert "Diplomatic relations between Peru and the Republic of China" not in words
    assert ask(app, "/day/1971-11-02?since=1971-02-30").status_code == 400


def test_a_proof_is_in_words_and_the_others_are_folded(app: Starlette) -> None:
    fact = "subject=peru&predicate=hasEverBeenRepresentedIn&object=peoples-republic-of-china"
    text = ask(app, f"/explain?{fact}").text
    words = Page(text).words
    assert "⊑" not in words
    assert "Peru has ever been represented in People's Republic of China, because" in words
    assert text.count('class="proof" open') == 1


def test_facts_are_checked_from_a_file_and_an_example_is_at_hand(app: Starlette) -> None:
    example = re.search(
        "<textarea[^>]*>\n(.*?)</textarea>", ask(app, "/validate?example=1").text, re.S
    )
    assert example is not None
    facts = unescape(example[1])
    sent = {"facts": (None, ""), "file": ("own.ttl", facts)}
    found = ask(app, ("POST", "/validate"), files=sent)
    assert found.status_code == 200
    assert "rkg:celebrate is not in the ontology" in found.text
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    assert ask(app, ("POST", "/validate"), content=b"x", headers=kind).status_code == 400


def test_an_answer_to_a_query_is_a_file_too(app: Starlette) -> None:
    query = quote("SELECT ?City { ?City a rkg:City } ORDER BY ?City")
    answer = ask(app, f"/query?query={query}&format=csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="answer.csv"'
    assert answer.text.startswith("City\r\nhttps://")
    described = ask(app, f"/query?query={quote('DESCRIBE id:lima')}&format=turtle")
    assert "id:lima" in described.text
    assert ask(app, f"/query?query={query}&format=pdf").status_code == 400


def test_a_map_of_a_day_has_the_missions_of_that_day(app: Starlette) -> None:
    words = page(app, "/map/china-peru-relations?on=1972-06-01").words
    assert "on the map, 1 June 1972" in words
    assert "The Republic of China had an embassy in Lima, accredited to Peru [1]. possible" in words
    assert "Status" not in words


def test_a_smaller_relationship_has_no_phases_of_the_larger_one(app: Starlette) -> None:
    words = page(app, "/timeline/hong-kong-peru-relations").words
    assert "Visit of Leung Chun-ying to Peru" in words
    assert "Qing" not in words
    assert "Stage of trade" not in words


def test_a_day_is_that_of_one_relationship_if_that_is_chosen(app: Starlette) -> None:
    words = page(app, "/day/1971-11-02?of=hong-kong-peru-relations").words
    assert "Consulate-General of Peru in Hong Kong" in words
    assert "Embassy of the Republic of China in Lima" not in words
    assert "Disputed" not in words  # a column without a value
    # An agreement is listed although it has no bounds of its own.
    later = page(app, "/day/2024-01-01?of=china-peru-relations")
    assert ("a", "/thing/china-peru-free-trade-agreement") in later.references
    answer = ask(app, "/day/?on=2024-01-01&of=China–Peru relations")
    assert answer.headers["location"] == "/day/2024-01-01?of=china-peru-relations"
    assert ask(app, "/day/1971-11-02?of=nowhere").status_code == 404


def test_what_only_follows_is_apart_and_an_open_start_is_that_of_its_event(
    app: Starlette,
) -> None:
    main, _, follows = page(app, "/thing/macau-sar").words.partition("What follows from these")
    assert "has ever had relations with" not in main
    assert "Peru has ever had relations with" in follows.replace(" · ", " ")
    lima = page(app, "/thing/lima").words
    assert "since 1972" in lima  # its date is "/..", but the opening of the embassy has a date
    reading = page(app, "/thing/peru").words.partition("What follows from these")[0]
    assert "The level at which two states represent each other is set by both" in reading


def test_what_has_no_date_is_listed_below_the_timeline(app: Starlette) -> None:
    words = page(app, "/timeline/china-peru-relations").words
    assert "Early history of Macau–Peru relations" in words.partition("Without a date")[2]
    assert "Treaty" not in words.partition("Without a date")[2]  # its signing has a date


def test_the_page_for_programs_has_commands_that_work(app: Starlette) -> None:
    text = unescape(ask(app, "/api").text)
    addresses = re.findall(f"{HOST}(/[^' <\n]+)", text)
    assert len(addresses) == 5
    assert {ask(app, each).status_code for each in addresses} <= {200, 303}


def test_two_parties_are_side_by_side(china_peru: rk.Graph) -> None:
    app = application(china_peru)
    words = page(app, "/compare?one=Peru&other=PRC").words
    assert "Missions abroadEmbassy of China, Lima" in words.replace("\n", "")
    assert "State visit of Dina Boluarte" in words.partition("Between them")[2]
    person = ask(app, "/compare?one=Peru&other=Xi")
    assert person.status_code == 400
    assert "Xi Jinping is a person; other takes a polity" in person.text


def test_a_document_shows_each_passage_and_which_has_no_facts(
    app: Starlette, china_peru: rk.Graph, document: Path
) -> None:
    found = page(app, "/document/china-peru")
    text = document.read_text(encoding="utf-8")
    for passage in china_peru.passages():
        assert passage.iri.rpartition("/")[2] in found.ids
        assert " ".join(passage.gist.split()) in found.words
        sentence = text[passage.begin : passage.end]
        assert len(sentence) < 60 or sentence not in found.words


def test_a_passage_without_facts_stands_out(tmp_path: Path) -> None:
    prefixes = "@prefix rkg: <https://w3id.org/relations-kg/ontology#> .\n"
    source = "<https://w3id.org/relations-kg/source/x"
    facts = tmp_path / "bare.ttl"
    facts.write_text(
        f"{prefixes}{source}> a rkg:SourceDocument . {source}/s1> a rkg:Passage ; "
        f'rkg:inDocument {source}> ; rkg:gist "Something."@en .'
    )
    found = ask(application(rk.load(only=facts)), "/document/x").text
    assert "Nothing is drawn from it yet." in found


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/q/missions", "This question asks for a day in “on the day”, such as 1985-01-01"),
        ("/q/missions?on=1950-01-01", "Honorary consulate for Macau"),
        ("/q/claims?status=preferred", "It gives the day and names its act"),
        ("/search?q=port+chancay", "Port of Chancay"),
        ("/search?q=nothing+like+it", "Nothing has"),
        ("/explain?subject=peru&predicate=sends+mission&object=lima", "does not hold"),
        ("/query?stored=claims", "#+ summary"),
        ("/query?query=ASK+%7B+id:lima+a+rkg:City+%7D", "Yes"),
        ("/query?query=DESCRIBE+id:lima", "id:lima"),
        ("/query?query=SELECT+*+%7B+%3Fcity+a+rkg:City+%7D", "Lima"),
    ],
)
def test_what_is_asked_is_answered(app: Starlette, path: str, shown: str) -> None:
    assert shown in page(app, path).words


@pytest.mark.parametrize(
    ("path", "status", "help"),
    [
        ("/q/missions?on=1950-01-01&sender=pero", 400, "did you mean"),
        ("/q/missions?sendr=peru", 400, "did you mean"),
        ("/explain?subject=pero&predicate=a&object=State", 404, "did you mean"),
        ("/timeline/china-peru-relations/visit", 404, "did you mean"),
        ("/thing/lyma", 404, "did you mean"),
        ("/thing/https:%2F%2Fwww.wikidata.org%2Fwiki%2FQ419", 404, "did you mean"),
        ("/search?q=", 400, "write words of a name or a description"),
        ("/search?q=+%3F%21", 400, "write words of a name or a description"),
        ("/timeline/nowhere", 404, "nothing in the graph"),
        ("/map/nowhere", 404, "nothing in the graph"),
        ("/document/nowhere", 404, "nothing in the graph"),
        ("/query?query=SELECT", 400, "the query has no WHERE { … }"),
        ("/query?query=SELECT+*+%7B+SERVICE+%3Chttp://a.b/%3E+%7B%7D+%7D", 403, "SERVICE"),
        ("/static/..%2Fpages.py", 404, ""),
        ("/nowhere", 404, "begin at /"),
    ],
)
def test_what_is_wrong_is_reported_in_the_same_form(
    app: Starlette, path: str, status: int, help: str
) -> None:
    response = ask(app, path)
    assert response.status_code == status
    found = Page(response.text)
    assert help in found.words
    assert found.faults == []


def test_pasted_facts_are_checked_and_not_kept(app: Starlette, kg: rk.Graph) -> None:
    before = len(kg.quad_store)
    facts = Path("tests/facts/mistakes/misspelt-port.ttl").read_text()
    response = ask(app, ("POST", "/validate"), data={"facts": facts})
    found = Page(response.text)
    assert (response.status_code, found.faults) == (200, [])
    assert 'did you mean "id:port-of-chancay"?' in found.words
    assert "line 10, column 15" in found.words
    good = Path("tests/facts/good/visit.ttl").read_text()
    assert "No errors" in ask(app, ("POST", "/validate"), data={"facts": good}).text
    assert len(kg.quad_store) == before


def test_what_cannot_be_checked_is_refused(app: Starlette) -> None:
    def status(**sent: object) -> int:
        return ask(app, ("POST", "/validate"), **sent).status_code

    assert status(data={"facts": " "}) == 400
    assert status(data={"facts": "#" * (LARGEST + 1)}) == 413
    assert status(content=b"x" * 4 * LARGEST, headers=HTML | {"Content-Type": "a/b"}) == 415


HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raise %}",
    "&lt;b&gt; ' \" ` -- <!-- ]]>",
    "\u202eback\u202c \u0627\u0644\u0635\u064a\u0646",
    "long " * 1000,
)


@pytest.mark.slow
def test_hostile_labels_and_names_are_only_shown(tmp_path: Path) -> None:
    facts = tmp_path / "hostile.ttl"
    names = [f"id/h{number}" for number in range(len(HOSTILE))]
    names += ["id/a/../../b", "id/it's", "id/a&b=c;d"]
    lines = ["@prefix rkg: <https://w3id.org/relations-kg/ontology#> ."]
    lines += ["@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."]
    for number, name in enumerate([*names, "urn:x:y", "http://e.test/a?b#c"]):
        iri = name if ":" in name else f"https://w3id.org/relations-kg/{name}"
        label = json.dumps(HOSTILE[number % len(HOSTILE)], ensure_ascii=False)
        lines.append(
            f"<{iri}> a rkg:Visit ; rdfs:label {label}@en ; rkg:whenText {label} ; "
            f"rkg:visitor <javascript:alert(1)> , <https://w3id.org/relations-kg/id/h0> ; "
            f"rkg:place <data:text/html,x> ."
        )
    facts.write_text("\n".join(lines), encoding="utf-8")
    graph = rk.load(only=facts)
    app = application(graph)
    entries = Index(graph).things
    assert len(entries) == len(names) + 2
    paths = ["/", "/things", "/search?q=%3Cscript%3E", "/search?q=%22%3E%3Cimg+src=x%3E"]
    paths += [
        address for address in inside(page(app, "/things"), "/things") if "/thing/" in address
    ]
    assert len(paths) == len(entries) + 4
    for path in paths:
        response = ask(app, path)
        found = Page(response.text)
        assert (response.status_code, faults(found, response)) == (200, []), path
        assert all("(1)" not in address for _, address in found.references)
        for block in found.blocks:
            json.loads(block)


def test_a_page_that_is_known_is_not_sent_again(app: Starlette) -> None:
    tag = ask(app, TREATY).headers["etag"]
    assert ask(app, TREATY, headers=HTML | {"If-None-Match": tag}).status_code == 304


def test_pages_below_a_path_stay_there(kg: rk.Graph) -> None:
    app = application(kg, base="/relations/")
    response = ask(app, "/relations/thing/lima")
    found = Page(response.text)
    assert response.status_code == 200
    outside = [a for a in inside(found, "/relations/thing/lima") if not a.startswith("/relations/")]
    assert outside == []


def test_the_editor_is_the_one_that_its_licence_names() -> None:
    files = static_files()
    stated = re.findall(r"sha256 (\w{64})  (\S+)", files["LICENSE.txt"].decode())
    assert {name for _, name in stated} == {name for name in files if ".min." in name}
    assert [sha256(files[name]).hexdigest() for _, name in stated] == [mark for mark, _ in stated]


NEW_VISIT = {
    "visitor": "Ada Ruiz",
    "origin": "Arvenia",
    "host": "Peru",
    "when": "2 Nov 1971",
    "kind": "StateVisit",
    "source": "src:china-peru/s024",
}


def test_a_form_gives_turtle_and_stores_nothing(app: Starlette, kg: rk.Graph) -> None:
    before = len(kg.quad_store)
    response = ask(app, ("POST", "/new/visit"), data=NEW_VISIT)
    found = Page(response.text)
    assert (response.status_code, found.faults) == (200, [])
    assert "id:visit-of-ada-ruiz-to-peru-1971-11-02 a rkg:StateVisit ;" in found.words
    assert "id:ada-ruiz (Ada Ruiz), a person" in found.words
    saved = ask(app, ("POST", "/new/visit"), data={**NEW_VISIT, "download": "turtle"})
    assert "text/turtle; charset=utf-8" == saved.headers["content-type"]
    assert 'attachment; filename="visit.ttl"' == saved.headers["content-disposition"]
    assert kg.new("visit", **NEW_VISIT).triples
    assert str(kg.new("visit", **NEW_VISIT)) == saved.text
    assert len(kg.quad_store) == before


@pytest.mark.parametrize(
    ("name", "changes", "field", "expected"),
    [
        ("visit", {"host": "Peruu"}, "host", "is not known, but nearly the same as"),
        ("visit", {"when": "02/11/1971"}, "when", "1971-11-02"),
        ("visit", {"source": ""}, "source", "visit asks for a passage"),
        ("visit", {"visitor": "<script>alert(1)</script>;x"}, "visitor", "has a semicolon"),
        # A finding is beside the field with the wrong value.
        ("mission", {"sender": "Peru", "receiver": "Peru", "seat": "Osk"}, "sender", "Peru"),
        # A finding about a missing value is beside the field for it, and names this field.
        ("mission", {"sender": "Arvenia", "receiver": "Peru"}, "seat", "has no seat"),
    ],
)
def test_findings_are_beside_the_fields(
    app: Starlette, name: str, changes: dict[str, str], field: str, expected: str
) -> None:
    values = {**(NEW_VISIT if name == "visit" else {"source": NEW_VISIT["source"]}), **changes}
    response = ask(app, ("POST", f"/new/{name}"), data={**values, "download": "turtle"})
    if name == "mission":
        response = ask(app, ("POST", f"/new/{name}"), data=values)
    beside = re.search(rf'<div id="f-{field}">(.*?)</div>', response.text, re.DOTALL)
    assert (response.status_code, Page(response.text).faults) == (200, [])
    assert beside
    assert expected in beside[1]
    assert "rkg:" not in beside[1]
    assert "<script>alert" not in response.text


@pytest.mark.slow
def test_every_form_has_a_page_with_a_labelled_field_for_each_parameter(app: Starlette) -> None:
    assert {f"/new/{name}" for name in forms()} <= set(inside(page(app, "/new/"), "/new/"))
    for name, form in forms().items():
        found = page(app, f"/new/{name}")
        assert found.faults == [], name
        assert {f"p-{parameter.name}" for parameter in form.parameters} <= set(found.ids)


def test_what_is_no_form_is_refused(app: Starlette) -> None:
    def status(name: str = "visit", **sent: object) -> int:
        return ask(app, ("POST", f"/new/{name}"), **sent).status_code

    assert status(data={"vistor": "x"}) == 400
    assert status(data={"visitor": "x" * 4 * LARGEST}) == 413
    assert status(content=b"x", headers=HTML | {"Content-Type": "a/b"}) == 415
    assert status("vist", data=NEW_VISIT) == 404
    assert 'value="&#34;&gt;Peru"' in ask(app, '/new/visit?host=">Peru').text
    assert ask(app, "/new/visit?hst=Peru").status_code == 400
    assert ask(app, "/new/vist").status_code == 404


@pytest.mark.slow
def test_the_front_page_and_the_feed_have_the_title_of_the_only_dataset(tmp_path: Path) -> None:
    settings = Settings(Dataset({"title": "Missions of Arvenia"}))
    tables = {
        "party": "name,kind\nOsk,state\n",
        "mission": "sender,receiver,seat\nArvenia,Osk,Moor\n",
    }
    for form, text in tables.items():
        (tmp_path / f"{form}.csv").write_text(text)
        found = import_table(empty(), tmp_path / f"{form}.csv", form, settings=settings)
        (tmp_path / f"{form}.ttl").write_bytes(found.turtle)
    files = [tmp_path / "party.ttl", tmp_path / "mission.ttl"]
    own = application(rk.load(only=files))

    assert "<title>Missions of Arvenia · relations-kg</title>" in ask(own, "/").text
    assert "<h1>Missions of Arvenia</h1>" in ask(own, "/").text
    assert "<title>Missions of Arvenia: the latest events</title>" in ask(own, "/feed.atom").text
    with_bundled = ask(application(rk.load(*files)), "/").text
    assert "<title>Relations between states · relations-kg</title>" in with_bundled
