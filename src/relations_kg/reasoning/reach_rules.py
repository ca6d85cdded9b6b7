"""The properties of reach, and the rules that its proofs name; `reach` calculates it."""

from __future__ import annotations

from pyoxigraph import NamedNode

from relations_kg.rdf.namespaces import RKG
from relations_kg.rdf.terms import TYPE
from relations_kg.reasoning.bounds import BOUNDS
from relations_kg.reasoning.rules import Rule

REACH = NamedNode(RKG + "reachStart"), NamedNode(RKG + "reachEnd")
LONGEST = NamedNode(RKG + "longestDuration")

_SENDER, _BEGUN = NamedNode(RKG + "sendingParty"), BOUNDS[1]

BY_DURATION = Rule(
    "reach-of-a-duration",
    (("x", TYPE, "class"), ("class", LONGEST, "duration"), ("x", _BEGUN, "day")),
    ("x", REACH[1], "reach"),
    "A thing is plausible within the longest duration of its class before its first trace and "
    "after its last; outside it, nothing is known.",
)
BY_PARTIES = Rule(
    "reach-of-the-parties",
    (("x", _SENDER, "party"), ("y", _SENDER, "party"), ("y", _BEGUN, "day")),
    ("x", REACH[1], "day"),
    "Missions, relations and other situations are plausible between the first and the last traces "
    "of their parties, phases and relations; outside them, nothing is known.",
)
