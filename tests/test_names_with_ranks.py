"""Tests of ranks and titles before the names of persons in the cells of a table."""

from pathlib import Path

import pytest
from examples import empty

from relations_kg.authoring import ranks
from relations_kg.authoring.importing import Import, import_table
from relations_kg.authoring.settings import Settings
from relations_kg.validation.findings import Finding

HEADINGS = "key,sender,receiver,seat,head.holder"


def imported(tmp_path: Path, cells: list[str], **settings: object) -> Import:
    rows = [f"{n},Arvenia,State {n}x,City {n}x,{cell}" for n, cell in enumerate(cells)]
    Path(tmp_path, "posts.csv").write_text("\n".join((HEADINGS, *rows)) + "\n")
    own = Settings(columns={"row": "key"}, **settings)  # type: ignore[arg-type]
    return import_table(empty(), str(tmp_path / "posts.csv"), "mission", settings=own)


@pytest.mark.parametrize(
    ("text", "name", "rank"),
    [
        ("Ambassador Ada Ruiz", "Ada Ruiz", "ambassador"),
        ("Embaixadora Ada Ruiz", "Ada Ruiz", "ambassador"),
        ("Cônsul-geral Ada Ruiz", "Ada Ruiz", "consul-general"),
        ("Cónsul General Ada Ruiz", "Ada Ruiz", "consul-general"),
        ("Enc. Neg. a.i. Ada Ruiz", "Ada Ruiz", "charge-d-affaires-ad-interim"),
        ("Chargé d’affaires a. i. Ada Ruiz", "Ada Ruiz", "charge-d-affaires-ad-interim"),
        ("Chargée d'affaires Ada Ruiz", "Ada Ruiz", "charge-d-affaires"),
        ("Botschafterin Dr. Ada Ruiz", "Ada Ruiz", "ambassador"),
        ("Geschäftsträger Ada Ruiz", "Ada Ruiz", "charge-d-affaires"),
        ("Console onorario Ada Ruiz", "Ada Ruiz", "honorary-consul"),
        ("Ereconsul Ada Ruiz", "Ada Ruiz", "honorary-consul"),
        ("Vice-consul Ada Ruiz", "Ada Ruiz", "vice-consul"),
        ("Посол Ada Ruiz", "Ada Ruiz", "ambassador"),
        ("Ada Ruiz, Botschafterin", "Ada Ruiz", "ambassador"),
        ("Mrs. Ada Ruiz", "Ada Ruiz", ""),
        ("H.E. Ambassador Ada Ruiz", "Ada Ruiz", "ambassador"),
        ("DR. ADA RUIZ", "ADA RUIZ", ""),
        ("Ada Ruiz - Consul General", "Ada Ruiz", "consul-general"),
        ("Dr. Ada Ruiz (Ambassador)", "Ada Ruiz", "ambassador"),
        ("AMB. MRS ADA RUIZ", "ADA RUIZ", "ambassador"),
        ("prof. ada ruiz", "ada ruiz", ""),
        ("Sig. Ada Ruiz", "Ada Ruiz", ""),
        ("Apostolic Nuncio Ada Ruiz", "Ada Ruiz", "nuncio"),
        ("Ministre résident Ada Ruiz", "Ada Ruiz", "minister-resident"),
        ("Emb. Ada Ruiz", "Ada Ruiz", "ambassador"),
        ("el Sr. Embajador Bo Lind", "Bo Lind", "ambassador"),
        ("Cons. Gral. Ada Ruiz", "Ada Ruiz", "consul-general"),
        ("Lic. Ada Ruiz", "Ada Ruiz", ""),
        ("Ing. Agr. Ada Ruiz", "Ada Ruiz", ""),
        ("Cnel. (R) Bo Lind", "Bo Lind", ""),
    ],
)
def test_a_rank_beside_a_name_is_the_rank_of_the_head(text: str, name: str, rank: str) -> None:
    found = ranks.split(text)

    assert found is not None
    assert (name, rank) == (found.name, found.rank)


@pytest.mark.parametrize(
    "name",
    [
        "Ada Ruiz",
        "He Ping",
        "HE PING",
        "Sig Rogich",
        "Ambassador",
        "M. Ruiz",
        "Nunzio Rossi",
        "Ruiz - Consul, Ada",
        "Consul, Ada",
        "Console, Luigi Maria",
        "Ada Consul",
        "Ada Minister",
        "Conde, Ada",
    ],
)
def test_a_name_without_a_rank_is_left_as_it_is(name: str) -> None:
    assert ranks.split(name) is None


