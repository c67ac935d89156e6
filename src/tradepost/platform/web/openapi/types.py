"""What a route takes and gives, found in its signature: types for schemas, and parameters."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import ParameterKwarg
from litestar.routes import HTTPRoute
from litestar.types.empty import Empty
from litestar.typing import FieldDefinition

_BOUNDS = {
    "ge": "minimum",
    "le": "maximum",
    "gt": "exclusiveMinimum",
    "lt": "exclusiveMaximum",
    "min_length": "minLength",
    "max_length": "maxLength",
    "pattern": "pattern",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the path, the query or the headers."""

    name: str
    place: str
    type: Any
    required: bool
    default: Any
    description: str
    bounds: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of an app and its types; without a body or an answer these are none."""

    method: str
    path: str
    handler: HTTPRouteHandler
    body: Any
    answer: Any
    parameters: tuple[Parameter, ...]


def operation_of(route: HTTPRoute, handler: HTTPRouteHandler, method: str) -> Operation:
    """An operation with what its handler's signature says."""
    data = handler.parsed_data_field
    _, model = route.route_handler_map[method]  # type: ignore[index]  # a method of the route
    return Operation(
        method=method,
        path=route.path_format,
        handler=handler,
        body=None if data is None else data.annotation,
        answer=_answer_of(handler),
        parameters=tuple(sorted(_parameters(route, model), key=_order)),
    )


def _order(parameter: Parameter) -> tuple[bool, bool, str]:
    return (parameter.place != "path", parameter.place == "header", parameter.name)


def _answer_of(handler: HTTPRouteHandler) -> Any:
    given = handler.parsed_fn_signature.return_type.annotation
    if typing.get_origin(given) is Response or given is Response:
        inner = typing.get_args(given)
        given = inner[0] if inner else Any
    return None if given in (None, type(None)) else given


def _parameters(route: HTTPRoute, model: Any) -> Iterator[Parameter]:
    places = {
        "path": model.expected_path_params,
        "query": model.expected_query_params,
        "header": model.expected_header_params,
    }
    handler_fields = _fields(route, model)
    for place, found in places.items():
        for one in found:
            yield _parameter(one, place, handler_fields[one.field_name])


def _fields(route: HTTPRoute, model: Any) -> dict[str, FieldDefinition]:
    """Fields by name: of the handlers of a route, and of the dependencies they name."""
    fields: dict[str, FieldDefinition] = {}
    for batch in model.dependency_batches:
        for dependency in batch:
            fields |= dependency.provide.signature_model._fields
    for handler, used in route.route_handler_map.values():
        if used is model:
            fields |= handler.signature_model._fields
    return fields


def _parameter(one: Any, place: str, field: FieldDefinition) -> Parameter:
    told = field.kwarg_definition
    bounds: dict[str, Any] = {}
    if isinstance(told, ParameterKwarg):
        given = {shown: getattr(told, name) for name, shown in _BOUNDS.items()}
        bounds = {name: value for name, value in given.items() if value is not None}
    default = one.default if one.default not in (Empty, Ellipsis, None) else None
    return Parameter(
        name=one.field_alias,
        place=place,
        type=_without_none(field),
        required=place == "path" or bool(one.is_required),
        default=default,
        description=(told.description or "") if isinstance(told, ParameterKwarg) else "",
        bounds=bounds,
    )


def _without_none(field: FieldDefinition) -> Any:
    if not field.is_optional:
        return field.annotation
    inner = [one.annotation for one in field.inner_types if not one.is_none_type]
    return inner[0] if len(inner) == 1 else typing.Union[tuple(inner)]  # noqa: UP007  made at runtime
