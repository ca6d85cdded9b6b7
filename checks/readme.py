"""Run the commands and Python examples of a README, and compare their output with the README's.

python checks/readme.py README.md

In ```console blocks, the lines below `$ relations-kg …` or `$ make` are its expected output. Other
commands, and commands without output below them, are listed but not run. In ```python blocks, `>>>`
examples are run. In both, `...` matches any text.
"""

import difflib
import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
RUN = re.compile(r"(\.venv/bin/)?relations-kg\b|make$")


def printed(command: str) -> str:
    """Return the output of a command, with this interpreter's scripts on the path."""
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    surroundings["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    result = subprocess.run(
        command,
        shell=True,
        env=surroundings,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return result.stdout


def differences(block: str) -> Iterator[str]:
    """Run the commands of one console block and yield a diff for each wrong output."""
    for command, expected in COMMAND.findall(block):
        if not (expected.strip() and RUN.match(command)):
            print("not run:", command)
            continue
        actual = printed(command)
        if not doctest.OutputChecker().check_output(expected, actual, doctest.ELLIPSIS):
            yield "\n".join(
                difflib.unified_diff(
                    expected.splitlines(), actual.splitlines(), "README", command, lineterm=""
                )
            )


def main(path: str) -> int:
    """Check all blocks, and print how many commands and examples are wrong."""
    blocks = BLOCK.findall(Path(path).read_text(encoding="utf-8"))
    failures = [
        difference
        for language, text in blocks
        if language == "console"
        for difference in differences(text)
    ]
    examples = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    python = "\n\n".join(text for language, text in blocks if language == "python")
    examples.run(doctest.DocTestParser().get_doctest(python, {}, path, path, 0))
    for failure in failures:
        print(failure)
    wrong = len(failures) + examples.summarize(verbose=False).failed
    print(f"{path}: {wrong} commands and examples print something else" if wrong else f"{path}: ok")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
