"""Tests of pictures: all dated things are shown, each with its certainty."""

import math
import re
import subprocess
import sys
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
import servers
from hypothesis import given
from hypothesis import strategies as st
from trials import trials

import relations_kg as rk
from relations_kg.answers.day import snapshot
from relations_kg.engines.connection import Connection
from relations_kg.errors import UnknownName
from relations_kg.pictures import map_layout, related_events
from relations_kg.pictures.display import Display
from relations_kg.pictures.drawing import map_picture
from relations_kg.pictures.map_layout import Box
from relations_kg.pictures.mission_map import MissionMap, mission_map
from relations_kg.pictures.neighbourhood import MOST, neighbourhood
from relations_kg.pictures.picture import Picture
from relations_kg.pictures.timeline import Timeline, timeline
from relations_kg.web.addresses import Addresses
from relations_kg.web.rendering import Renderer, static_files

WIDTHS = (960, 340)
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


def link(slug: str) -> str:
    return f"/thing/{slug}"


def made(tmp_path: Path, facts: str) -> rk.Graph:
    file = tmp_path / "facts.ttl"
    file.write_text(FACTS + facts, encoding="utf-8")
    return rk.load(only=[file])


def find(graph: rk.Graph, *things: str) -> list[str]:
    return [graph.names.find(thing) for thing in things]


def shown(graph: rk.Graph, macro: str, drawn: object) -> Element:
    """Return a picture as it appears on a page."""
    template = '{% import "pictures.html" as pictures with context %}{{ pictures.MACRO(drawn) }}'
    environment = Renderer(graph, Addresses()).environment
    html = environment.from_string(template.replace("MACRO", macro)).render(drawn=drawn)
    return fromstring(f"<main>{html}</main>")


def timeline_of(graph: rk.Graph, *things: str) -> Element:
    return shown(graph, "timeline", timeline(graph, *find(graph, *things)))


def map_of(graph: rk.Graph, *things: str, on: date | None = None, width: int = 960) -> Element:
    situation = snapshot(graph, on) if on else None
    drawn = mission_map(graph, *find(graph, *things), on=situation, width=width)
    assert_legible(drawn)
    return shown(graph, "mission_map", [drawn])


def neighbourhood_of(graph: rk.Graph, thing: str, most: int = MOST) -> Element:
    return shown(graph, "neighbourhood", neighbourhood(graph, *find(graph, thing), most=most))


def assert_legible(drawn: MissionMap) -> None:
    """Assert that no name or number overlaps another or lies outside the map."""
    boxes = [each.box for each in (*drawn.places, *drawn.states)]
    for route in drawn.routes:
        if route.number_at:
            wide = map_layout.room_for(route.words)
            x, y = route.number_at
            boxes.append(Box(x - wide / 2, y - map_layout.LINE / 2, wide, map_layout.LINE))
    for one, other in combinations(boxes, 2):
        assert not one.meets(other)
    assert all(map(drawn.view.contains, boxes))


def links(picture: Element) -> dict[str, Element]:
    return {a.attrib["href"]: a for a in picture.iter("a")}


def texts(picture: Element) -> list[str]:
    return [text.strip() for text in picture.itertext() if text.strip()]


def rows(picture: Element) -> dict[str, Element]:
    """Return the rows of a timeline by the addresses of their things."""
    return {a.attrib["href"]: row for row in picture.iter("li") for a in row.iter("a")}


def bar(row: Element) -> list[Element]:
    bars = [svg for svg in row.iter("svg") if svg.get("class", "").startswith("bar")]
    shapes = [shape for svg in bars for name in ("line", "path") for shape in svg.iter(name)]
    return [shape for shape in shapes if not shape.attrib["class"].endswith("edge")]


def looks(row: Element) -> set[str]:
    return {shape.attrib["class"] for shape in bar(row)}


def symbol(picture: Element, slug: str) -> list[str]:
    """Return the looks of the symbol of a mission, at its place or in the list below the map."""
    for parent in picture.iter():
        for a in parent.findall("a"):
            if a.attrib["href"] == link(slug):
                found = [
                    path.attrib["class"]
                    for path in (a if a.find("title") is not None else parent).iter("path")
                ]
                return found
    raise AssertionError(f"the picture has no symbol of {slug}")


