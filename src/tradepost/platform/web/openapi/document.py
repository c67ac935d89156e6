"""The document as a whole, and the route that serves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from http import HTTPStatus
from inspect import cleandoc
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.routes import HTTPRoute

from tradepost.platform.web.door import (
    CUSTOMER,
    GUEST_OR_CUSTOMER,
    PUBLIC,
    Door,
    Shared,
    door,
    door_of,
)
from tradepost.platform.web.openapi import common
from tradepost.platform.web.openapi.types import Operation, Parameter, operation_of
from tradepost.platform.web.problem import MEDIA_TYPE

PREFIX = "/api/v1"
VERSION = "1.0.0"
_OPEN = frozenset({PUBLIC, GUEST_OR_CUSTOMER})
_BYTES = {"type": "string", "format": "binary"}
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


@get(
    f"{PREFIX}/openapi.json",
    opt=door(PUBLIC, shop=False, cache=Shared(300, 3600)),
    include_in_schema=False,
    sync_to_thread=False,
)
def read_document(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The document, made when it is first asked for."""
    state = request.app.state
    if state.document is None:
        made = document_of(request.app, state.title, state.description)
        state.document = msgspec.json.encode(made)
    return Response(state.document, media_type="application/json")


def document_of(app: Litestar, title: str, description: str) -> dict[str, Any]:
    """The document of an app."""
    operations = list(_operations(app))
    schemas, components = _schemas(operations)
    ids = _ids(operations)
    paths: dict[str, Any] = {}
    for operation in operations:
        told = _Told(operation, schemas, ids[id(operation)]).as_dict()
        paths.setdefault(operation.path, {})[operation.method.lower()] = told
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION, "description": description},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {**components, "Problem": common.PROBLEM},
            "parameters": common.PARAMETERS,
            "securitySchemes": common.SECURITY,
        },
    }


def _operations(app: Litestar) -> Iterator[Operation]:
    for route in sorted(app.routes, key=lambda one: one.path):
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                if door_of(handler) is not None and handler.resolve_include_in_schema():
                    yield operation_of(route, handler, method)


def _schemas(operations: Sequence[Operation]) -> tuple[dict[Any, Any], dict[str, Any]]:
    """A schema for each type, by its identity, and the components that they refer to."""
    types: list[Any] = []
    for one in operations:
        types += [kind for kind in (one.body, one.answer) if kind is not None]
        types += [parameter.type for parameter in one.parameters]
    made, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}", schema_hook=lambda _: {}
    )
    return {id(kind): schema for kind, schema in zip(types, made, strict=True)}, components


def _ids(operations: Sequence[Operation]) -> dict[int, str]:
    """An id for each operation: its function's name, with the context's where two share it."""
    names = {id(one): one.handler.fn.__name__ for one in operations}
    counts = Counter(names.values())
    return {
        id(one): names[id(one)] if counts[names[id(one)]] == 1 else _qualified(one.handler.fn)
        for one in operations
    }


def _qualified(function: Any) -> str:
    context = function.__module__.removeprefix("tradepost.").split(".")[0]
    return f"{context}_{function.__name__}"


class _Told:
    """One operation, as the document tells it."""

    def __init__(self, operation: Operation, schemas: dict[Any, Any], name: str) -> None:
        self._operation = operation
        self._schemas = schemas
        self._name = name
        found = door_of(operation.handler)
        assert found is not None
        self._door: Door = found

    def as_dict(self) -> dict[str, Any]:
        """The Operation Object."""
        summary, _, rest = cleandoc(self._operation.handler.fn.__doc__ or "").partition("\n")
        told: dict[str, Any] = {
            "operationId": self._name,
            "tags": self._operation.handler.resolve_tags(),
            "summary": summary.rstrip("."),
            "x-permission": self._door.permission,
            "parameters": self._parameters(),
            "responses": self._responses(),
        }
        if rest.strip():
            told["description"] = rest.strip()
        if self._operation.body is not None:
            schema = self._schemas[id(self._operation.body)]
            content = {"application/json": {"schema": schema}}
            told["requestBody"] = {"required": True, "content": content}
        if self._door.streams:
            told["requestBody"] = {"required": True, "content": {"*/*": {"schema": _BYTES}}}
        if self._door.permission != PUBLIC:
            anybody: list[dict[str, Any]] = [{}] if self._door.permission in _OPEN else []
            told["security"] = [{"token": []}, *anybody]
        return told

    def _parameters(self) -> list[dict[str, Any]]:
        shared = ["Tenant"] if self._door.shop else []
        shared += ["IdempotencyKey"] if self._door.key else []
        shared += ["GuestToken"] if self._door.key and self._door.permission in _OPEN else []
        shared += ["IfMatch"] if self._door.if_match else []
        own = [self._parameter(one) for one in self._operation.parameters]
        return own + [{"$ref": f"#/components/parameters/{name}"} for name in shared]

    def _parameter(self, one: Parameter) -> dict[str, Any]:
        schema = {**self._schemas[id(one.type)], **one.bounds}
        if one.type is datetime:
            schema["format"] = "date-time"
        if one.default is not None:
            schema["default"] = one.default
        told = {"name": one.name, "in": one.place, "required": one.required, "schema": schema}
        return told | ({"description": one.description} if one.description else {})

    def _responses(self) -> dict[str, Any]:
        status = self._operation.handler.status_code
        good: dict[str, Any] = {"description": HTTPStatus(status).phrase}
        if self._operation.answer is bytes:
            good["content"] = {"*/*": {"schema": _BYTES}}
        elif self._operation.answer is not None:
            schema = self._schemas[id(self._operation.answer)]
            good["content"] = {"application/json": {"schema": schema}}
        if self._door.key:
            good["headers"] = common.REPLAYED
        bad = {
            str(found): {"description": common.SAID[found], "content": _PROBLEM}
            for found in self._statuses()
        }
        rest = {"description": "Any other problem.", "content": _PROBLEM}
        return {str(status): good, **bad, "default": rest}

    def _statuses(self) -> list[int]:
        declared, operation = self._door, self._operation
        found = {400}
        if declared.shop:
            found |= {401, 404, 429, 503}
            found |= set() if declared.permission in _OPEN | {CUSTOMER} else {403}
        elif declared.permission != PUBLIC:
            found |= {401, 403, 404}
        if operation.parameters or operation.body is not None:
            found.add(422)
        if operation.body is not None:
            found |= {413, 415}
        if operation.method != "GET":
            found.add(409)
        if declared.if_match:
            found |= {412, 428}
        return sorted(found)
