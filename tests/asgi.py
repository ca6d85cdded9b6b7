"""Requests to an application that runs in this process."""

import asyncio

import httpx
from starlette.applications import Starlette


def request(
    app: Starlette, method: str, path: str, content: bytes = b"", **headers: str
) -> httpx.Response:
    """Send a request; header names are given with underscores for hyphens."""

    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            client.headers.pop("accept")
            named = {name.replace("_", "-"): text for name, text in headers.items()}
            return await client.request(method, path, content=content, headers=named)

    return asyncio.run(answer())


def get(app: Starlette, path: str, **headers: str) -> httpx.Response:
    """Send a GET request."""
    return request(app, "GET", path, **headers)