@pytest.mark.slow
def test_equal_graphs_give_equal_bytes(kg: rk.Graph) -> None:
    code = (
        "import relations_kg as rk; from relations_kg.web import thing_pages; "
        "from relations_kg.web.addresses import Addresses; "
        "from relations_kg.web.rendering import Renderer; "
        "renderer = Renderer(rk.load(), Addresses()); "
        "print(thing_pages.overview(renderer), thing_pages.thing(renderer, 'peru'))"
    )
    once, again = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
        for _ in range(2)
    )
    assert once == again


@pytest.mark.parametrize("scheme", [0, 1])
def test_text_stands_out_from_its_ground_in_light_and_dark(scheme: int) -> None:
    style = static_files()["style.css"].decode()
    colours = dict(
        re.findall(r"--(\w+): (#\w+);", re.findall(r":root \{(.*?)\}", style, re.DOTALL)[scheme])
    )

    def light(name: str) -> float:
        digits = colours[name][1:]
        digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
        parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (
            p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    grounds = {
        "text": ("ground", "block", "land", "pale"),
        "quiet": ("ground", "block", "land"),
        "link": ("ground", "block"),
        **dict.fromkeys(("accent", "lane1", "lane2", "lane3", "lane4", "lane5"), ("ground",)),
    }
    for text, behind in grounds.items():
        for ground in behind:
            low, high = sorted((light(text), light(ground)))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)


# Timelines


def test_each_dated_thing_that_concerns_a_relationship_is_drawn(kg: rk.Graph) -> None:
    found = rows(timeline_of(kg, "china-peru-relations"))
    expected = {
        "establishment-of-peru-prc-relations",
        "entry-into-force-of-the-china-peru-free-trade-agreement",
        "closure-of-the-embassy-of-the-republic-of-china-in-lima",
        "opening-of-the-embassy-of-china-in-lima",
        "opening-of-the-taipei-trade-office",
        "state-visit-of-dina-boluarte-2024",
        "hundred-years-of-weakness-and-poverty",
        "arrival-of-the-chinese-ambassador-in-peru",
        "renaming-of-the-far-east-trade-center",
        "exports-of-peru-2022",
    }
    assert set(map(link, expected)) <= found.keys()
    about = related_events.concerning(kg, *find(kg, "china-peru-relations"))
    assert {link(thing.iri.rpartition("/")[2]) for thing in about} == found.keys()
    for thing in about:
        words = texts(found[link(thing.iri.rpartition("/")[2])])
        assert words[0] == thing.label
        assert f"{thing.kind} · {thing.in_words}" in " ".join(words[1:])


def test_what_concerns_only_one_side_is_left_out(kg: rk.Graph) -> None:
    concerning = related_events.concerning(kg, *find(kg, "china-peru-relations"))
    about = {thing.iri for thing in concerning}
    for thing in ("un-membership-of-peru", "voyage-of-the-albert", "tenure-of-ollanta-humala"):
        assert kg.names.find(thing) not in about


def test_relationships_have_their_successive_parties_on_two_sides(kg: rk.Graph) -> None:
    sides = related_events.sides(kg, kg.names.find("china-peru-relations"))
    slugs = sorted(sorted(party.value.rpartition("/")[2] for party in side) for side in sides)
    china = ["hong-kong-sar", "macau-sar", "peoples-republic-of-china", "qing-dynasty"]
    assert slugs == [sorted([*china, "republic-of-china"]), ["peru"]]
    assert related_events.sides(kg, kg.names.find("peru")) == ([], [])


@pytest.mark.parametrize(
    ("thing", "look"),
    [
        ("establishment-of-peru-prc-relations", {"day"}),
        ("signing-of-the-china-peru-free-trade-agreement", {"month"}),
        ("visit-of-ollanta-humala-2013", {"years"}),
        ("hundred-years-of-weakness-and-poverty", {"certain", "possible"}),
        ("peru-prc-relations", {"certain", "ongoing"}),
        ("embassy-of-the-republic-of-china-in-lima", {"certain", "possible"}),
        ("recognition-of-the-prc-by-peru", {"certain", "fading"}),
        ("severance-of-peru-roc-relations", {"years"}),
        ("consulate-general-of-peru-in-shanghai", {"certain", "fading", "ongoing"}),
    ],
)
def test_days_months_years_and_open_ends_look_different(
    kg: rk.Graph, thing: str, look: set[str]
) -> None:
    found = rows(timeline_of(kg, "china-peru-relations"))[link(thing)]
    assert looks(found) == look


