"""The one route of the graph: a question in, data and errors out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from msgspec import UNSET, Meta, UnsetType

from tradepost.platform.web.body import Body
from tradepost.platform.web.context import FromCaller
from tradepost.platform.web.door import door
from tradepost.platform.web.graphql import errors
from tradepost.platform.web.graphql.limits import LIMITS

if TYPE_CHECKING:
    from tradepost.platform.web.graphql.schema import GraphSchema

PATH = "/api/v1/graphql"
FEATURE = "graphql"
GRAPH_TYPE = "application/graphql-response+json"


class GraphBody(Body, frozen=True, rename={"operation_name": "operationName"}):
    """A document with one query, and the values of its variables."""

    query: Annotated[str, Meta(min_length=1, max_length=LIMITS.document_chars_max)]
    variables: dict[str, Any] | None = None
    operation_name: Annotated[str, Meta(max_length=200)] | None = None


class GraphError(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why something is missing; ``extensions`` holds the stable code, and what can be done."""

    message: str
    extensions: dict[str, Any]
    path: list[str | int] | UnsetType = UNSET
    locations: list[dict[str, int]] | UnsetType = UNSET


class GraphAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was found; without ``data`` the question was not asked at all."""

    data: dict[str, Any] | UnsetType | None = UNSET
    errors: list[GraphError] | UnsetType = UNSET


def graph_route(schema_of: Callable[[], GraphSchema], permission: str) -> HTTPRouteHandler:
    """The route that answers questions to a schema, which is made with the first of them."""
    made: list[GraphSchema] = []

    @post(PATH, opt=door(permission, work=False), tags=["GraphQL"], status_code=200)
    async def ask_graph(
        data: JSONBody[GraphBody], caller: FromCaller, request: Request[Any, Any, Any]
    ) -> Response[GraphAnswer]:
        """Ask the graph a question.

        One query a request, bounded in depth and cost; each field needs its own permission.
        Nothing can be changed here.
        """
        if FEATURE not in caller.shop.features:
            raise errors.GraphqlOff
        if not made:
            made.append(await asyncio.to_thread(schema_of))
        from tradepost.platform.web.graphql.answering import answer

        return _answered(await answer(made[0], data, caller), request.headers.get("accept", ""))

    return ask_graph


def _answered(answer: GraphAnswer, accepted: str) -> Response[GraphAnswer]:
    """As GraphQL over HTTP says: clients that know its media type get a status that tells."""
    modern = GRAPH_TYPE in accepted
    status = 400 if modern and answer.data is UNSET else 200
    media_type = GRAPH_TYPE if modern else "application/json"
    return Response(answer, status_code=status, media_type=media_type)
