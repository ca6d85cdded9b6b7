"""The build's own step: the wheel gets the bundled graph with inferred triples materialised."""

import sys
from os.path import join
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Materialization(BuildHookInterface):
    """Put the file that `load` reads into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the file in the folder `build`, where a checkout keeps it as well."""
        sys.path.insert(0, join(self.root, "src"))
        from relations_kg.reasoning import bundled_graph, materialization

        materialization.write(materialization.make())
        if version == "standard":
            build_data["force_include"][bundled_graph.path()] = f"relations_kg/{bundled_graph.FILE}"
