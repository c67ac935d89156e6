"""Answers with headers of their own."""

from __future__ import annotations

from typing import TypeVar

from litestar import Response

from tradepost.platform.web.keys import etag_of

T = TypeVar("T")


def versioned(view: T, version: int, *, status: int = 200, location: str = "") -> Response[T]:
    """A record with its version as ETag, and where it lives when it is new."""
    headers = {"etag": etag_of(version)}
    if location:
        headers["location"] = location
    return Response(view, status_code=status, headers=headers)
