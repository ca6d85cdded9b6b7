"""Kill 200 processes that change a store or push, at random moments: `checks/kills.py [NUMBER]`."""

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import killing
import servers


def main() -> None:
    """Run the trials, and print how many of each operation left a consistent state."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    held: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place, servers.oxigraph() as url:
        for index, trial in enumerate(killing.trials(number, seed=number)):
            if trial.full and not killing.can_mount():
                held["skipped: no file system can be mounted"] += 1
                continue
            try:
                killing.run(trial, Path(place) / str(index), url)
            except BaseException:
                print(f"{index}: {trial}", file=sys.stderr)
                raise
            held[trial.operation + (", full disk" if trial.full else "")] += 1
    for name, count in sorted(held.items()):
        print(f"{count:>5}  {name}")


if __name__ == "__main__":
    main()
