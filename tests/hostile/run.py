"""The runner of the hostile corpus: each case runs in a child process with limits.

No case may call the listener, end in a traceback, hang, take more memory or time than its limit,
end with another code than 0, 1, 2 or 124, or report an error otherwise than in one clear line,
which at most 20 warnings may precede.
"""

from __future__ import annotations

import os
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from http.client import HTTPException
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, NoReturn
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import relations_kg as rk
from hostile import Case, files, queries
from hostile.files import GOOD
from relations_kg.engines import confinement
from relations_kg.rdf.terms import printable

# The processor time for one run of a case; the largest allowed inference takes half of it.
SECONDS = 20.0
PATIENCE = 90.0  # the elapsed time in seconds, which depends on other processes too
MEMORY = 1 << 30  # the resident memory in bytes
TIMEOUT = "1"  # the timeout of a query, in seconds
_SERVED = 6  # every sixth text is also sent over HTTP
PARTS = 5  # the number of parts, one of which is run each day
_LONGEST_LINE = 1500
_CODES = (0, 1, 2, 124)
_TOO_LARGE = 71  # the exit code of a child that took more than MEMORY
_IMPORTED = (
    *("cli.info", "cli.query", "cli.validate", "answers.summary", "graph.changes", "graph.disk"),
    *("engines.untrusted", "validation.checking", "validation.shacl_core"),
)
# The warnings about a text, each with its place, and then the error.
_CLEAR = re.compile(r"(warning: [^\n]+:\d+:\d+: [^\n]+\n){0,20}(?!warning: )[^\n]+[:;] [^\n]+\n")
# Characters that a terminal interprets as commands, or that change the writing direction.
_CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Failure(NamedTuple):
    """A forbidden effect of a case."""

    kind: str
    name: str
    way: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind} / {self.name} / {self.way}: {self.what}"


class Ended(NamedTuple):
    """How a child process ended."""

    code: int
    out: str
    err: str
    seconds: float
    memory: int