@pytest.mark.slow
def test_ranks_before_names_are_read_as_ranks_and_counted(tmp_path: Path) -> None:
    cells = ["Embaixador Ada Ruiz", "Embaixador Bo Lind", "Dr. Cy Aro", "Di Ek"]
    found = imported(tmp_path, cells)

    facts = found.turtle.decode()
    for name in ("Ada Ruiz", "Bo Lind", "Cy Aro", "Di Ek"):
        assert f'rdfs:label "{name}"@en' in facts
    assert 2 == facts.count("rkg:diplomaticRank code:ambassador")
    assert "Embaixador" not in facts
    notes = [each for each in found.report.findings if each.code == "rank"]
    assert [
        "head.holder: 'Embaixador' is not read as a part of the name, "
        "but as head.rank 'ambassador'",
        "head.holder: 'Dr.' is not read as a part of the name",
    ] == [each.message for each in notes]
    assert "and 1 more cell: 3:5" in (notes[0].help or "")
    assert {"info"} == {each.severity for each in notes}

    # The texts for one rank share one note.
    more = [*cells, "Emb. Ed Orr", "Dra. Fay Ost"]
    ambassadors, titles = [
        each.message for each in imported(tmp_path, more).report.findings if each.code == "rank"
    ]
    assert ambassadors == (
        "head.holder: 'Embaixador', 'Emb.' are not read as parts of the name, "
        "but as head.rank 'ambassador'"
    )
    assert titles == "head.holder: 'Dr.', 'Dra.' are not read as parts of the name"


@pytest.mark.slow
def test_a_rank_beside_the_name_and_another_in_its_column_is_an_error(tmp_path: Path) -> None:
    Path(tmp_path, "posts.csv").write_text(
        f"{HEADINGS},rank\n0,Arvenia,State a,City a,Ambassador Ada Ruiz,Ambassador\n"
        "1,Arvenia,State b,City b,Ambassador Bo Lind,\n"
        "2,Arvenia,State c,City c,new: Ambassador Cy Aro,\n"
    )
    own = Settings(columns={"row": "key", "head.rank": "rank"})
    found = import_table(empty(), str(tmp_path / "posts.csv"), "mission", settings=own)

    facts = found.turtle.decode()
    assert 2 == facts.count("rkg:diplomaticRank code:ambassador")
    assert 'rdfs:label "Ambassador Cy Aro"@en' in facts
    assert 'rdfs:label "Ada Ruiz"@en' in facts

    Path(tmp_path, "posts.csv").write_text(
        f"{HEADINGS},rank\n0,Arvenia,State a,City a,Ambassador Ada Ruiz,consul\n"
    )
    found = import_table(empty(), str(tmp_path / "posts.csv"), "mission", settings=own)
    assert ["head.holder: 'Ambassador Ada Ruiz' is about a post, and not only a name"] == [
        each.message for each in found.report.findings if each.severity == "error"
    ]


@pytest.mark.slow
def test_a_surname_that_may_be_a_rank_is_an_error(tmp_path: Path) -> None:
    found = imported(
        tmp_path, ['"Consul, Ada"', '"Dr. Console, Eva"', "Di Consul", '"new: Konsul, Jan"']
    )

    errors = [each for each in found.report.findings if each.severity == "error"]
    assert [(2, "'Consul, Ada'"), (3, "'Console, Eva'")] == [
        (each.line, each.message.removeprefix("head.holder: ").partition(" begins")[0])
        for each in errors
    ]
    assert "write 'Ada Consul' for the surname, 'Consul Ada' for the rank" in (errors[0].help or "")


@pytest.mark.slow
def test_a_post_before_a_name_is_no_part_of_the_name(tmp_path: Path) -> None:
    posts = ["Ambassador to Peru Ada Ruiz", "Embaixador junto à Santa Sé Bo Lind"]
    posts += [
        "Botschafterin in Osk Cy Aro",
        "Ambassador-at-large Di Ek",
        "Ambassador at Large Ed Ost",
        "Minister Ed Ost",
        "First Secretary Fay Roe",
        "Primeira-Secretária Gil Aro",
        "Dr. Botschaftsrat Hy Ek",
        "Tercer Secretario Ivo Paz",
        "Terceira Secretária Jo Sá",
        "Deuxième secrétaire Kit Bel",
        "Premier conseiller Leo Roe",
        "Zweiter Sekretär Max Bok",
        "Secondo Segretario Nino Neri",
        "Tweede secretaris Ona Vink",
    ]
    found = imported(tmp_path, [*posts, "Ambassador To Lam", "Consul de la Torre", "Ada Minister"])

    errors = [each for each in found.report.findings if each.severity == "error"]
    assert list(range(2, 2 + len(posts))) == [each.line for each in errors]
    assert {True} == {"is about a post, and not only a name" in each.message for each in errors}


