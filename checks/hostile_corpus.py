"""Run the corpus of hostile files and query texts.

python checks/hostile_corpus.py            a fifth of each kind, which differs each day
python checks/hostile_corpus.py --whole    all cases in all ways
python checks/hostile_corpus.py KIND…      some kinds, such as "services" or "joins"
"""

import sys

sys.path.insert(0, "tests")

from hostile.run import main

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