class Silence:
    """A port that must not receive a connection."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._socket.setblocking(False)
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def broken(self) -> bool:
        """Return whether a connection has been made since the last call."""
        called = False
        while select.select([self._socket], [], [], 0)[0]:
            self._socket.accept()[0].close()
            called = True
        return called

    def close(self) -> None:
        """Close the port."""
        self._socket.close()


class Runner:
    """A runner of cases in forks of this process, which has already imported all modules."""

    def __init__(self, place: Path) -> None:
        # The parent does this once, so that no child has to.
        for module in _IMPORTED:
            import_module(f"relations_kg.{module}")
        self._graph = rk.load()
        self._graph.validate(GOOD[0])
        self._place = place
        self.silence = Silence()
        self._store = place / "store"
        self._command("info", "--store", str(self._store))

    def validate(self, case: Case) -> Iterator[Failure]:
        """Validate a file."""
        ended = self._command("validate", str(self._written(case)))
        yield from self._verdict(case, "validate", ended)

    def load(self, case: Case) -> Iterator[Failure]:
        """Load a file."""
        ended = self._command("info", "--facts", str(self._written(case)))
        yield from self._verdict(case, "load", ended)

    def add(self, case: Case) -> Iterator[Failure]:
        """Add a file to a store."""
        copy = self._place / "copy"
        shutil.copytree(self._store, copy)
        path = self._written(case)
        ended = self._command("info", "--store", str(copy), "--facts", str(path))
        shutil.rmtree(copy)
        yield from self._verdict(case, "add", ended)

    def _written(self, case: Case) -> Path:
        path = self._place / f"case{case.suffix}"
        path.write_bytes(case.content(self.silence.host))
        return path

    def command(self, case: Case) -> Iterator[Failure]:
        """Run a query text on the command line."""
        path = self._written(case)
        content = path.read_bytes()
        arguments: tuple[str, ...] = ("query", str(path), "--timeout", TIMEOUT)
        format = ("table", "csv", "json", "markdown")[len(content) % 4]
        is_graph = re.search(rb"(?i)construct|describe", content)
        arguments += () if is_graph else ("--format", format)
        yield from self._verdict(case, "query", self._command(*arguments))

    def python(self, case: Case) -> Iterator[Failure]:
        """Run a query text in Python."""
        text = case.content(self.silence.host).decode(errors="surrogatepass")
        yield from self._verdict(case, "Python", self._child(lambda: self._ask(text)))

    def _ask(self, text: str) -> int:
        from relations_kg.errors import QueryTimeout, RelationsError

        try:
            str(self._graph.query(text, timeout=float(TIMEOUT)))
        except RelationsError as error:
            print(printable(str(error)), file=sys.stderr)
            return 124 if isinstance(error, QueryTimeout) else 2
        return 0

    def _verdict(self, case: Case, way: str, ended: Ended) -> Iterator[Failure]:
        def failed(what: str) -> Failure:
            return Failure(case.kind, case.name, way, what)

        if self.silence.broken():
            yield failed("called the listener")
        if "Traceback" in ended.err + ended.out:
            yield failed(f"traceback: {ended.err.strip().splitlines()[-1][:300]}")
        if ended.code not in _CODES:
            yield failed(f"ended with {ended.code}: {ended.err[-200:]!r}")
        elif ended.code == 2 and not _CLEAR.fullmatch(ended.err):
            yield failed(f"is not reported in one clear line: {ended.err[:200]!r}")
        if max(map(len, ended.err.splitlines()), default=0) > _LONGEST_LINE:
            yield failed(f"a line of {len(ended.err)} characters: {ended.err[:200]!r}")
        if controls := _CONTROLS.search(ended.err + (ended.out if way == "validate" else "")):
            yield failed(f"writes {controls[0]!r}")
        if ended.seconds > SECONDS:
            yield failed(f"took {ended.seconds:.1f} s of the processor")
        # A query runs in a worker, which has a larger limit.
        if ended.memory > (confinement.MEMORY if way in ("query", "Python") else MEMORY):
            yield failed(f"took {ended.memory >> 20} MiB")

    def _command(self, *arguments: str) -> Ended:
        return self._child(lambda: _run(arguments))

    def _child(self, work: Callable[[], int]) -> Ended:
        out, err = self._place / "out", self._place / "err"
        child = os.fork()
        if not child:
            _become(work, out, err)
        waiter = os.pidfd_open(child)
        late = not select.select([waiter], [], [], PATIENCE)[0]
        os.close(waiter)
        if late:
            os.killpg(child, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
        code = os.waitstatus_to_exitcode(status)
        return Ended(
            code,
            out.read_text(encoding="utf-8", errors="replace"),
            err.read_text(encoding="utf-8", errors="replace"),
            PATIENCE if late else usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * 1024,
        )


def _become(work: Callable[[], int], out: Path, err: Path) -> NoReturn:
    """Run a function in this child with redirected output, and exit."""
    status = 70
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for number, path in ((1, out), (2, err)):
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(opened, number)
            os.close(opened)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
        status = work()
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 0
    except BaseException:
        traceback.print_exc()
    # The parent sees only the larger of this process and its worker, whose limit is higher.
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > MEMORY:
        status = _TOO_LARGE
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _run(arguments: Sequence[str]) -> NoReturn:
    from relations_kg.cli import main

    sys.argv = ["relations-kg", *arguments]
    main()
    raise AssertionError("main exits")


class Server:
    """A server in a child process, queried over HTTP."""

    def __init__(self, place: Path, silence: Silence) -> None:
        self._log, self._silence = place / "log", silence
        program = "from relations_kg.cli import main; main()"
        command = [sys.executable, "-c", program, "serve", "--port", "0", "--timeout", TIMEOUT]
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(command, stderr=log)
        while not (said := re.search(r"http\S+/", self._log.read_text())):
            time.sleep(0.1)
        self._address = f"{said[0]}sparql"

    def text(self, case: Case) -> Iterator[Failure]:
        """Post a query text, as the body and in a form."""
        content = case.content(self._silence.host)
        form = urlencode({"query": content}).encode()
        bodies = {"sparql-query": content, "x-www-form-urlencoded": form}
        for kind, body in bodies.items():
            headers = {"Content-Type": f"application/{kind}"}
            try:
                with urlopen(Request(self._address, body, headers), timeout=PATIENCE) as answer:
                    for _ in iter(lambda: answer.read(1 << 20), b""):
                        pass
                status = answer.status
            except HTTPError as error:
                status = error.code
            except (OSError, HTTPException):
                # An answer that takes too long is cut off, since its head has been sent already.
                status = 0
            if status == 500:
                yield Failure(case.kind, case.name, kind, "the server had an error")
            if self._silence.broken():
                yield Failure(case.kind, case.name, kind, "called the listener")

    def close(self) -> Iterator[Failure]:
        """Stop the server; yield its failures."""
        proc = Path(f"/proc/{self._process.pid}/status").read_text()
        self._process.terminate()
        self._process.wait()
        log = self._log.read_text()
        if "Traceback" in log:
            yield Failure("server", "log", "HTTP", log[-2000:])
        peak = re.search(r"VmHWM:\s+(\d+)", proc)
        if peak is None or int(peak[1]) > MEMORY >> 10:
            yield Failure("server", "memory", "HTTP", f"{peak and peak[1]} KiB")


def failures(cases: Iterable[Case], whole: bool) -> Iterator[Failure]:
    """Run cases one by one, some query texts also over HTTP; yield their failures.

    If not `whole`, cases take turns where two ways lead to the same code: a file is loaded or
    added to a store, since the reader and the inference are the same, and a text runs on the
    command line or in Python, since the guard and the worker are. Every file is validated.
    """
    with tempfile.TemporaryDirectory() as name:
        runner = Runner(Path(name))
        server = Server(Path(name), runner.silence)
        for number, case in enumerate(cases):
            is_text = case.suffix == ".rq"
            if not is_text:
                yield from runner.validate(case)
            ways = (runner.command, runner.python) if is_text else (runner.load, runner.add)
            for way in ways if whole else ways[number % 2 :][:1]:
                yield from way(case)
            if is_text and number % _SERVED == 0:
                yield from server.text(case)
        yield from server.close()
        runner.silence.close()


def main(*arguments: str) -> int:
    """Run a fifth of the cases, all, or those of some kinds, on all processors; print failures.

    Which fifth depends on the date, so that all cases run in five days.
    """
    cases = [*files.cases(), *queries.cases()]
    whole, kinds = "--whole" in arguments, {*arguments} - {"--whole"}
    if kinds:
        cases = [case for case in cases if case.kind in kinds]
    elif not whole:
        part = date.today().toordinal() % PARTS
        cases = list(part_of_each_kind(cases, part))
    began, number = time.monotonic(), len(os.sched_getaffinity(0))
    which = "" if whole or kinds else f", part {part + 1} of {PARTS}, by today's date"
    print(f"{len(cases)} hostile cases{which}", flush=True)
    for part in range(number):
        if not os.fork():
            try:
                os._exit(_run_part(cases[part::number], whole))
            finally:  # The error is printed here, and must not leave the child.
                traceback.print_exc()
                os._exit(1)
    failed = [os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(number)]
    print(f"{time.monotonic() - began:.0f} s")
    return int(any(failed))


def part_of_each_kind(cases: Iterable[Case], part: int) -> Iterator[Case]:
    """Yield one in PARTS cases of each kind; the parts from 0 together have all cases."""
    seen: Counter[str] = Counter()
    for case in cases:
        if seen[case.kind] % PARTS == part:
            yield case
        seen[case.kind] += 1


def _run_part(cases: Iterable[Case], whole: bool) -> int:
    found = 0
    for failure in failures(cases, whole):
        print(failure, flush=True)
        found += 1
    return min(found, 1)
