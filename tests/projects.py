"""A copy of the project that a test may edit, from a checkout or from an installed package."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from relations_kg._files import folder

TOP = Path(__file__).parent.parent


class Project:
    """A copy in the layout of a checkout, without benchmarks and checks."""

    def __init__(self, root: Path) -> None:
        self.root = root
        data = ("ontology", "data", "queries", "forms")
        top = Path(folder("data")).parent
        installed = not (top / "src").is_dir()  # an installed package contains these folders
        package = top if installed else top / "src" / "relations_kg"
        shutil.copytree(
            package,
            root / "src" / "relations_kg",
            ignore=lambda path, names: [
                name
                for name in names
                if name == "__pycache__" or (name in data and Path(path) == package)
            ],
        )
        for name in data:
            shutil.copytree(folder(name), root / name)
        shutil.copytree(TOP / "tests", root / "tests", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(TOP / "docs", root / "docs")
        for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "CITATION.cff"):
            shutil.copy(TOP / name, root)

    def python(self, *arguments: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy, with the copy's package."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(self.root / "src")},
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the copy's relations-kg."""
        return self.python("-c", "from relations_kg.cli import main; main()", *arguments)

    def pytest(self, *arguments: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run some of the tests in the copy."""
        options = "-q", "-p", "no:cacheprovider"
        return self.python("-m", "pytest", *options, *arguments, timeout=timeout)

    def contents(self) -> dict[str, bytes]:
        """Return the bytes of each file that would be committed, by path."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file() and not {"__pycache__", "build"}.intersection(path.parts)
        }
