"""Tests of drafts: the tables of facts that an article states in a regular form."""

import csv
import io
from pathlib import Path

import pytest
from command_line import run
from test_articles import TESTS, documents

import relations_kg as rk
from relations_kg.articles.draft import Draft, draft

ARTICLE = """\
= Avaria–Borduria relations =

Infobox
- Party1: Avaria
- Party2: Borduria
- Mission1: Embassy of Avaria, Bord
- Mission2: Bordurian Embassy, Avar
- Envoytitle1: Ambassador of Avaria to Borduria
- Envoy1: Ada Ode
- Mission3: none

Avaria opened diplomatic relations with the Kingdom of Borduria on 3 May 1901.

== State visits ==
Visits to Borduria by Avaria:
* Prime Minister and Minister of Foreign Affairs and Trade Ion Popescu-Tăriceanu (5–7 May 2014)[2]
* Foreign Minister Juan de la Cruz (June 2015, July 2016)
* Ada Ode, President of Avaria (2017)
* A trade delegation (2018)
* 2019: King Willem III
* In May 2020, President Ada Ode visited Bord.
* Governor of South Avar Province Li Wei
* Jean-Luc Picard – 1999
* Signing of the treaty of commerce (1901)

== Missions ==
* Avaria has an embassy in Bord and a consulate-general in Port Bord (since 1950), as well as \
honorary consulates in Klow and Zlip.
* Embassy of Borduria in Avar.
* Borduria is represented in Avaria through its high commission in Avar.
* The mission was closed.

== See also ==
* Visit of the king (1950)
"""
EXPECTED = {
    "party.csv": """\
name,kind,source,confidence
Avaria,State,s003,high
Borduria,State,s004,high
""",
    "relations.csv": """\
party,counterpart,begun,source,confidence
Avaria,Kingdom of Borduria,1901-05-03,s010,high
""",
    "mission.csv": """\
kind,rank,sender,receiver,seat,source,confidence
Embassy,,Avaria,Borduria,Bord,s005,high
Embassy,,Borduria,Avaria,Avar,s006,medium
Embassy,,Avaria,Borduria,Bord,s022; s023,high
ConsulateGeneral,,Avaria,Borduria,Port Bord,s022; s023,high
HonoraryConsulate,,Avaria,Borduria,Klow,s022; s023,high
HonoraryConsulate,,Avaria,Borduria,Zlip,s022; s023,high
Embassy,,Borduria,Avaria,Avar,s022; s024,high
DiplomaticMission,high-commission,Borduria,Avaria,Avar,s022; s025,high
""",
    "tenure.csv": """\
holder,office,of,post,source,confidence
Ada Ode,Ambassador of Avaria to Borduria,Avaria,Borduria,s007; s008,high
""",
    "visit.csv": """\
visitor,office,office_kind,origin,host,when,kind,source,confidence
Ion Popescu-Tăriceanu,Prime Minister and Minister of Foreign Affairs and Trade,,Avaria,Borduria,\
2014-05-05/2014-05-07,,s012; s013,high
Juan de la Cruz,Foreign Minister of Avaria,foreign-minister,Avaria,Borduria,2015-06,,s012; s014,high
Juan de la Cruz,Foreign Minister of Avaria,foreign-minister,Avaria,Borduria,2016-07,,s012; s014,high
Ada Ode,President of Avaria,head-of-state,Avaria,Borduria,2017,StateVisit,s012; s015,high
Willem III,King of Avaria,head-of-state,Avaria,Borduria,2019,StateVisit,s012; s017,high
Ada Ode,President of Avaria,head-of-state,Avaria,Borduria,2020-05,StateVisit,s012; s018,high
Li Wei,Governor of South Avar Province,,Avaria,Borduria,,,s012; s019,medium
Jean-Luc Picard,,,Avaria,Borduria,1999,,s012; s020,medium
""",
}


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "avaria.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_what_is_regular_is_in_tables_with_passages(article: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    ran = run("draft", article, "-o", folder)
    written = {
        path.name: path.read_bytes().decode("utf-8-sig").replace("src:avaria/", "")
        for path in folder.glob("*.csv")
    }
    passages = {p.curie[-4:]: p for p in rk.load(only=[folder / "passages.ttl"]).passages()}

    assert (0, "") == (ran.returncode, ran.stdout)
    assert [None, "heading"] == [passages[name].carries_no_fact for name in ("s022", "s027")]
    assert EXPECTED == {name: text.replace("\r\n", "\n") for name, text in written.items()}
    assert "visit.csv: 8 rows\n" in ran.stderr
    left = ran.stderr.partition("fields and items: ")[2].strip().replace("src:avaria/", "")
    items = ("none", "A trade delegation", "Signing of", "The mission was", "Visit of")
    for words, name in zip(items, left.split(", "), strict=True):
        assert words in str(passages[name].text(ARTICLE))


