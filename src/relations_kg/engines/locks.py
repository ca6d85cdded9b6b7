"""File locks between processes."""

from __future__ import annotations

import os


class Lock:
    """A lock on a file, held until it is closed or garbage-collected.

    Raises BlockingIOError if another process holds a conflicting lock. A shared lock needs no
    permission to write; an exclusive lock creates the file.
    """

    def __init__(self, path: str, *, shared: bool) -> None:
        # fcntl does not exist on Windows, where everything except stores on disk works.
        import fcntl

        self._file = -1
        self._file = os.open(path, os.O_RDONLY if shared else os.O_CREAT | os.O_RDWR, 0o644)
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Release the lock."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()
