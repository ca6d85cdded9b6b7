"""The folders of the data, one for each document, and the graphs of some of them."""

from pathlib import Path

import relations_kg as rk
from relations_kg._files import folder

DATA = Path(folder("data"))
DOCUMENTS = sorted(path.name for path in DATA.iterdir() if path.is_dir())
# Tests about what one document states are about this one.
CHINA_PERU = "china-peru"
# A document of invented facts, some of them about things in the first document.
ALDORA_PERU = Path(__file__).with_name("more_documents") / "aldora-peru"


def files(document: str) -> list[Path]:
    """Return the files of facts of one document."""
    return sorted((DATA / document).rglob("*.ttl"))


def graph_of(document: str) -> rk.Graph:
    """Return the bundled graph without the facts of all other documents."""
    graph = rk.load()
    others = [file for other in DOCUMENTS if other != document for file in files(other)]
    if others:
        graph.remove(*others)
    return graph