def test_lanes_differ_from_their_neighbours_by_sign_and_colour(kg: rk.Graph) -> None:
    whole = timeline_of(kg, "china-peru-relations")
    lanes = []
    for lane in whole.iter("details"):
        svgs = [svg for svg in lane.iter("svg") if svg.get("class", "axis") != "axis"]
        (colour,) = {svg.attrib["class"].split()[1] for svg in svgs}
        signs = (svg for svg in svgs if svg.attrib["class"].startswith("sign"))
        (shape,) = {path.attrib["d"] for svg in signs for path in svg}
        lanes.append((colour, shape))
    assert len(lanes) > 6
    for one, other in pairwise(lanes):
        assert not set(one) & set(other)
    alone = kg.timeline("china-peru-relations", kinds="missions").svg
    assert "lane-3" in alone  # The lane has this class in the timeline of all lanes too.
    assert lanes[3][1] in alone


def test_the_legend_has_every_look(kg: rk.Graph) -> None:
    picture = timeline_of(kg, "china-peru-relations")
    legend = picture.find(".//ul[@class='legend']")
    assert legend is not None
    used = {look for row in rows(picture).values() for look in looks(row)}
    assert used == looks(legend)


def test_bars_are_where_their_years_are(kg: rk.Graph) -> None:
    """A bar that ends with a year ends at the tick of the next one."""
    drawn = timeline(kg, *find(kg, "china-peru-relations"))
    ticks = {tick.label: tick.at for tick in drawn.ticks}
    rows_of_lanes = [row for lane in drawn.lanes.values() for row in lane]
    (bar_of_period,) = [
        row.bar
        for row in rows_of_lanes
        if row.thing.iri.endswith("/hundred-years-of-weakness-and-poverty")
    ]
    (certain,) = [part for part in bar_of_period if part.look == "certain"]
    assert certain.start == pytest.approx(ticks["1850"], abs=0.05)
    assert max(part.end for part in bar_of_period) == pytest.approx(ticks["1950"], abs=0.05)


@pytest.mark.slow
def test_kinds_filter(kg: rk.Graph) -> None:
    def drawn(*kinds: str) -> set[str]:
        found = timeline(kg, *find(kg, "peru"), kinds=kinds or None)
        return {row.thing.iri for lane in found.lanes.values() for row in lane}

    assert kg.names.find("visit-of-xi-jinping-2014") in drawn("visits")
    assert kg.names.find("peru-prc-relations") not in drawn("visits")
    assert drawn("visits") < drawn()
    by_kind = [drawn(kind) for kind in Display(kg.quad_store).lanes]
    assert sum(map(len, by_kind)) == len(drawn())
    with pytest.raises(UnknownName, match="unknown kind 'visit'"):
        drawn("visit")


DATES = st.tuples(
    st.lists(
        st.sampled_from(["0001", "2000", "2000-02", "2000-02-29", "200X", "20XX", "9999"]),
        min_size=2,
        max_size=2,
    ),
    st.sampled_from(["{0}", "{0}/", "/{0}", "{0}/..", "[{0}..]", "[..{0}]", "{0}/{1}"]),
)


def relations(tmp_path: Path, dates: list[str], form: str) -> Timeline:
    first, last = sorted(dates, key=lambda text: text.replace("X", "0"))
    when = form.format(first, last)
    graph = made(
        tmp_path,
        'id:relations a rkg:DiplomaticRelations ; rdfs:label "Relations"@en ; '
        f'rkg:firstParty id:avaria ; rkg:secondParty id:borduria ; rkg:when "{when}"^^edtf:EDTF .',
    )
    return timeline(graph, *find(graph, "avaria", "borduria"))


@pytest.mark.slow
@given(DATES)
@trials(20)
def test_any_date_is_drawn_inside_the_picture(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[list[str], str]
) -> None:
    found = relations(tmp_path_factory.mktemp("dates"), *drawn)
    ((row,),) = found.lanes.values()
    assert row.bar
    for part in row.bar:
        assert 0 <= min(part.start, part.end) <= max(part.start, part.end) <= 100.001
    assert 0 < len(found.ticks) <= 9
    assert all(
        5 <= after.at - before.at
        for before, after in zip(found.ticks, found.ticks[1:], strict=False)
    )


# Maps


