"""A schema from the fields of contexts, with bounds, caches and nothing that gives hints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from graphql import ASTValidationRule, GraphQLError, StringValueNode, specified_rules
from graphql.validation.rules import overlapping_fields_can_be_merged as merging
from strawberry import Schema
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type
from strawberry.types import ExecutionContext

from tradepost.platform.web.door import NoDoor
from tradepost.platform.web.graphql.asking import PERMISSION, SCALARS
from tradepost.platform.web.graphql.limits import GraphLimits
from tradepost.platform.web.graphql.measure import check_limits


class NoNul(ASTValidationRule):
    """Text holds no U+0000, which no store can keep."""

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        """Look at one text."""
        if "\x00" in node.value:
            self.report_error(GraphQLError("Text holds the character U+0000.", [node]))


class GraphSchema(Schema):
    """A schema whose errors are told and logged by the endpoint alone."""

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Leave them to the endpoint."""


class _Bounds(SchemaExtension):
    """Measures each document once it is parsed, before it is compared with the schema."""

    def __init__(self, limits: GraphLimits) -> None:
        super().__init__()
        self._limits = limits

    def on_operation(self) -> Iterator[None]:
        """Bound the reading of the text."""
        context = self.execution_context
        context.parse_options["max_tokens"] = self._limits.document_tokens_max
        context.validation_rules = (*specified_rules, NoNul)
        yield

    def on_parse(self) -> Iterator[None]:
        """Refuse what is too large; the cache before it has the document already."""
        context = self.execution_context
        assert context.graphql_document is not None
        check_limits(
            context.schema._schema,
            context.graphql_document,
            context.variables or {},
            self._limits,
            context.operation_name,
        )
        yield


def build_schema(fields: Sequence[Any], limits: GraphLimits) -> GraphSchema:
    """The schema of an app: queries only.

    :raises NoDoor: if a field does not say who may ask for it.
    """
    open_fields = [one.python_name for one in fields if PERMISSION not in one.metadata]
    if open_fields:
        raise NoDoor(f"without a permission: {', '.join(open_fields)}; declare @reads(...)")
    # The library takes this bound from its module, for all schemas of a process.
    merging.MAX_COMPLEXITY_BUDGET = limits.comparisons_max
    return GraphSchema(
        create_type("Query", list(fields), description="What can be asked."),
        extensions=[
            lambda: ParserCache(limits.documents_kept_max),
            lambda: _Bounds(limits),
            lambda: ValidationCache(limits.documents_kept_max),
        ],
        config=StrawberryConfig(
            disable_field_suggestions=True, scalar_map=SCALARS, sort_schema=True
        ),
    )
