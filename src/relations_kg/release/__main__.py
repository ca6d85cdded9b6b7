"""The command of a release: `python -m relations_kg.release FOLDER [FILE…]`."""

import sys

from relations_kg.release.release import main

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
