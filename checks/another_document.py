"""Run the tests that depend on the data in a copy of the project that has more documents.

python checks/another_document.py            with those in tests/more_documents and tests/pairs
python checks/another_document.py FOLDER …   with these, one folder of facts for each document
"""

import shutil
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).parent.parent
sys.path.insert(0, str(TOP / "tests"))

from projects import Project  # noqa: E402

# The quick tests of these files query the bundled graph; most others have facts of their own.
TESTS = (
    "test_as_of",
    "test_contradictions",
    "test_data",
    "test_document",
    "test_document_facts",
    "test_documents",
    "test_graph",
    "test_jsonld",
    "test_names",
    "test_passages",
    "test_pictures",
    "test_queries",
    "test_questions",
    "test_rows",
    "test_summary",
    "test_unmatched",
    "test_web_pages",
    "test_web_questions",
    "test_web_sentences",
)

# In seconds; it allows for a busy machine.
_TIMEOUT = 1200


def documents() -> list[Path]:
    """Return the folders of facts in the tests, one for each document."""
    return [
        folder
        for name in ("more_documents", "pairs")
        for folder in sorted((TOP / "tests" / name).glob("*/"))
        if any(folder.glob("*.ttl"))
    ]


def main(*folders: str) -> int:
    """Copy the project, add the documents to its data, and run the tests there."""
    with tempfile.TemporaryDirectory() as place:
        project = Project(Path(place, "copy"))
        for folder in map(Path, folders) if folders else documents():
            print(f"with {folder.name}")
            target = project.root / "data" / folder.name
            shutil.copytree(folder, target, ignore=shutil.ignore_patterns("*.txt"))
        files = [f"tests/{name}.py" for name in TESTS]
        ran = project.pytest("-n", "auto", "--tb=short", *files, timeout=_TIMEOUT)
        print(ran.stdout, ran.stderr, sep="\n")
        return ran.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
