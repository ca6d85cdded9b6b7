"""Tests of plans that came to nothing, means, terms, changes and goods of one's own."""

import re
from pathlib import Path

import pytest
from examples import codes, ids, loaded

import relations_kg as rk
from relations_kg.answers.queries import stored_queries
from relations_kg.rdf.namespaces import CODE, ID, PREFIXES

EXAMPLE = "means-terms-and-changes"

# The facts that make stored queries list an event of each class, besides its actor, counterpart and
# date.
OF_CLASS = {
    "Accession": "rkg:actOn id:treaty",
    "AgreementAct": "rkg:actOn id:treaty",
    "Appointment": "rkg:appointee id:cc ; rkg:capacity id:office",
    "DeclarationOfIndependence": "rkg:independentPolity id:aa ; rkg:independentFrom id:bb",
    "Formation": "rkg:actor id:government",
    "GoodsTransfer": "rkg:goods code:sugar",
    "PostingAct": "rkg:appointee id:cc ; rkg:capacity id:office",
    "SuccessionOfStates": "rkg:predecessor id:aa ; rkg:successor id:bb",
    "Visit": "rkg:visitor id:cc ; rkg:visitingParty id:aa ; rkg:hostParty id:bb ; rkg:toMeet id:cc",
    "Voyage": "rkg:vessel id:ship ; rkg:destination id:bb ; rkg:passengers 9 ; rkg:deaths 3",
}


@pytest.mark.slow
def test_only_acts_and_plans_list_what_was_not_carried_out(kg: rk.Graph, tmp_path: Path) -> None:
    text = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    text += """
        id:aa a rkg:State . id:bb a rkg:State . id:cc a rkg:Person . id:ship a rkg:Vessel .
        id:series a rkg:EventSeries . id:office a rkg:Office ; rkg:officeOf id:aa .
        id:government a rkg:Government ; rkg:governmentOf id:aa .
        id:treaty a rkg:Treaty ; rkg:enteredIntoForceAt id:planned-EntryIntoForce .
    """
    rows = kg.query("SELECT ?c { ?c rdfs:subClassOf rkg:Event . FILTER isIRI(?c) }")
    classes = {str(row[0]).partition("#")[2] for row in rows} - {"Request"}  # type: ignore[union-attr]
    assert {"EntryIntoForce", *OF_CLASS} < classes
    for name in classes:
        text += f"""
            id:planned-{name} a rkg:{name} ; {OF_CLASS.get(name, "rkg:about id:bb")} ;
              rkg:actor id:aa , id:cc ; rkg:counterpart id:bb ; rkg:partOfSeries id:series ;
              rkg:fulfilment code:not-carried-out ; rkg:when "1999-01-01"^^edtf:EDTF .
            id:part-in-{name} a rkg:Participation ; rkg:participant id:aa ;
              rkg:participationIn id:planned-{name} .
        """
    (tmp_path / "planned.ttl").write_text(text, encoding="utf-8")
    planned = rk.load(only=[tmp_path / "planned.ttl"])
    listed = {}
    for name, query in stored_queries().items():
        required = [each for each in query.parameters if each.required]
        given = {each.name: "1999-01-01" if each.type == "date" else "aa" for each in required}
        if name != "days-between":  # Its required parameters are events.
            found = repr(list(planned.run(name, **given)))
            if names := set(re.findall(r"id:(?:planned|part-in)-(\w+)", found)):
                listed[name] = names

    # A case that was brought was more than planned, whatever became of it.
    assert {"acts": classes, "plans": classes - {"LegalCase"}} == listed


def test_a_mine_is_the_means_of_an_attack_by_one_side_on_the_other(example: rk.Graph) -> None:
    (row,) = example.run("conflicts", party="quill")
    (act,) = example.run("acts", to="quill", kind="bomb-attack")

    assert (ids("maravel"), ids("quill"), None) == (row.one, row.other, row.besides)
    assert (
        sorted([*codes("explosives", "mines-of-war"), *ids("sail-cart-of-maravel")]) == act.things
    )


def test_an_agreement_that_did_not_enter_into_force_was_only_signed(example: rk.Graph) -> None:
    (row,) = example.run("agreements-on", on="1985-01-01")
    (text,) = example.run("instruments", kind="non-binding-text")
    (agreement,) = example.run("agreements")

    assert ("signed", None) == (row.step, agreement.force)
    assert ids("understanding-on-the-port") == [text.instrument] == [row.agreement]
    assert not example.run("days-to-force")


def test_a_pending_case_is_a_case_and_an_arbitrator_its_court(example: rk.Graph) -> None:
    (row,) = example.run("legal-cases", kind="interstate-case")

    assert (ids("court-of-maravel"), codes("hearing")) == (row.courts, row.results)
    assert ids("case-of-the-port")[0] in [each.event for each in example.run("timeline")]


def test_goods_of_ones_own_and_goods_of_a_wider_kind_are_asked(example: rk.Graph) -> None:
    for kind in ("lantern-moss", "cattle", "livestock", "food"):
        (row,) = example.run("exchanges", kind=kind)

        assert ids("trade-of-maravel-in-moss") == [row.exchange], kind


def test_a_rise_and_a_fall_are_figures_and_not_summed(example: rk.Graph) -> None:
    changes = {row.counted: row.amount for row in example.run("figures", unit="percent")}

    assert {codes("rise")[0], codes("fall")[0]} == set(changes)
    assert not example.run("figure-totals", unit="percent")


@pytest.fixture(scope="module")
def further() -> rk.Graph:
    return loaded("further-kinds")


def test_a_length_is_a_figure_of_its_place_and_a_type_of_tank_is_found_as_a_tank(
    further: rk.Graph,
) -> None:
    (length,) = further.run("figures", group="border-of-lune-and-corrow")
    tanks = {row.exchange for row in further.run("exchanges", kind="armoured-vehicles")}

    assert (ID + "length-of-the-border-of-lune-and-corrow", CODE + "miles") == (
        length.figure,
        length.measure,
    )
    assert ID + "tanks-for-corrow" in tanks


def test_conditions_standing_users_judges_and_all_who_took_part_are_columns(
    further: rk.Graph,
) -> None:
    (recognition,) = (row for row in further.run("recognitions") if row.conditions)
    (membership,) = (row for row in further.run("memberships") if row.kinds and len(row.kinds) > 1)
    (name,) = (row for row in further.run("names") if row.users)
    (ordinal,) = (row for row in further.run("ordinals") if row.judges)
    (case,) = (row for row in further.run("legal-cases") if row.participations)

    assert ID + "first-recognition-of-corrow" == recognition.recognition
    assert [ID + "payment-for-recognition"] == list(recognition.conditions)
    assert [CODE + "conditional"] == list(recognition.conditionality)
    assert {CODE + "founding-member", CODE + "suspended-member"} < set(membership.kinds)
    assert [ID + "corrow"] == list(name.users) == list(ordinal.judges)
    assert {ID + "lune-as-applicant", ID + "lune-as-creditor"} < set(case.participations)
    assert [ID + "lune"] == list(case.plaintiffs)