@pytest.mark.parametrize("day", [None, "1900-01-01", "1945-06-01", "1975-01-01", "2024-07-01"])
def test_missions_look_as_certain_as_they_are(kg: rk.Graph, day: str | None) -> None:
    on = date.fromisoformat(day) if day else None
    picture = map_of(kg, "china-peru-relations", on=on)
    about = related_events.concerning(kg, kg.names.find("china-peru-relations"))
    missions = [thing for thing in about if "Mission" in thing.kinds]
    assert missions
    drawn = links(picture)
    if not on:
        assert symbol(picture, "embassy-of-china-in-lima") == ["standing"]
        assert symbol(picture, "embassy-of-peru-to-the-republic-of-china") == ["closed"]
        assert symbol(picture, "taipei-office-in-lima") == ["standing"]
        return
    answers = {
        str(row.mission): str(row.certainty) for row in kg.run("missions", on=on.isoformat())
    }
    for mission in missions:
        certainty = answers.get(mission.iri, "absent")
        if certainty == "absent":
            assert link(mission.iri.rpartition("/")[2]) not in drawn
        else:
            expected = ["unsure", "hatch"] if certainty == "possible" else ["standing"]
            assert symbol(picture, mission.iri.rpartition("/")[2]) == expected


@pytest.mark.slow
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
    assert symbol(map_of(graph, "avaria", "borduria"), "post") == look


def test_symbols_come_before_the_name_on_each_side_of_a_dot(kg: rk.Graph) -> None:
    drawn = mission_map(kg, *find(kg, "china-peru-relations"), width=960)
    parts = [group for group in fromstring(map_picture(drawn)) if group.find("title") is not None]
    parts = [group for group in parts if group.find("path") is None]  # not the line of a visit
    for place in drawn.places:
        symbols = [parts.pop(0) for _ in place.marks]
        name = parts.pop(0).find("text")
        assert name is not None
        for group in symbols:
            (moved,) = (g.attrib["transform"] for g in group if "transform" in g.attrib)
            at = float(moved.partition("(")[2].split()[0])
            assert place.box.x - 0.1 <= at < float(name.attrib["x"]) < place.box.x + place.box.width


def test_what_has_no_place_is_listed_below(kg: rk.Graph) -> None:
    words = texts(map_of(kg, "china-peru-relations"))
    below = words[words.index("Not shown at a place:") :]
    assert "Lima" in words
    assert "Lima" not in below
    assert any(text.startswith("Taipei Trade Office") for text in below)


def test_visits_are_counted_on_their_way(kg: rk.Graph) -> None:
    picture = map_of(kg, "china-peru-relations")
    titles = [title.text or "" for title in picture.iter("title")]
    there = next(text for text in titles if text.startswith("7 visits from Peru to People's"))
    assert "State visit of Dina Boluarte to China, 2024 · state visit · 25 to 29 June 2024" in there
    assert {"7 visits", "2 visits"} <= set(texts(picture))
    assert "1 visit" in texts(map_of(kg, "china-peru-relations", on=date(1999, 5, 1)))


@pytest.mark.parametrize(
    ("on", "chinese"),
    [(None, ["People's Republic", "of China"]), (date(1930, 1, 1), ["Republic of China"])],
)
@pytest.mark.parametrize("width", [960, 340])
def test_a_map_names_the_states_of_open_missions(
    kg: rk.Graph, width: int, on: date | None, chinese: list[str]
) -> None:
    picture = map_of(kg, "china-peru-relations", on=on, width=width)
    names = [each.text for each in picture.iter("text") if each.get("class") == "state"]
    assert {*names} == {*chinese, "Peru"}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "thing", ["china-peru-relations", "peru", "xi-jinping", "embassy-of-china-in-lima", "lima"]
)
def test_no_name_lies_over_another_or_outside(kg: rk.Graph, thing: str, width: int) -> None:
    picture = map_of(kg, thing, width=width)
    svg = picture.find(".//svg[@class='picture']")
    assert svg is not None
    assert svg.attrib["viewBox"] == f"0 0 {width} {svg.attrib['height']}"


@pytest.mark.slow
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
    picture = map_of(graph, "avaria", "borduria", width=width)
    assert {link(f"post-{n}") for n in range(90)} <= links(picture).keys()


