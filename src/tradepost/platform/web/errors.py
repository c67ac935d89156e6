"""The reasons for which a door stays shut before anybody inside is asked."""

from __future__ import annotations

from dataclasses import dataclass

from tradepost.kernel.errors import (
    BadValue,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionMissing,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
)


@dataclass(eq=False)
class BadRequest(Invalid):
    """The request cannot be read: {problem}.

    Send a request of HTTP/1.1 with a path and a query in UTF-8.
    """

    problem: str


@dataclass(eq=False)
class MalformedJson(Invalid):
    """The body is not JSON: {problem}.

    Send one JSON document in UTF-8.
    """

    problem: str


@dataclass(eq=False)
class BadBody(Invalid):
    """The body does not have the documented form: {field}: {problem}.

    Compare it with the schema of this operation in the API's documentation.
    """

    field: str
    problem: str


@dataclass(eq=False)
class BadParameters(Invalid):
    """The parameters {names} do not have the documented form.

    Compare them with the description of this operation in the API's documentation.
    """

    names: str
    problems: tuple[tuple[str, str], ...]


@dataclass(eq=False)
class UnknownParameters(Invalid):
    """This operation has no query parameters {names}.

    Leave them out; known are: {known}.
    """

    names: str
    known: str


@dataclass(eq=False)
class WrongMediaType(Invalid):
    """Bodies of the type {found} are not understood.

    Send the body as application/json in UTF-8, without a content encoding.
    """

    found: str


@dataclass(eq=False)
class BodyTooLarge(TooLarge):
    """The body is larger than {bytes_max} bytes.

    Send less at once; large amounts of data go through an import.
    """

    bytes_max: int


@dataclass(eq=False)
class HeadersTooLarge(Invalid):
    """The headers are larger than {bytes_max} bytes in all.

    Send fewer and shorter headers.
    """

    bytes_max: int


@dataclass(eq=False)
class TooSlow(Invalid):
    """The request was not complete after {seconds} seconds.

    Send it again, faster.
    """

    seconds: int


@dataclass(eq=False)
class NoSuchPlace(NotFound):
    """There is nothing at {path}.

    Compare the path with the API's documentation.
    """

    path: str


@dataclass(eq=False)
class WrongMethod(Invalid):
    """{method} is not possible here.

    Use one of: {allowed}.
    """

    method: str
    allowed: str


@dataclass(eq=False)
class SignInNeeded(Unauthenticated):
    """Somebody has to be signed in for this.

    Sign in and send the access token as "Authorization: Bearer ...".
    """


@dataclass(eq=False)
class TokenUnfit(Unauthenticated):
    """The token is not one that opens this door.

    Sign in again here, for this shop, and use the token you are given.
    """


@dataclass(eq=False)
class OriginRefused(Forbidden):
    """Pages of {origin} may not call this shop.

    Ask the shop to add the origin to its setting cors_origins.
    """

    origin: str


@dataclass(eq=False)
class KeyMissing(Invalid):
    """The header Idempotency-Key is missing.

    Send a fresh random key of 16 to 255 characters, and the same one when you repeat the request.
    """


@dataclass(eq=False)
class BadKey(Invalid):
    """The Idempotency-Key cannot be taken: {problem}.

    Send 16 to 255 printable ASCII characters, such as a UUID.
    """

    problem: str


@dataclass(eq=False)
class KeyGuessable(Invalid):
    """A guest's Idempotency-Key must be one that nobody else can come to; this one can be guessed.

    Send a random UUID, or a secret of your own as X-Guest-Token with every request.
    """


@dataclass(eq=False)
class BadGuestToken(Invalid):
    """The X-Guest-Token cannot be taken.

    Send one, of 32 to 255 printable ASCII characters that are random, and keep it secret.
    """


@dataclass(eq=False)
class VersionMissing(PreconditionMissing):
    """The header If-Match is missing.

    Load the record, and send its ETag as If-Match with the change.
    """


@dataclass(eq=False)
class BadVersion(BadValue):
    """{field}: {problem}

    Send the ETag of the record as it was given to you, such as "3" with its quotation marks.
    """


@dataclass(eq=False)
class VersionStale(PreconditionFailed):
    """The {what} has changed since version {version}; it is now at version {current}.

    Load it again, look at what changed, and repeat the change with its new ETag.
    """

    what: str
    version: int
    current: int


@dataclass(eq=False)
class BadCursor(Invalid):
    """The cursor is not one that this list has given out.

    Send next_cursor as it was given, with the same filters; or start without a cursor.
    """


@dataclass(eq=False)
class TooManyRequests(TooMany):
    """Too many requests: {limit} in {per_s} seconds are allowed.

    Repeat the request after {retry_after_s} seconds.
    """

    limit: int
    per_s: int
    retry_after_s: int


@dataclass(eq=False)
class TooBusy(Unavailable):
    """More is asked of this process than it can do just now; nothing was done.

    Send the same request with the same key again after {retry_after_s} seconds.
    """

    retry_after_s: int


@dataclass(eq=False)
class TooManySockets(TooMany):
    """{limit} WebSockets may be open from one address; this would be one more.

    Close one that is not needed, or try again after {retry_after_s} seconds.
    """

    limit: int
    retry_after_s: int


@dataclass(eq=False)
class NotOffered(Unavailable):
    """This process does not offer the service {service}.

    Ask another process of the installation, or its operator.
    """

    service: str
