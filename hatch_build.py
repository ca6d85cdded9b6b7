"""A build hook that adds what is computed from the sources to the wheel.

It adds the bundled graph, with inferred triples materialised, and the patterns of constraints.
"""

import sys
from os.path import basename, join
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Materialization(BuildHookInterface):
    """A build hook that adds the files that `load` and `validate` read to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the file to `build/`, where a checkout looks for it; add it to a standard wheel."""
        sys.path.insert(0, join(self.root, "src"))
        from relations_kg.reasoning import bundled_graph, materialization

        materialization.write(materialization.make())
        if version == "standard":
            from relations_kg.validation import constraint_patterns, shape_files

            path = Path(self.root, "build", constraint_patterns.FILE)
            path.write_text(shape_files.constraint_file(), "utf-8")
            for made in (bundled_graph.path(), str(path)):
                build_data["force_include"][made] = f"relations_kg/{basename(made)}"
