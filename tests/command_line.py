"""The command line, run in the process of the tests or as the installed program."""

import gc
import io
import os
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from unittest.mock import patch

from relations_kg.cli import main

COMMAND = Path(sys.executable).with_name("relations-kg")


def run(
    *arguments: str | Path, text: str | bytes = "", **surroundings: str
) -> subprocess.CompletedProcess[str]:
    """Run a command with the text as standard input; return its status and output.

    It runs in this process, which takes a tenth of the time of the installed program.
    """
    words = ["relations-kg", *map(str, arguments)]
    content = text.encode() if isinstance(text, str) else text
    reader, out, err = (
        io.TextIOWrapper(io.BytesIO(written), encoding="utf-8") for written in (content, b"", b"")
    )
    with (
        patch.object(sys, "argv", words),
        # Without this, click would show pytest as the program in the usage line.
        patch.object(sys.modules["__main__"], "__package__", None),
        patch.object(sys, "stdin", reader),
        patch.dict(os.environ, surroundings),
        # The program freezes its objects, since it exits; this process continues.
        patch.object(gc, "freeze"),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        gc.disable()  # The program does the same.
        try:
            main()
        except SystemExit as end:
            status = end.code
        finally:
            gc.enable()
    assert isinstance(status, int)
    outputs = (stream.buffer.getvalue().decode() for stream in (out, err))
    return subprocess.CompletedProcess(words, status, *outputs)


def modules_of(*arguments: str | Path) -> tuple[str, set[str]]:
    """Return the output of a command in a new process, and the names of all modules imported."""
    program = (
        "import sys\n"
        "from relations_kg.cli import main\n"
        "try:\n    main()\nfinally:\n    sys.stderr.write(' '.join(sys.modules))"
    )
    command = [sys.executable, "-c", program, *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True)

    assert 0 == result.returncode
    return result.stdout, {*result.stderr.split()}


def printed(*arguments: str | Path, text: str | bytes = "") -> str:
    """Return the output of a command that must succeed without warnings."""
    result = run(*arguments, text=text)

    assert (0, "") == (result.returncode, result.stderr)
    return result.stdout


def complaint(*arguments: str | Path, text: str | bytes = "") -> str:
    """Return the error message of a command that must fail with status 2."""
    result = run(*arguments, text=text)

    assert (2, "") == (result.returncode, result.stdout)
    assert 1 == result.stderr.count("\n")
    return result.stderr.rstrip("\n")


def children(process: int | None = None) -> set[int]:
    """Return the ids of the children that a process, by default this one, has not reaped."""
    found = set()
    for thread in Path(f"/proc/{process or 'self'}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # The thread may have ended.
            found.update(map(int, (thread / "children").read_text().split()))
    return found


def wait_until_it_ends(process: str, seconds: float = 30) -> None:
    """Wait until the process with an id has ended, whether or not it has been reaped."""
    end = time.monotonic() + seconds
    while _state(process) != "Z":
        assert time.monotonic() < end, f"{process} still runs"
        time.sleep(0.1)


def _state(process: str) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"
