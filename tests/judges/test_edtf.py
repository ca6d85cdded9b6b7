"""Tests that dates have the bounds that edtf.js gives them."""

import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

from versions import of_package

from relations_kg.errors import InputError
from relations_kg.rdf.dates import Bounds, parse

PACKAGE = Path("build/judges/node_modules/edtf/dist/index.cjs")
# For each text, the first and the last day as year, month and day, or null.
SCRIPT = """
const edtf = require(process.argv[1]).default
const day = (time) => {
  if (time === null || !Number.isFinite(time)) return null
  const date = new Date(time)
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
}
const bounds = {}
for (const text of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
  try {
    const read = edtf(text)
    bounds[text] = [day(read.min), day(read.max)]
  } catch {}
}
console.log(JSON.stringify(bounds))
"""
MORE = [
    "1971?-11-02",
    "1971-11~",
    "?1971-11-02",
    "1971-~11-02",
    "1971-21",
    "1971-22",
    "1971-23",
    "1971-24",
    "1971-33",
    "1971-36",
    "1971-40",
    "1971-41",
    "156X-12-25",
    "1XXX",
    "19X5",
    "2004-XX-12",
    "1984-1X",
    "1900-02-XX",
    "2000-02-XX",
    "1999/200X",
    "1878-05-20/..",
    "[1874,1875]",
    "[1874,1875-05-03]",
    "{1874,1876}",
    "[1874..]",
    "[..1874-05]",
    "0001",
    "9999-12-31",
    "-0138",
    "-01XX",
    "0000",
]
WRONG = {
    "edtf.js ends a range at the end of a set with its first date": [
        "[-1667,1668,1670..1672]",
        "{-1667,1668,1670..1672}",
    ],
    "edtf.js does not sort the members of a set": [
        "[1760-01,-1760-02,1760-12..]",
        "{1960,-1961-12}",
    ],
    "edtf.js ends a season before Christ in a year after Christ": [
        *("-2004-23", "-2001-34", "-2001-35", "-2001-36", "-2001-40", "-2001-41", "-XXXX-12-XX"),
    ],
    "edtf.js reads X0 as month or day zero": ["1930-X0-10/1930-10-30", "2018-05-X0/2018-05-11"],
}

Day = tuple[int, int, int] | None


def of_edtf_js(texts: list[str]) -> dict[str, tuple[Day, Day]]:
    command = ["node", "-e", SCRIPT, str(PACKAGE.resolve())]
    outcome = subprocess.run(
        command, input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    bounds: dict[str, tuple[Day, Day]] = json.loads(outcome.stdout)
    return bounds


def clipped(first: Day, last: Day) -> tuple[date | None, date | None]:
    """Return bounds clipped to the days from year 1, as ours are."""
    return (
        date(*first) if first and first[0] > 0 else None,
        None if last is None else date(*last) if last[0] > 0 else date.min,
    )


def read(text: str) -> Bounds | None:
    """Return the bounds of a text, or None if it is invalid.

    Returns None for an approximate date too, since edtf.js gives it no margin.
    """
    try:
        bounds = parse(text)
    except InputError:
        return None
    return None if bounds.approximate else bounds


def test_bounds_are_those_of_edtf_js_where_both_read_a_date(
    judges: Path, judge: Callable[..., None]
) -> None:
    rows = [line.split("\t") for line in (judges / "edtf.tsv").read_text().splitlines()[1:]]
    vectors = [text for _, text, valid, _ in rows if valid == "yes"]
    theirs = of_edtf_js([*dict.fromkeys([*vectors, *MORE])])
    ours = {text: bounds for text in theirs if (bounds := read(text))}
    different = {
        text: theirs[text]
        for text, bounds in ours.items()
        if clipped(*theirs[text]) != (bounds.earliest_start, bounds.latest_end)
    }

    assert len(ours) > 150
    assert set(MORE) - {"1971-11~", "1971-~11-02"} <= ours.keys()
    version = of_package("edtf")
    judge("edtf.js, bounds of dates that both read", version, ours, different, WRONG)
