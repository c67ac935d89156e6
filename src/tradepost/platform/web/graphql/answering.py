"""A question executed, and what went wrong told with stable codes."""

from __future__ import annotations

import re

import structlog
from graphql import GraphQLError, GraphQLSyntaxError
from msgspec import UNSET

from tradepost.kernel.errors import Refusal
from tradepost.platform.web.context import Caller
from tradepost.platform.web.graphql import errors
from tradepost.platform.web.graphql.asking import Question
from tradepost.platform.web.graphql.endpoint import PATH, GraphAnswer, GraphBody, GraphError
from tradepost.platform.web.graphql.limits import LIMITS
from tradepost.platform.web.graphql.schema import GraphSchema
from tradepost.platform.web.problem import problem_of, unexpected

_HINT = re.compile(r"\s*Did you mean .*", re.DOTALL)
_OF_HTTP = frozenset({"type", "title", "status", "detail", "instance", "request_id"})
_log = structlog.get_logger("tradepost.web")


async def answer(schema: GraphSchema, asked: GraphBody, caller: Caller) -> GraphAnswer:
    """What a question finds, and why the rest is missing."""
    result = await schema.execute(
        asked.query,
        variable_values=asked.variables,
        context_value=Question(caller, LIMITS),
        operation_name=asked.operation_name or None,
    )
    found = result.errors or []
    told = [_told(one, caller) for one in found]
    refused = result.data is None and all(one.path is None for one in found)
    return GraphAnswer(UNSET if refused else result.data, told or UNSET)


def _told(error: GraphQLError, caller: Caller) -> GraphError:
    refusal = _refusal_in(error)
    if refusal is None:
        _log.error("failed", exc_info=error.original_error or error, path=PATH)
        body = unexpected(request_id=caller.scope.request_id).body
    else:
        body = problem_of(refusal).body
    facts = {name: value for name, value in body.items() if name not in _OF_HTTP}
    if not facts["errors"]:
        del facts["errors"]
    places = [{"line": one.line, "column": one.column} for one in error.locations or ()]
    return GraphError(
        body["detail"],
        facts,
        list(error.path) if error.path is not None else UNSET,
        places or UNSET,
    )


def _refusal_in(error: GraphQLError) -> Refusal | None:
    """The reason behind an error; none if it is a defect of ours."""
    if isinstance(error, GraphQLSyntaxError):
        return errors.DocumentUnreadable(error.message.removeprefix("Syntax Error: "))
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    if isinstance(cause, Refusal):
        return cause
    if isinstance(cause, GraphQLError):
        return errors.DocumentUnfit(_HINT.sub("", cause.message))
    return None
