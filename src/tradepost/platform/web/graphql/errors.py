"""The reasons for which a question to the graph is not answered."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import Invalid, NotFound, TooLarge


@dataclass(eq=False)
class GraphqlOff(NotFound):
    """This shop does not answer GraphQL.

    Use the other operations of the API, or ask the shop to switch its setting graphql on.
    """


@dataclass(eq=False)
class DocumentUnreadable(Invalid):
    """The document is not GraphQL: {problem}

    Correct its syntax.
    """

    problem: str


@dataclass(eq=False)
class DocumentUnfit(Invalid):
    """The document or its variables do not fit the schema: {problem}

    Compare them with the schema.
    """

    problem: str


@dataclass(eq=False)
class OneOperationOnly(Invalid):
    """A request asks one question; this document holds {operations} operations.

    Send each operation as a request of its own.
    """

    operations: int


@dataclass(eq=False)
class QueriesOnly(Invalid):
    """The graph is for reading; there is no {operation} here.

    Use the other operations of the API to change something.
    """

    operation: str


@dataclass(eq=False)
class FragmentCycle(Invalid):
    """The fragment {fragment} leads back to itself.

    Name the fields that you want down to the depth that you want.
    """

    fragment: str


@dataclass(eq=False)
class DocumentTooDeep(TooLarge):
    """The document is nested more than {depth_max} fields deep.

    Ask for what lies deeper in a request of its own.
    """

    depth_max: int


@dataclass(eq=False)
class TooManyAliases(TooLarge):
    """The document renames {aliases} fields; {aliases_max} are allowed.

    Ask for the rest in another request.
    """

    aliases: int
    aliases_max: int


@dataclass(eq=False)
class DocumentTooCostly(TooLarge):
    """The question costs up to {points} points; {points_max} are allowed.

    Ask for fewer at a time (first), or for less of each.
    """

    points: int
    points_max: int
