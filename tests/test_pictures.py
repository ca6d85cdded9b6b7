"""Tests of pictures: well-formed, nothing over anything else, each fact as certain as it is."""

import math
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relations_kg as rk
from relations_kg.errors import UnknownName
from relations_kg.web import map as world
from relations_kg.web import neighbourhood, outline, pictures, scope, timeline
from relations_kg.web.display import Display
from relations_kg.web.pictures import Box, text_width

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = (960, 340)
PICTURES: list[Callable[..., str]] = [timeline.draw, world.draw, neighbourhood.draw]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]>&amp;<!--",
    "W" * 5000,
    "word " * 1000,
    "سفارة بيرو في بكين وقنصليتها العامة في شنغهاي",
    "\u202eright to left\u2066 and \u0000 back",
    "利马" * 60,
]
FACTS = """
@prefix id: <https://w3id.org/relations-kg/id/> .
@prefix rkg: <https://w3id.org/relations-kg/ontology#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
id:avaria a rkg:State ; rdfs:label "Avaria"@en .
id:borduria a rkg:State ; rdfs:label "Borduria"@en .
"""


def link(iri: str) -> str:
    return f"/page?of={iri.rpartition('/')[2]}&as=html"


def draw(picture: Callable[..., str], graph: rk.Graph, *things: str, **options: object) -> Element:
    iris = [graph.names.find(thing) for thing in things]
    return fromstring(picture(graph, *iris, link=link, **options))


def made(tmp_path: Path, facts: str) -> rk.Graph:
    file = tmp_path / "facts.ttl"
    file.write_text(FACTS + facts, encoding="utf-8")
    return rk.load(only=[file])


