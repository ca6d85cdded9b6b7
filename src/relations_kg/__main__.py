"""The command `relations-kg`, which loads the bundled graph while its modules are imported."""

import gc
import sys

# Most commands end too soon for garbage collection to pay off, during the imports too.
gc.disable()

# Commands that need the bundled graph, unless an option names another one.
_COMMANDS = ("explain", "info", "query", "search", "show", "validate")
_OTHERS = (
    "--against",
    "--endpoint",
    "--facts",
    "--help",
    "--list",
    "--only",
    "--show",
    "--store",
    "-h",
)

if (
    sys.argv[1:2]
    and sys.argv[1] in _COMMANDS
    and not any(word.startswith(_OTHERS) for word in sys.argv[2:])
):
    from relations_kg.reasoning import bundled_graph

    # A validation needs all of the graph.
    bundled_graph.begin(whole=sys.argv[1] == "validate")

from relations_kg.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