@given(
    st.lists(st.builds(map_layout.Point, st.floats(-180, 180), st.floats(-90, 90)), max_size=6),
    st.sampled_from(WIDTHS),
)
def test_all_points_are_in_view(points: list[map_layout.Point], width: int) -> None:
    view = map_layout.View(points, width)
    for point in points:
        x, y = view.at(point)
        assert -0.01 <= x <= width + 0.01
        assert 0 <= y <= view.height


def test_the_outline_is_small_and_whole() -> None:
    path = map_layout.coastlines()
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
    found = neighbourhood(kg, *find(kg, "peru"))
    assert sum(len(group.neighbours) for group in found.groups) == MOST
    words = texts(neighbourhood_of(kg, "peru"))
    assert any(re.fullmatch(r"and \d+ more", text) for text in words)
    assert any(re.fullmatch(r"and \d+ more \(further properties: \d+\)", text) for text in words)
    few = neighbourhood(kg, *find(kg, "port-of-chancay"), most=3)
    assert sum(len(group.neighbours) for group in few.groups) == 3
    every = neighbourhood(kg, *find(kg, "peru"), most=10_000)
    assert {group.more for group in every.groups} == {0}
    assert every.more == 0


def test_neighbours_stand_under_their_property_with_their_date(kg: rk.Graph) -> None:
    words = texts(neighbourhood_of(kg, "port-of-chancay"))
    assert words.index("COSCO Shipping Ports") == words.index("built by") + 1
    words = texts(neighbourhood_of(kg, "embassy-of-china-in-lima"))
    assert words[words.index("opened by") + 2] == "1972"


def test_neighbours_are_on_the_side_that_their_property_leads_from(kg: rk.Graph) -> None:
    picture = neighbourhood_of(kg, "embassy-of-china-in-lima")
    incoming, outgoing = picture.findall("div/div")
    assert "concerns" in texts(incoming)
    assert "seat" in texts(outgoing)
    assert "seat" not in texts(incoming)


def test_a_fact_that_follows_is_not_shown_beside_the_stated_one(kg: rk.Graph) -> None:
    words = texts(neighbourhood_of(kg, "embassy-of-china-in-lima"))
    assert "receiving party" in words
    assert "accredited to" not in words


# Hostile labels


@pytest.mark.slow
@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_are_only_text(tmp_path: Path, label: str) -> None:
    quoted = label.replace("\\", "").replace('"', '\\"').replace("\u0000", "\\u0001")
    graph = made(
        tmp_path,
        f'id:city a rkg:City ; rdfs:label "{quoted}"@en ; geo:lat 10.0 ; geo:long 10.0 .\n'
        f'id:embassy a rkg:Embassy ; rdfs:label "{quoted}"@en ; rkg:sendingParty id:avaria ; '
        'rkg:receivingParty id:borduria ; rkg:seat id:city ; rkg:when "1950/.."^^edtf:EDTF .\n'
        f'id:visit a rkg:Visit ; rdfs:label "{quoted}"@en ; rkg:visitingParty id:avaria ; '
        'rkg:hostParty id:borduria ; rkg:when "1951-01"^^edtf:EDTF .\n',
    )
    name = graph.names.label(graph.names.find("embassy"))
    for picture in (
        timeline_of(graph, "avaria", "borduria"),
        *(map_of(graph, "avaria", "borduria", width=width) for width in WIDTHS),
        neighbourhood_of(graph, "embassy"),
        neighbourhood_of(graph, "avaria"),
    ):
        tags = {element.tag for element in picture.iter()}
        assert not tags & {"script", "img", "style", "b"}
        assert any(name in text for text in picture.itertext())


@pytest.mark.slow
def test_a_graph_on_a_server_has_the_same_pictures(
    kg: rk.Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each picture takes few requests, however many classes the ontology has."""

    def pictures(graph: rk.Graph) -> list[Picture]:
        return [
            graph.timeline("peru", "china", kinds="visits"),
            graph.map("china-peru-relations", on="1990-01-01"),
            graph.network("port-of-chancay"),
            graph.run("visits", host="peru").timeline(),
        ]

    with servers.relations_kg() as base:
        remote = rk.connect(f"{base}/sparql")
        sent: list[str] = []
        send = Connection.send
        monkeypatch.setattr(
            Connection,
            "send",
            lambda self, method, *rest, **more: (
                sent.append(method) or send(self, method, *rest, **more)
            ),
        )
        found, network = pictures(remote), remote.to_networkx()

    assert found == pictures(kg)
    assert list(network) == list(kg.to_networkx())
    assert len(sent) < 40