@pytest.mark.slow
def test_a_rank_beside_a_name_is_read_if_its_column_has_a_dash(tmp_path: Path) -> None:
    Path(tmp_path, "posts.csv").write_text(
        f"{HEADINGS},head.rank\n0,Arvenia,State a,City a,Ambassador Ada Ruiz,-\n"
    )
    own = Settings(columns={"row": "key"})
    found = import_table(empty(), str(tmp_path / "posts.csv"), "mission", settings=own)

    assert "rkg:diplomaticRank code:ambassador" in found.turtle.decode()


OTHERS = ["Bursar Ada Ruiz", "Bursar Bo Lind", "Bursar Cy Aro", "Ada Ek", "Bo Ost", "Cy Roe"]


@pytest.mark.slow
def test_a_word_before_many_names_that_is_no_name_is_reported_and_can_be_a_rank(
    tmp_path: Path,
) -> None:
    found = imported(tmp_path, OTHERS)

    (warning,) = [each for each in found.report.findings if each.code == "rank"]
    assert warning.message == ("head.holder: 3 names begin with 'Bursar', which seems to be a rank")
    assert "below [replacements.head.rank]" in (warning.help or "")

    for rank, number in (("consular-agent", 3), ("none", 0)):
        found = imported(tmp_path, OTHERS, replacements={"head.rank": {"Bursar": rank}})
        facts = found.turtle.decode()
        assert number == facts.count("code:consular-agent")
        assert "Bursar" not in facts
        assert "warning" not in {e.severity for e in found.report.findings if e.code == "rank"}


@pytest.mark.parametrize(
    "names",
    [
        ["Maria Ana Ruiz", "Maria Eva Lind", "Maria Ida Aro", "Ana Ek", "Eva Ost", "Ida Roe"],
        ["Ada Ruiz", "Ada Lind", "Ada Aro", "Ada Ek"],
        ["Ola Bo Ruiz", "Ola Bo Lind", "Ola Bo Aro", "Bo Ek"],
    ],
)
def test_given_names_of_many_are_not_taken_for_ranks(names: list[str]) -> None:
    assert [] == list(ranks.shared(names))


def test_two_words_before_names_are_found_together() -> None:
    names = ["Acting head Ada Ruiz", "Acting head Bo Lind", "Acting head Cy Aro"]
    names += ["Ada Ek", "Bo Ost", "Cy Roe"]

    assert [("Acting head", names[:3])] == list(ranks.shared(names))


@pytest.mark.slow
def test_a_name_beside_a_rank_is_replaced_by_the_settings(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        ["Embaixador Ada Ruiz (cessa em 2025)", "Embaixador Bo Lind"],
        replacements={"head.holder": {"Ada Ruiz (cessa em 2025)": "Ada Ruiz"}},
    )

    assert 'rdfs:label "Ada Ruiz"@en' in found.turtle.decode()


def of_accredited(tmp_path: Path, text: str) -> list[Finding]:
    """Return the findings about a text in the column of further parties."""
    table = "kind,sender,receiver,seat,accredited\nembassy,Arvenia,Jordan,Osk,{}\n"
    Path(tmp_path, "m.csv").write_text(table.format(text))
    found = import_table(empty(), str(tmp_path / "m.csv"), "mission")
    return [each for each in found.report.findings if "accredited: " in each.message]


@pytest.mark.parametrize(
    "text",
    [
        "Elland e Jordan",
        "Iraq og Syria",
        "Syria och Elland",
        "Qatar en Yemen",
        "Bolivia i Chile",
        "Elland und Jordan",
        "Jordan & Elland",
        "Elland ed Iraq",
        "Arvenia y Elland",
    ],
)
def test_two_parties_that_a_short_word_joins_are_no_new_state(tmp_path: Path, text: str) -> None:
    (error,) = of_accredited(tmp_path, text)

    assert "error" == error.severity
    assert f"{text!r} " in error.message
    assert ";" in (error.help or "")


@pytest.mark.parametrize(
    "text",
    [
        "Trinidad e Tobago",
        "Bosnia i Hercegovina",
        "Osk e Elland",
        "new: Elland e Jordan",
        "Antigua & Barbuda",
        "Bósnia e Herzegovina",
    ],
)
def test_a_short_word_within_the_name_of_a_party_is_no_mistake(tmp_path: Path, text: str) -> None:
    assert [] == of_accredited(tmp_path, text)