def texts(element: Element, anchor: str = "start") -> Iterator[tuple[str, Box]]:
    """Yield each text that is seen, with the room it takes at most."""
    anchor = element.get("text-anchor", anchor)
    if element.tag == SVG + "text":
        text = element.text or ""
        bold = 1.15 if "heading" in (element.get("class") or "") else 1
        wide = text_width(text) * bold
        left = float(element.attrib["x"])
        left -= {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        yield text, Box(left, float(element.attrib["y"]) - 11, wide, 14)
    for child in element:
        yield from texts(child, anchor)


def assert_legible(svg: Element) -> None:
    found = list(texts(svg))
    for (one, box), (other, beside) in combinations(found, 2):
        assert not box.meets(beside), (one[:40], box, other[:40], beside)
    for text, box in found:
        assert box.x >= 0, text
        assert box.x + box.width <= float(svg.attrib["width"]) + 0.1, text
        assert box.y >= 0, text
        assert box.y + box.height <= float(svg.attrib["height"]) + 0.1, text


def links(svg: Element) -> dict[str, Element]:
    return {a.attrib["href"]: a for a in svg.iter(SVG + "a")}


def looks(svg: Element, thing: str) -> list[str]:
    a = links(svg)[f"/page?of={thing}&as=html"]
    found = [shape.attrib["class"] for shape in a.iter(SVG + "path")]
    return [look for look in found if look != "reach"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize(
    "thing", ["china-peru-relations", "peru", "xi-jinping", "embassy-of-china-in-lima", "lima"]
)
def test_no_text_lies_over_another_or_outside(
    kg: rk.Graph, picture: Callable[..., str], thing: str, width: int
) -> None:
    svg = draw(picture, kg, thing, width=width)
    assert svg.get("viewBox") == f"0 0 {width} {svg.get('height')}"
    assert_legible(svg)


@pytest.mark.parametrize("picture", PICTURES)
def test_equal_graphs_give_equal_bytes(kg: rk.Graph, picture: Callable[..., str]) -> None:
    code = (
        "import sys, relations_kg as rk, importlib; kg = rk.load(); "
        f"draw = importlib.import_module({picture.__module__!r}).draw; "
        "print(end=draw(kg, kg.names.find('china-peru-relations'), link=str))"
    )
    once = picture(kg, kg.names.find("china-peru-relations"), link=str)
    again = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert again.stdout.decode() == once


@pytest.mark.parametrize("picture", PICTURES)
def test_pictures_bring_nothing_that_runs_or_asks_for_more(
    kg: rk.Graph, picture: Callable[..., str]
) -> None:
    text = picture(kg, kg.names.find("peru"), link=link)
    assert "<script" not in text
    assert "<style" not in text
    assert 'style="' not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    file = fromstring(pictures.standalone(text))
    assert file[0].tag == SVG + "style"
    assert "animation" not in pictures.style()
    assert "transition" not in pictures.style()


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_stands_out_from_its_ground_in_light_and_dark(scheme: int) -> None:
    schemes = re.findall(r":where\(\.picture\) \{(.*?)\}", pictures.style(), re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#\w+);", schemes[scheme]))

    def light(name: str) -> float:
        digits = colours[name][1:]
        digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
        parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    grounds = {"ink": ("paper", "land", "pale"), "quiet": ("paper", "land"), "accent": ("paper",)}
    for text, behind in grounds.items():
        for ground in behind:
            low, high = sorted((light(text), light(ground)))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)


# Timelines


@pytest.mark.parametrize("width", WIDTHS)
def test_each_dated_thing_that_concerns_a_relationship_is_drawn(kg: rk.Graph, width: int) -> None:
    svg = draw(timeline.draw, kg, "china-peru-relations", width=width)
    expected = {
        "establishment-of-peru-prc-relations",
        "entry-into-force-of-the-china-peru-free-trade-agreement",
        "closure-of-the-embassy-of-the-republic-of-china-in-lima",
        "opening-of-the-embassy-of-china-in-lima",
        "opening-of-the-taipei-trade-office",
        "state-visit-of-dina-boluarte-2024",
        "stage-of-the-hundred-years",
        "arrival-of-the-chinese-ambassador-in-peru",
        "renaming-of-the-far-east-trade-center",
        "exports-of-peru-2022",
    }
    drawn = links(svg)
    assert {link(iri) for iri in expected} <= drawn.keys()
    about = scope.concerning(kg, kg.names.find("china-peru-relations"))
    assert {link(thing.iri) for thing in about} == drawn.keys()
    for thing in about:
        title = drawn[link(thing.iri)].find(SVG + "title")
        assert title is not None
        assert (title.text or "").startswith(thing.label)
        assert thing.when in (title.text or "")


def test_what_concerns_only_one_side_is_left_out(kg: rk.Graph) -> None:
    about = {thing.iri for thing in scope.concerning(kg, kg.names.find("china-peru-relations"))}
    for thing in ("un-membership-of-peru", "voyage-of-the-albert", "tenure-of-ollanta-humala"):
        assert kg.names.find(thing) not in about


def test_relationships_have_their_successive_parties_on_two_sides(kg: rk.Graph) -> None:
    sides = scope.sides(kg, kg.names.find("china-peru-relations"))
    slugs = sorted(sorted(party.value.rpartition("/")[2] for party in side) for side in sides)
    china = ["hong-kong-sar", "macau-sar", "peoples-republic-of-china", "qing-dynasty"]
    assert slugs == [sorted([*china, "republic-of-china"]), ["peru"]]
    assert scope.sides(kg, kg.names.find("peru")) == ([], [])


@pytest.mark.parametrize(
    ("thing", "look"),
    [
        ("establishment-of-peru-prc-relations", ["day"]),
        ("signing-of-the-china-peru-free-trade-agreement", ["month"]),
        ("visit-of-ollanta-humala-2013", ["years"]),
        ("stage-of-the-hundred-years", ["certain", "possible"]),
        ("peru-prc-relations", ["certain", "ongoing"]),
        ("embassy-of-the-republic-of-china-in-lima", ["possible"]),
        ("recognition-of-the-prc-by-peru", ["certain", "fading"]),
        ("severance-of-peru-roc-relations", ["day", "fading"]),
        ("consulate-general-of-peru-in-shanghai", ["certain", "fading", "ongoing"]),
    ],
)
def test_days_months_years_and_open_ends_look_different(
    kg: rk.Graph, thing: str, look: list[str]
) -> None:
    assert sorted(looks(draw(timeline.draw, kg, "china-peru-relations"), thing)) == look


def test_kinds_filter(kg: rk.Graph) -> None:
    visits = links(draw(timeline.draw, kg, "china-peru-relations", kinds=["visits"]))
    everything = links(draw(timeline.draw, kg, "china-peru-relations"))
    assert link("/visit-of-xi-jinping-2014") in visits
    assert link("/peru-prc-relations") not in visits
    assert visits.keys() < everything.keys()
    lanes = Display.of(kg.store).lanes
    by_kind = [links(draw(timeline.draw, kg, "peru", kinds=[kind])) for kind in lanes]
    assert sum(map(len, by_kind)) == len(links(draw(timeline.draw, kg, "peru")))
    with pytest.raises(UnknownName, match="unknown kind 'visit'"):
        draw(timeline.draw, kg, "peru", kinds=["visit"])


@pytest.mark.parametrize("width", WIDTHS)
def test_a_hundred_events_in_one_year_have_room(tmp_path: Path, width: int) -> None:
    days = [date.fromordinal(date(2001, 1, 1).toordinal() + place * 3) for place in range(100)]
    events = "".join(
        f'id:signing-{n} a rkg:Signing ; rdfs:label "Signing of agreement number {n}"@en ; '
        f'rkg:actor id:avaria , id:borduria ; rkg:when "{day}"^^edtf:EDTF .\n'
        for n, day in enumerate(days)
    )
    svg = draw(timeline.draw, made(tmp_path, events), "avaria", "borduria", width=width)
    assert len(links(svg)) == 100
    assert_legible(svg)


@given(
    st.lists(
        st.sampled_from(["1", "2000", "2000-02", "2000-02-29", "200X", "20XX", "9999"]).map(
            lambda text: text if len(text) > 1 else "0001"
        ),
        min_size=2,
        max_size=2,
    ),
    st.sampled_from(["{0}", "{0}/", "/{0}", "{0}/..", "[{0}..]", "[..{0}]", "{0}/{1}"]),
)
@settings(max_examples=40)
def test_any_date_is_drawn_inside_the_picture(
    tmp_path_factory: pytest.TempPathFactory, dates: list[str], form: str
) -> None:
    first, last = sorted(dates, key=lambda text: text.replace("X", "0"))
    when = form.format(first, last)
    graph = made(
        tmp_path_factory.mktemp("dates"),
        'id:relations a rkg:DiplomaticRelations ; rdfs:label "Relations"@en ; '
        f'rkg:firstParty id:avaria ; rkg:secondParty id:borduria ; rkg:when "{when}"^^edtf:EDTF .',
    )
    for width in WIDTHS:
        svg = draw(timeline.draw, graph, "avaria", "borduria", width=width)
        assert looks(svg, "relations")
        assert_legible(svg)
        for path in links(svg)[link("/relations")].iter(SVG + "path"):
            start = re.match(r"M(-?[\d.]+)", path.attrib["d"])
            assert start
            assert 0 <= float(start[1]) <= width


# Maps


@pytest.mark.parametrize("day", [None, "1900-01-01", "1945-06-01", "1975-01-01", "2024-07-01"])
def test_missions_look_as_certain_as_they_are(kg: rk.Graph, day: str | None) -> None:
    on = date.fromisoformat(day) if day else None
    svg = draw(world.draw, kg, "china-peru-relations", on=on)
    about = scope.concerning(kg, kg.names.find("china-peru-relations"))
    missions = [thing for thing in about if "Mission" in thing.kinds]
    assert missions
    drawn = links(svg)
    if not on:
        assert looks(svg, "embassy-of-china-in-lima") == ["standing"]
        assert looks(svg, "embassy-of-peru-to-the-republic-of-china") == ["closed"]
        assert looks(svg, "taipei-office-in-lima") == ["unsure", "hatch"]
        return
    answers = {
        str(row.mission): str(row.certainty) for row in kg.run("missions", on=on.isoformat())
    }
    for mission in missions:
        certainty = answers.get(mission.iri, "absent")
        assert mission.certainty(on) == certainty
        if certainty == "absent":
            assert link(mission.iri) not in drawn
        else:
            expected = ["unsure", "hatch"] if certainty == "possible" else ["standing"]
            assert looks(svg, mission.iri.rpartition("/")[2]) == expected


@pytest.mark.parametrize(
    ("when", "look"),
    [
        ("1950/..", ["standing"]),
        ("1950/1980", ["closed"]),
        ("/1980", ["closed"]),
        ("1950/", ["unsure", "hatch"]),
    ],
)
def test_an_end_that_is_known_closes_a_mission(tmp_path: Path, when: str, look: list[str]) -> None:
    graph = made(
        tmp_path,
        'id:city a rkg:City ; rdfs:label "City"@en ; geo:lat 10.0 ; geo:long 10.0 .\n'
        'id:post a rkg:Embassy ; rdfs:label "Post"@en ; rkg:sendingParty id:avaria ; '
        f'rkg:receivingParty id:borduria ; rkg:seat id:city ; rkg:when "{when}"^^edtf:EDTF .',
    )
    assert looks(draw(world.draw, graph, "avaria", "borduria"), "post") == look


def test_what_has_no_place_is_listed_below(kg: rk.Graph) -> None:
    svg = draw(world.draw, kg, "china-peru-relations")
    ends = {text: box.y for text, box in texts(svg)}
    assert ends["Not named on the map"] > max(ends["Lima"], ends["Beijing"])
    below = [text for text, y in ends.items() if y > ends["Not named on the map"]]
    assert any(text.startswith("Taipei Trade Office") for text in below)


def test_visits_are_counted_on_their_way(kg: rk.Graph) -> None:
    svg = draw(world.draw, kg, "china-peru-relations")
    titles = [title.text or "" for title in svg.iter(SVG + "title")]
    there = next(text for text in titles if text.startswith("7 visits from Peru to People's"))
    assert "State visit of Dina Boluarte to China, 2024 · state visit · 2024-06-25/" in there
    assert {"7 visits", "2 visits"} <= {text for text, _ in texts(svg)}
    earlier = draw(world.draw, kg, "china-peru-relations", on=date(1999, 5, 1))
    assert "1 visit" in {text for text, _ in texts(earlier)}


@pytest.mark.parametrize("width", WIDTHS)
def test_crowded_cities_have_room_or_are_listed(tmp_path: Path, width: int) -> None:
    posts = "".join(
        f'id:city-{n} a rkg:City ; rdfs:label "City of the number {n}"@en ; '
        f"geo:lat {50 + n % 6 / 10} ; geo:long {179.5 + n / 100 - 360 * (n > 50)} .\n"
        f'id:post-{n} a rkg:ConsulateGeneral ; rdfs:label "Post {n}"@en ; '
        f"rkg:sendingParty id:avaria ; rkg:receivingParty id:borduria ; rkg:seat id:city-{n} ; "
        'rkg:when "1950/.."^^edtf:EDTF .\n'
        for n in range(90)
    )
    graph = made(tmp_path, posts)
    svg = draw(world.draw, graph, "avaria", "borduria", width=width)
    assert {link(f"/post-{n}") for n in range(90)} <= links(svg).keys()
    assert_legible(svg)


@given(
    st.lists(st.builds(outline.Point, st.floats(-180, 180), st.floats(-90, 90)), max_size=6),
    st.sampled_from(WIDTHS),
)
def test_all_points_are_in_view(points: list[outline.Point], width: int) -> None:
    view = outline.View(points, width)
    for point in points:
        x, y = view.at(point)
        assert -0.01 <= x <= width + 0.01
        assert 0 <= y <= view.height


def test_the_outline_is_small_and_whole() -> None:
    path = outline.outline()
    assert len(path) < 60_000
    assert re.fullmatch(r"(M-?\d+[ -]\d+l[\d -]+z)+", path)
    for ring in path.split("z")[:-1]:
        start, _, steps = ring[1:].partition("l")
        east, south = map(int, re.findall(r"-?\d+", start))
        numbers = [int(step) for step in re.findall(r"-?\d+", steps)]
        for along, down in zip(numbers[::2], numbers[1::2], strict=True):
            assert math.hypot(along, down) < 900
            east, south = east + along, south + down
            assert -1800 <= east <= 2000
            assert -900 <= south <= 900


# Neighbourhoods


def test_neighbours_are_limited_and_the_others_counted(kg: rk.Graph) -> None:
    svg = draw(neighbourhood.draw, kg, "peru")
    assert len(links(svg)) == 1 + neighbourhood.MOST
    shown = [text for text, _ in texts(svg)]
    assert any(re.fullmatch(r"and \d+ more", text) for text in shown)
    assert any(re.fullmatch(r"and \d+ more by \d+ other properties", text) for text in shown)
    few = draw(neighbourhood.draw, kg, "port-of-chancay", most=3)
    assert len(links(few)) == 4


def test_neighbours_stand_under_their_property_with_their_date(kg: rk.Graph) -> None:
    svg = draw(neighbourhood.draw, kg, "port-of-chancay")
    shown = [text for text, _ in texts(svg)]
    assert shown.index("COSCO Shipping Ports") == shown.index("built by") + 1
    opening = draw(neighbourhood.draw, kg, "embassy-of-china-in-lima")
    shown = [text for text, _ in texts(opening)]
    assert shown[shown.index("opened by") + 2] == "1972"


def test_a_fact_that_follows_is_not_shown_beside_the_stated_one(kg: rk.Graph) -> None:
    svg = draw(neighbourhood.draw, kg, "embassy-of-china-in-lima")
    headings = [text for text, _ in texts(svg)]
    assert "receiving party" in headings
    assert "accredited to" not in headings


# Hostile labels


@pytest.mark.parametrize("label", HOSTILE)
@pytest.mark.parametrize("width", WIDTHS)
def test_hostile_labels_are_text_and_keep_their_place(
    tmp_path: Path, label: str, width: int
) -> None:
    quoted = label.replace("\\", "").replace('"', '\\"').replace("\u0000", "\\u0001")
    graph = made(
        tmp_path,
        f'id:city a rkg:City ; rdfs:label "{quoted}"@en ; geo:lat 10.0 ; geo:long 10.0 .\n'
        f'id:embassy a rkg:Embassy ; rdfs:label "{quoted}"@en ; rkg:sendingParty id:avaria ; '
        'rkg:receivingParty id:borduria ; rkg:seat id:city ; rkg:when "1950/.."^^edtf:EDTF .\n'
        f'id:visit a rkg:Visit ; rdfs:label "{quoted}"@en ; rkg:visitingParty id:avaria ; '
        'rkg:hostParty id:borduria ; rkg:when "1951-01"^^edtf:EDTF .\n',
    )
    for picture, things in (
        (timeline.draw, ("avaria", "borduria")),
        (world.draw, ("avaria", "borduria")),
        (neighbourhood.draw, ("embassy",)),
        (neighbourhood.draw, ("avaria",)),
    ):
        svg = draw(picture, graph, *things, width=width)
        assert_legible(svg)
        tags = {element.tag.removeprefix(SVG) for element in svg.iter()}
        assert tags <= {"svg", "g", "path", "circle", "text", "title", "a"}
        titles = [title.text or "" for title in svg.iter(SVG + "title")]
        assert any(graph.names.label(graph.names.find("embassy")) in title for title in titles)


@given(st.text(max_size=60), st.floats(0, 300))
def test_clipped_text_fits(text: str, room: float) -> None:
    clipped = pictures.clip(text, room)
    assert text_width(clipped) <= room
    assert clipped == text or clipped == "" or clipped.endswith("…")


@given(st.text("ab ", max_size=80), st.floats(20, 300), st.integers(1, 4))
def test_wrapped_text_fits(text: str, room: float, lines: int) -> None:
    wrapped = pictures.wrap(text, room, lines)
    assert 1 <= len(wrapped) <= lines
    assert all(text_width(line) <= room for line in wrapped)
    if not any(line.endswith("…") for line in wrapped):
        assert " ".join(wrapped).split() == text.split()