@pytest.mark.slow
def test_the_tables_can_be_imported_as_they_are(article: Path, tmp_path: Path) -> None:
    """The form of each is recognised by its columns, and its passages may be cited."""
    folder = tmp_path / "tables"
    run("draft", article, "-o", folder)
    for name in EXPECTED:
        facts = folder / f"{name}.ttl"
        ran = run("import", folder / name, "--facts", folder / "passages.ttl", "-o", facts)

        assert 0 == ran.returncode, ran.stdout
        assert f"{name}: no errors" in ran.stdout
    stated = rk.load(only=sorted(folder.glob("*.ttl")))
    assert 8 == len(list(stated.query("SELECT DISTINCT ?visit { ?visit a rkg:Visit }")))


def test_tables_are_not_overwritten_once_they_were_reviewed(article: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    first = [run("draft", article, "-o", folder).returncode for _ in range(2)]
    reviewed = (folder / "visit.csv").read_bytes().replace(b"King", b"Tsar")
    (folder / "visit.csv").write_bytes(reviewed)
    again = run("draft", article, "-o", folder)

    assert [0, 0, 2] == [*first, again.returncode]
    assert "visit.csv: the table already exists and differs; move it away" in again.stderr
    assert reviewed == (folder / "visit.csv").read_bytes()


def test_rows_name_the_passages_of_an_earlier_run(article: Path, tmp_path: Path) -> None:
    file = tmp_path / "passages.ttl"
    file.write_text(rk.passages(article).turtle, encoding="utf-8")
    article.write_text(f"A remark.\n\n{ARTICLE}", encoding="utf-8")

    assert [row.units for row in draft(article).rows if row.form == "tenure"] == [(7, 8)]
    tables = draft(article, file).tables
    assert b"src:avaria/s007; src:avaria/s008" in tables["tenure.csv"]


OPENINGS = {
    "Avaria established diplomatic ties with Khemed on 3 May 1901.": "Avaria Khemed 1901-05-03",
    "In 1920, the Avarian Republic and Khemed established ties.": "Avarian Republic Khemed 1920",
    "Diplomatic relations between Avaria and Khemed began in June 1910.": "Avaria Khemed 1910-06",
    "Avaria's ties with the Ode dynasty were opened in 1930 (Li, 1999).": "Avaria Ode dynasty 1930",
    "The two states established formal relations in 1940.": "Avaria Borduria 1940",
    "Relations were officially established on May 4, 1950.": "Avaria Borduria 1950-05-04",
    "Avaria and Khemed have had relations since 1950.": "Avaria Khemed 1950",
    "Avaria re-established relations with Khemed in 1950.": "",
    "Relations were never established with Khemed in 1902.": "",
    "Avaria did not establish relations with Khemed in 1971.": "",
    "They established relations in 1940 and ended them in 1950.": "Avaria Borduria 1940",
    "In 1950, after a war of 1949, Avaria and Khemed established relations.": "",
    "Relations were established more than 160 years ago.": "",
    "Avaria opened its embassy in Bord in 1950.": "",
    "Avaria established relations with Khemed and sold 1,900 ships.": "",
}


def test_only_a_dated_opening_of_relations_is_one(tmp_path: Path) -> None:
    article = tmp_path / "avaria.txt"
    found = {}
    for sentence in OPENINGS:
        article.write_text(f"= Avaria–Borduria relations =\n\n{sentence}\n", encoding="utf-8")
        found[sentence] = " ".join(
            cell for row in draft(article).rows for cell in row.cells.values()
        )

    assert OPENINGS == found


ITEMS = {
    "King Juan II of Avaria (1978, 1990)": "Juan II, King of Avaria: 1978; "
    "Juan II, King of Avaria: 1990",
    "Avarian President Ada Ode (2001)": "Ada Ode, Avarian President: 2001",
    "U.S. Secretary of State John Li (2001).[3]": "John Li, U.S. Secretary of State: 2001",
    "Premier of the Netherlands Ada van Ode (May 2001)": "Ada van Ode, Premier of the Netherlands: "
    "2001-05",
    "Secretary of the Communist Party Phú Li (2018–2019)": "Phú Li, Secretary of the Communist "
    "Party: 2018/2019",
    "Crown Prince Tor (1961)": "Tor, Crown Prince: 1961",
    "Queen Ada II and Prince Tor (1961)": "",
    "Several ministers (1961)": "",
    "The visits of 1999": "",
}


def test_a_visitor_is_distinguished_from_an_office(tmp_path: Path) -> None:
    article = tmp_path / "avaria.txt"
    article.write_text(
        "= Avaria–Netherlands relations =\n\nVisits from Avaria to the Netherlands\n"
        + "".join(f"- {item}\n" for item in ITEMS)
        + "\nVisits by Dutch ministers to Avaria:\n- King Tor II (1970)\n"
        "\n== Embassies ==\n- Avaria does not have an embassy in Delft.\n"
        "- Embassy of Avaria in the Netherlands\n"
        "\nof the Netherlands in Avaria\n- Avar (embassy)\n",
        encoding="utf-8",
    )
    found = draft(article)
    made: dict[str, list[str]] = {}
    for row in found.rows:
        unit = found.passages.units[row.units[-1]]
        item = article.read_text(encoding="utf-8")[unit.begin : unit.end]
        made.setdefault(item, []).append(
            "{visitor}, {office}: {when}".format_map(row.cells)
            if row.form == "visit"
            else "{kind} of {sender} to {receiver} in {seat}".format_map(row.cells)
        )

    assert made.pop("Embassy of Avaria in the Netherlands") == [
        "Embassy of Avaria to Netherlands in "
    ]
    assert made.pop("Avar (embassy)") == ["Embassy of Netherlands to Avaria in Avar"]
    assert made.pop("King Tor II (1970)") == ["Tor II, King of Netherlands: 1970"]
    assert {item: words for item, words in ITEMS.items() if words} == {
        item: "; ".join(words) for item, words in made.items()
    }


def rows(found: Draft, form: str) -> list[dict[str, str]]:
    text = found.tables.get(f"{form}.csv", b"").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


# The numbers of correct rows for each document: parties, missions, visits, openings of relations.
NUMBERS = {
    "china-peru": (2, 7, 11, 2),
    "chile-peru": (2, 0, 0, 0),
    "holy-see-switzerland": (2, 0, 0, 0),
    "japan-peru": (2, 2, 0, 1),
}


@pytest.mark.slow
def test_every_item_of_the_documents_is_found_and_no_other() -> None:
    """Each row agrees with what was entered by hand from the same passage."""
    if not (found := documents()):
        pytest.skip("neither RELATIONS_KG_DOCUMENT nor RELATIONS_KG_PAIRS leads to the documents")
    for document, file in found:
        drafted = draft(document, file)
        kg = rk.load(*(file.parent.glob("*.ttl") if file.is_relative_to(TESTS) else ()))

        assert NUMBERS[document.stem] == tuple(
            len(rows(drafted, form)) for form in ("party", "mission", "visit", "relations")
        )
        for form, query in BY_HAND.items():
            for row in rows(drafted, form):
                (passage,) = row["source"].split("; ")[-1:]
                known = kg.query(query, passage=passage)

                assert [row] == [
                    row for each in known if all(str(value) in row.values() for value in each)
                ][:1], row
        left = [drafted.passages.units[unit] for unit in drafted.left]
        assert {unit.name or unit.path[-1] for unit in left} <= {
            "Title",
            "Map",
            "See also",
            "Bibliography",
        }


BY_HAND = {
    "visit": """
        SELECT ?name (SUBSTR(STR(?day), 1, 4) AS ?year) {
          ?visit a rkg:Visit ; rkg:visitor/rdfs:label ?label ; rkg:earliestStart ?day ;
            rkg:statedIn ?passage
          BIND (STR(?label) AS ?name)
        }""",
    "mission": """
        SELECT ?kind ?city {
          ?mission a ?class ; rkg:seat/rdfs:label ?label ; rkg:statedIn ?passage
          FILTER (?class IN (rkg:Embassy, rkg:ConsulateGeneral))
          BIND (STRAFTER(STR(?class), "#") AS ?kind) BIND (STR(?label) AS ?city)
        }""",
    "relations": """
        SELECT ?date {
          ?event a rkg:EstablishmentOfRelations ; rkg:when ?when ; rkg:statedIn ?passage
          BIND (STR(?when) AS ?date)
        }""",
}
