"""A build hook that adds the bundled graph, with inferred triples materialised, to the wheel."""

import sys
from os.path import join
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Materialization(BuildHookInterface):
    """A build hook that adds the file that `load` reads to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the file to `build/`, where a checkout looks for it; add it to a standard wheel."""
        sys.path.insert(0, join(self.root, "src"))
        from relations_kg.reasoning import bundled_graph, materialization

        materialization.write(materialization.make())
        if version == "standard":
            build_data["force_include"][bundled_graph.path()] = f"relations_kg/{bundled_graph.FILE}"
