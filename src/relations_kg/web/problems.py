"""What is wrong with a request, and what would be right: problem+json, or a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException

from relations_kg.errors import QueryTimeout, RelationsError, UnknownName

_TITLES = {
    400: "What was asked cannot be answered",
    403: "This is not allowed",
    404: "There is nothing here",
    405: "This cannot be done here",
    406: "There is no such format of it",
    413: "This is too large",
    415: "This kind of content is not read",
    421: "This server goes by another name",
    500: "Something went wrong",
    503: "Too much is being asked at once",
    504: "The answer took too long",
}


class Problem(HTTPException):
    """Tell what is wrong with a request, and what would be right."""

    def __init__(
        self,
        status: int,
        detail: str,
        help: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: object,
    ) -> None:
        super().__init__(status, detail, headers)
        self.title = _TITLES.get(status, "This did not work")
        self.help = help
        self.more = {name: value for name, value in more.items() if value is not None}

    @classmethod
    def of(cls, error: RelationsError) -> Problem:
        """Make one of the project's errors a problem."""
        status = 400
        if isinstance(error, QueryTimeout):
            status = 504
        elif isinstance(error, UnknownName):
            status = 404
        place: dict[str, Any] = {"where": error.where, "line": error.line, "column": error.column}
        return cls(status, error.message, error.help, **place)

    def to_json(self) -> bytes:
        """Write it as RFC 9457 says."""
        fields = {"title": self.title, "status": self.status_code, "detail": self.detail}
        if self.help:
            fields["help"] = self.help
        return json.dumps(fields | self.more, ensure_ascii=False).encode() + b"\n"
