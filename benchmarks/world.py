"""Generated facts about relations between invented states; equal seeds give equal facts.

`python -m benchmarks.world 1000000 world.nt` writes a synthetic graph of a million triples.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from os import PathLike
from random import Random

from relations_kg.rdf.namespaces import CODE, ID, PREFIXES, RDF, RDFS, RKG, SOURCE, XSD

_EDTF = PREFIXES["edtf"] + "EDTF"
_NIF = PREFIXES["nif"]


class World:
    """A generator of a synthetic graph of at least `triples` triples, as N-Triples."""

    def __init__(self, triples: int, seed: int = 1) -> None:
        self._random = Random(seed)
        self._wanted = triples
        self._written = 0
        self._lines: list[str] = []

    def ntriples(self) -> str:
        """Return the whole world as one text."""
        return "".join(self.parts())

    def parts(self) -> Iterator[str]:
        """Yield the text in parts, so that a large world need not fit in memory."""
        names = [f"s{number:03d}" for number in range(max(12, min(195, self._wanted // 500)))]
        pairs = [(a, b) for a in names for b in names if a < b]
        self._random.shuffle(pairs)
        for name in names:
            self._document(name)
            self._state(name)
        for number in count():
            yield "".join(self._lines)
            self._lines.clear()
            if self._written >= self._wanted:
                break
            first, second = pairs[number % len(pairs)]
            self._pair(first, second, number)

    def _pair(self, first: str, second: str, number: int) -> None:
        pair = f"{first}-{second}-{number}"
        began = date(1850, 1, 1) + timedelta(days=self._random.randrange(50_000))
        passage = self._passage(first, pair)
        parties = (("firstParty", ID + f"state-{first}"), ("secondParty", ID + f"state-{second}"))
        whole = self._thing(f"relationship-{pair}", "BilateralRelationship", passage, *parties)
        start = self._event(f"establishment-{pair}", "EstablishmentOfRelations", passage, began)
        self._acts(start, first, second)
        relations = self._thing(
            f"relations-{pair}",
            "DiplomaticRelations",
            passage,
            *parties,
            ("phaseOf", whole),
            ("startedBy", start),
        )
        if self._random.random() < 0.3:
            ended = began + timedelta(days=self._random.randrange(400, 20_000))
            end = self._event(f"severance-{pair}", "SeveranceOfRelations", passage, ended)
            self._acts(end, first, second)
            self._link(relations, "endedBy", end)
        else:
            self._text(relations, "when", f"{began}/..", _EDTF)
        for sender, receiver in ((first, second), (second, first)):
            self._mission(sender, receiver, pair, began)
        self._agreement(first, second, pair, began)
        if self._random.random() < 0.2:
            self._claims(first, pair, start)
        for visit in range(self._random.randrange(1, 5)):
            self._visit(first, second, pair, visit, began)

    def _mission(self, sender: str, receiver: str, pair: str, began: date) -> None:
        passage = self._passage(sender, f"mission-{sender}-{pair}")
        name = f"embassy-of-{sender}-{pair}"
        day = began + timedelta(days=self._random.randrange(1, 400))
        opening = self._event(f"opening-{name}", "MissionOpening", passage, day)
        self._link(opening, "actor", ID + f"state-{sender}")
        self._thing(
            name,
            "Embassy",
            passage,
            ("sendingParty", ID + f"state-{sender}"),
            ("receivingParty", ID + f"state-{receiver}"),
            ("seat", ID + f"city-{receiver}"),
            ("openedBy", opening),
        )

    def _agreement(self, first: str, second: str, pair: str, began: date) -> None:
        passage = self._passage(first, f"agreement-{pair}")
        signed = began + timedelta(days=self._random.randrange(500, 9_000))
        events = {
            name: self._event(
                f"{kind.lower()}-{pair}", kind, passage, signed + timedelta(days=after)
            )
            for name, kind, after in (
                ("signedAt", "Signing", 0),
                ("ratifiedAt", "Ratification", 200),
                ("enteredIntoForceAt", "EntryIntoForce", 300),
            )
        }
        for name in ("signedAt", "ratifiedAt"):
            self._link(events[name], "actor", ID + f"state-{first}")
            self._link(events[name], "actor", ID + f"state-{second}")
        self._thing(f"agreement-{pair}", "TradeAgreement", passage, *events.items())

    def _claims(self, first: str, pair: str, event: str) -> None:
        """Add two claims about the actor of an event, and the decision to prefer one of them."""
        state = ID + f"state-{first}"
        preferred, other = f"claim-{pair}", f"other-claim-{pair}"
        for name, value in ((preferred, state), (other, ID + f"city-{first}")):
            passage = self._passage(first, name)
            claim = self._thing(name, "Claim", passage, ("claimSubject", event))
            self._link(claim, "claimProperty", RKG + "actor")
            self._link(claim, "claimedObject", value)
            status = "preferred" if name == preferred else "alternative"
            self._link(claim, "claimStatus", CODE + status)
        self._link(ID + preferred, "contradicts", ID + other)
        self._line(ID + preferred, RKG + "preferredBecause", '"A city does not act."@en')
        links = (("concerns", ID + preferred), ("concerns", ID + other))
        decision = self._thing(f"discrepancy-{pair}", "Discrepancy", passage, *links)
        self._link(decision, "discrepancyKind", CODE + "contradiction")
        self._line(decision, RKG + "decision", '"The state acted."@en')

    def _visit(self, first: str, second: str, pair: str, number: int, began: date) -> None:
        guest, host = (first, second) if self._random.random() < 0.5 else (second, first)
        passage = self._passage(guest, f"visit-{number}-{pair}")
        name = f"{number}-{pair}"
        person = self._thing(f"person-{name}", "Person", passage)
        day = began + timedelta(days=self._random.randrange(500, 9_000))
        visit = self._event(f"visit-{name}", "HighLevelVisit", passage, day)
        self._link(visit, "visitor", person)
        self._link(visit, "visitingParty", ID + f"state-{guest}")
        self._link(visit, "hostParty", ID + f"state-{host}")
        self._link(visit, "capacity", ID + f"office-{guest}")
        self._thing(
            f"tenure-{name}",
            "OfficeTenure",
            passage,
            ("holder", person),
            ("office", ID + f"office-{guest}"),
            ("attestedBy", visit),
        )

    def _state(self, name: str) -> None:
        passage = self._passage(name, "state")
        self._thing(f"state-{name}", "State", passage)
        self._thing(f"city-{name}", "City", passage)
        office = self._thing(
            f"office-{name}", "Office", passage, ("officeOf", ID + f"state-{name}")
        )
        self._link(office, "officeKind", CODE + "head-of-state")

    def _document(self, name: str) -> None:
        document = SOURCE + f"world-{name}"
        self._line(document, RDF + "type", f"<{RKG}SourceDocument>")
        self._line(document, RDFS + "label", f'"Document {name}"@en')
        self._text(document, "speaksFrom", "2020", _EDTF)
        self._text(document, "sha256", sha256(name.encode()).hexdigest())
        self._link(document, "statedIn", SOURCE + f"world-{name}/state")

    def _passage(self, document: str, name: str) -> str:
        passage = SOURCE + f"world-{document}/{name}"
        begin = self._written
        self._line(passage, RDF + "type", f"<{RKG}Passage>")
        self._link(passage, "inDocument", SOURCE + f"world-{document}")
        self._link(passage, "passageKind", CODE + "sentence")
        self._text(passage, "position", str(begin + 1), XSD + "integer")
        self._text(passage, "section", "World")
        self._line(passage, _NIF + "beginIndex", f'"{begin}"^^<{XSD}integer>')
        self._line(passage, _NIF + "endIndex", f'"{begin + 1}"^^<{XSD}integer>')
        self._text(passage, "sha256", sha256(passage.encode()).hexdigest())
        self._line(passage, RKG + "gist", f'"What passage {name} states."@en')
        return passage

    def _event(self, name: str, kind: str, passage: str, day: date) -> str:
        event = self._thing(name, kind, passage)
        precise = str(day), str(day)[:7], str(day)[:4]
        self._text(event, "when", self._random.choice(precise), _EDTF)
        return event

    def _acts(self, event: str, first: str, second: str) -> None:
        self._link(event, "actor", ID + f"state-{first}")
        self._link(event, "counterpart", ID + f"state-{second}")

    def _thing(self, name: str, kind: str, passage: str, *links: tuple[str, str]) -> str:
        thing = ID + name
        self._line(thing, RDF + "type", f"<{RKG}{kind}>")
        self._line(thing, RDFS + "label", f'"{name.replace("-", " ").capitalize()}"@en')
        self._link(thing, "statedIn", passage)
        for predicate, object_ in links:
            self._link(thing, predicate, object_)
        return thing

    def _link(self, subject: str, predicate: str, object_: str) -> None:
        self._line(subject, RKG + predicate, f"<{object_}>")

    def _text(self, subject: str, predicate: str, text: str, datatype: str = "") -> None:
        literal = f'"{text}"^^<{datatype}>' if datatype else f'"{text}"'
        self._line(subject, RKG + predicate, literal)

    def _line(self, subject: str, predicate: str, object_: str) -> None:
        self._lines.append(f"<{subject}> <{predicate}> {object_} .\n")
        self._written += 1


def write(triples: int, path: str | PathLike[str]) -> None:
    """Write a synthetic graph to a file in parts."""
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(World(triples).parts())


if __name__ == "__main__":
    write(int(sys.argv[1]), sys.argv[2])