def test_a_replacement_by_none_leaves_out_a_name_without_its_rank(tmp_path: Path) -> None:
    out = {"head.holder": {"(designate) Bo Lind": "none"}}
    cells = ["Ambassador (designate) Bo Lind", "Ambassador Ada Ruiz"]
    found = imported(tmp_path, cells, replacements=out)

    assert found.report.conforms, str(found.report)
    assert ["Ada Ruiz"] == [each.label for each in found.new if each.kind == "a person"]
    # A replacement of the whole cell by none leaves it out, too.
    whole = {"head.holder": {cells[0]: "none"}}
    assert found.triples == imported(tmp_path, cells, replacements=whole).triples

    # Other columns about the post are not read in a row without its holder.
    Path(tmp_path, "posts.csv").write_text(
        f"{HEADINGS},head.since\n0,Arvenia,State a,City a,{cells[0]},1999\n"
    )
    own = Settings(columns={"row": "key"}, replacements=out)
    found = import_table(empty(), str(tmp_path / "posts.csv"), "mission", settings=own)
    assert found.report.conforms, str(found.report)
    (warning,) = [each for each in found.report.findings if "head.since: " in each.message]
    assert "this column is not read in rows without head.holder" in warning.message


def test_a_replacement_that_is_about_a_post_is_no_name_of_a_person(tmp_path: Path) -> None:
    cells = ["Embaixador Ada Ruiz dir.", "Bo Lind"]
    for wrong in ("Directora Ada Ruiz", "Ada Ruiz (acting)", "vacant Ada Ruiz"):
        found = imported(tmp_path, cells, replacements={"head.holder": {"Ada Ruiz dir.": wrong}})

        (error,) = [each for each in found.report.findings if each.severity == "error"]
        assert (2, True) == (error.line, f"head.holder: {wrong!r} " in error.message)
        place = "it replaces 'Ada Ruiz dir.' below [replacements.head.holder] in relations-kg.toml"
        assert (error.help or "").endswith(place)

    own = {"head.holder": {"Ada Ruiz dir.": "new: Directora Ada Ruiz"}}
    assert imported(tmp_path, cells, replacements=own).report.conforms


@pytest.mark.parametrize(
    "title",
    [
        *("Mgr", "Msgr.", "MM.", "Mmes", "Maître", "Monseigneur", "Sr.", "Sra.", "Doña", "Dña."),
        *("Herr", "Frau", "Herrn", "Sig.", "Sig.ra", "Mons.", "Dhr.", "Mevrouw", "De heer"),
        *("\u0433-н", "Г-жа", "господин", "Госпожа", "S.E. Mgr", "Me."),
    ],
)
def test_a_title_of_any_language_is_no_part_of_a_name(title: str) -> None:
    for text in (f"{title} Ada Ruiz", f"{title} Ada Ruiz".upper()):
        found = ranks.split(text)
        assert found is not None, text
        assert ("ADA RUIZ", "") == (found.name.upper(), found.rank)


def test_an_initial_of_other_languages_is_a_title_in_french(tmp_path: Path) -> None:
    for text in ("M. Lamine Sané", "M. LAMINE SANÉ", "M. Sané", "Me Awa Sène", "S.E. M. Sané"):
        found = ranks.split(text, language="fr")
        assert found is not None
        assert text.endswith(found.name)
        assert found.name.split()[0].upper() in ("LAMINE", "SANÉ", "AWA")
    assert ranks.split("M. K. Ruiz", language="fr") is None
    for text in ("M. Night Ruiz", "M. Ruiz", "Me Tun Win"):
        assert ranks.split(text) is None

    cells = ["M. Lamine Sané", "Mme Awa Sène", "Maurice Sy"]
    labels = {t.label for t in imported(tmp_path, cells, language="fr").new if "person" in t.kind}
    assert {"Lamine Sané", "Awa Sène", "Maurice Sy"} == labels
    found = imported(tmp_path, ["M. Bo Lind", "M. Cy Aro", "M. Di Ost", "Ada Ruiz"])
    messages = [each.message for each in found.report.findings if each.severity == "warning"]
    assert any("3 names begin with 'M.', which seems to be a rank" in each for each in messages)


def test_a_replacement_of_a_name_is_applied_after_a_title_or_reported(tmp_path: Path) -> None:
    cells = ["M. Bo Lynd", "Mme Ada Ruiz", "Ambassador Cy Aro"]
    texts = {"Bo Lynd": "Bo Lind", "Ada": "Eva", "Ada Ruiz": "Ada Ruis", "2: Cy Aro": "Cy Aroh"}
    given = {"language": "fr", "replacements": {"head.holder": texts}}

    found = imported(tmp_path, cells, **given)

    labels = {thing.label for thing in found.new if "person" in thing.kind}
    assert {"Bo Lind", "Ada Ruis"} < labels
    (note,) = [each for each in found.report.findings if each.code == "replacements"]
    assert note.message.startswith("1 replacement in the settings matches no cell")
    assert note.message.endswith("head.holder 'Ada'")
    note_in_english = [
        each
        for each in imported(tmp_path, cells, replacements=given["replacements"]).report.findings
        if each.code == "replacements"
    ]
    assert "head.holder 'Bo Lynd'" in note_in_english[0].message
