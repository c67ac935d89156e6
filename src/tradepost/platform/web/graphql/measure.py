"""What a document may cost, reckoned from its text before anything is read from the store.

Depth counts fields within fields. An object costs a point; a list costs what is in it as often as
``first`` says, and where nothing says how long it is, ten times. Plain values are free. Looking at
the schema has prices of its own, so that tools can do it once and nobody can do it a lot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from tradepost.platform.web.graphql import errors
from tradepost.platform.web.graphql.limits import GraphLimits
from tradepost.platform.web.paging import LIMIT_DEFAULT, LIMIT_MAX

WEIGHT = "weight"
"""Under this name a field's metadata may say that it costs more than a point."""
_SCHEMA = frozenset({"__schema", "__type"})
_DIGITS_MAX = 9


@dataclass(frozen=True, slots=True)
class Measure:
    """How large a part of a document is."""

    depth: int = 0
    nesting: int = 0
    aliases: int = 0
    points: int = 0

    def beside(self, other: Measure) -> Measure:
        """This part and another one next to it."""
        return Measure(
            max(self.depth, other.depth),
            max(self.nesting, other.nesting),
            self.aliases + other.aliases,
            self.points + other.points,
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where selections stand: in which type, how long its lists get, and whether of the schema."""

    kind: Any
    length: int
    of_schema: bool = False


def check_limits(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Mapping[str, Any],
    limits: GraphLimits,
    name: str | None = None,
) -> Measure:
    """The size of a document's one query, which must have the name if one is given.

    :raises Refusal: if it is no single query, or larger than the limits.
    """
    operation = _one_query(document, name)
    sizing = _Sizing(schema, document, operation, variables, limits)
    found = sizing.of(operation.selection_set, _Place(schema.query_type, 0), 1)
    if found.depth > limits.depth_max or found.nesting > limits.nesting_max:
        raise errors.DocumentTooDeep(limits.depth_max)
    if found.aliases > limits.aliases_max:
        raise errors.TooManyAliases(found.aliases, limits.aliases_max)
    if found.points > limits.points_max:
        raise errors.DocumentTooCostly(found.points, limits.points_max)
    return found


def _one_query(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    found = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if len(found) != 1:
        raise errors.OneOperationOnly(len(found))
    if found[0].operation is not OperationType.QUERY:
        raise errors.QueriesOnly(found[0].operation.value)
    if name is not None and (found[0].name is None or found[0].name.value != name):
        raise errors.DocumentUnfit("it holds no operation of the name that is asked for.")
    return found[0]


class _Sizing:
    """Measures selections; a fragment is measured once a place, however often it is spread."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        limits: GraphLimits,
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._variables = variables
        self._defaults = {
            one.variable.name.value: one.default_value
            for one in operation.variable_definitions or ()
        }
        self._fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        self._open: set[str] = set()
        self._known: dict[tuple[str, int, bool], Measure] = {}

    def of(self, chosen: SelectionSetNode | None, place: _Place, level: int) -> Measure:
        """The size of selections that stand so many braces deep."""
        if chosen is None:
            return Measure()
        if level > self._limits.nesting_max:
            raise errors.DocumentTooDeep(self._limits.depth_max)
        found = Measure()
        for one in chosen.selections:
            found = found.beside(self._one(one, place, level))
        return Measure(found.depth, found.nesting + 1, found.aliases, found.points)

    def _one(self, node: SelectionNode, place: _Place, level: int) -> Measure:
        if isinstance(node, FieldNode):
            return self._field(node, place, level)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            inside = place if condition is None else self._on(condition.name.value, place)
            return self.of(node.selection_set, inside, level + 1)
        assert isinstance(node, FragmentSpreadNode)
        return self._spread(node.name.value, place, level)

    def _spread(self, name: str, place: _Place, level: int) -> Measure:
        if name in self._open:
            raise errors.FragmentCycle(name)
        fragment = self._fragments.get(name)
        if fragment is None:
            return Measure()
        key = (name, place.length, place.of_schema)
        if key not in self._known:
            self._open.add(name)
            inside = self._on(fragment.type_condition.name.value, place)
            self._known[key] = self.of(fragment.selection_set, inside, level + 1)
            self._open.remove(name)
        return self._known[key]

    def _on(self, type_name: str, place: _Place) -> _Place:
        return _Place(self._schema.get_type(type_name), place.length, place.of_schema)

    def _field(self, node: FieldNode, place: _Place, level: int) -> Measure:
        aliased = int(node.alias is not None)
        name = node.name.value
        if place.of_schema or name in _SCHEMA:
            below = self.of(node.selection_set, _Place(None, 0, of_schema=True), level + 1)
            looks = aliased + (name in {"types", "__type"})
            points = below.points + looks * self._limits.schema_look_points
            return Measure(0, below.nesting, below.aliases + aliased, points)
        field = place.kind.fields.get(name) if isinstance(place.kind, GraphQLObjectType) else None
        kind = get_named_type(field.type) if field else None
        length = self._length_wanted(node, field)
        below = self.of(node.selection_set, _Place(kind, length), level + 1)
        points = 0
        if field is not None:
            points = self._times(field, place) * (_weight(field) + below.points)
        return Measure(below.depth + 1, below.nesting, below.aliases + aliased, points)

    def _times(self, field: GraphQLField, place: _Place) -> int:
        if not is_list_type(get_nullable_type(field.type)):
            return 1
        return place.length or self._limits.list_length_assumed

    def _length_wanted(self, node: FieldNode, field: GraphQLField | None) -> int:
        """How many ``first`` asks for; none if the field has no such argument."""
        if field is None or "first" not in field.args:
            return 0
        given = next((one.value for one in node.arguments or () if one.name.value == "first"), None)
        if given is None:
            return LIMIT_DEFAULT
        if isinstance(given, VariableNode):
            name = given.name.value
            if name in self._variables:
                return _bounded(self._variables[name])
            given = self._defaults.get(name)
            if given is None:
                return LIMIT_DEFAULT
        if isinstance(given, IntValueNode) and len(given.value) <= _DIGITS_MAX:
            return _bounded(int(given.value))
        return LIMIT_MAX


def _bounded(length: Any) -> int:
    """A length as it is served; what is no length counts as the longest, and is refused later."""
    return max(1, min(length, LIMIT_MAX)) if isinstance(length, int) else LIMIT_MAX


def _weight(field: GraphQLField) -> int:
    told = field.extensions.get("strawberry-definition")
    weight: int | None = told.metadata.get(WEIGHT) if told is not None else None
    return weight if weight is not None else int(not is_leaf_type(get_named_type(field.type)))
