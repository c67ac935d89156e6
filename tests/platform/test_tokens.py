"""Tokens: every attack of the table is refused, and what is ours is read back."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tradepost.kernel.clock import FixedClock
from tradepost.kernel.ids import TenantId
from tradepost.platform.tokens import (
    LIFE_MAX_S,
    Audience,
    BadToken,
    Tokens,
    TokenSecrets,
    TokenType,
)

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
SECRETS = {name.value: f"{name}-".ljust(40, name[0]) for name in Audience}
SHOP, PERSON = TenantId(uuid4()), uuid4()
PUBLIC, CUSTOMER = Audience.PUBLIC, TokenType.CUSTOMER


def tokens(at: datetime = NOW, issuer: str = "cell-1", **secrets: Any) -> Tokens:
    return Tokens(issuer, TokenSecrets.of(**(SECRETS | secrets)), FixedClock(at))


def good(**told: Any) -> str:
    return tokens().issue(PUBLIC, CUSTOMER, PERSON, SHOP, timedelta(minutes=5), **told)


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    head, body, seal = token.split(".")
    pad = "==="
    return (
        json.loads(base64.urlsafe_b64decode(head + pad)),
        json.loads(base64.urlsafe_b64decode(body + pad)),
        seal,
    )


def compact(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def forged(head: Any, body: Any, secret: str = SECRETS["public"], hash: str = "sha256") -> str:
    """A token of any shape, with a signature that fits."""
    raw = [part if isinstance(part, bytes) else compact(part) for part in (head, body)]
    signed = f"{text(raw[0])}.{text(raw[1])}"
    return f"{signed}.{text(hmac.new(secret.encode(), signed.encode(), hash).digest())}"


def resigned(token: str, secret: str = SECRETS["public"], **claims: Any) -> str:
    """The token with other claims under our own header, signed with a secret."""
    head, payload, _ = token.split(".")
    body = json.loads(base64.urlsafe_b64decode(payload + "===")) | claims
    body = {name: value for name, value in body.items() if value is not ...}
    signed = f"{head}.{text(json.dumps(body).encode())}"
    return f"{signed}.{text(hmac.new(secret.encode(), signed.encode(), 'sha256').digest())}"


def refused(token: str, audience: Audience = PUBLIC, kind: TokenType = CUSTOMER) -> None:
    with pytest.raises(BadToken):
        tokens().read(token, audience, kind)


def test_a_token_says_what_was_put_into_it() -> None:
    sid = uuid4()
    claims = tokens().read(good(epoch=3, sid=sid), PUBLIC, CUSTOMER)
    assert (claims.sub, claims.tenant, claims.epoch, claims.sid) == (PERSON, SHOP, 3, sid)
    assert claims.exp - claims.iat == 300
    assert tokens().read(resigned(good()), PUBLIC, CUSTOMER).sub == PERSON


@pytest.mark.parametrize(
    "alg", ["none", "None", "nOnE", "NONE", "HS384", "HS512", "RS256", "hs256"]
)
def test_another_algorithm_is_refused(alg: str) -> None:
    head, body, _ = parts(good())
    hash = {"HS384": "sha384", "HS512": "sha512"}.get(alg, "sha256")
    refused(forged(head | {"alg": alg}, body, hash=hash))
    refused(forged(head | {"alg": alg}, body).rpartition(".")[0] + ".")


def test_the_signature_is_needed_and_must_fit() -> None:
    token = good()
    head, body, seal = token.split(".")
    refused(f"{head}.{body}.")
    refused(f"{head}.{body}")
    refused(f"{head}.{body}.{seal[:-2]}")
    refused(f"{head}.{body}.{'A' * len(seal)}")
    refused(resigned(token, SECRETS["admin"]))
    refused(resigned(token, "tradepost-demo-secret-public__________________________"))


@pytest.mark.parametrize(
    "extra",
    [
        {"kid": "../../../etc/passwd"},
        {"kid": "' OR 1=1 --"},
        {"kid": "unknown"},
        {"kid": None},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/cert"},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": False},
        {"cty": "JWT"},
        {"typ": "JWT"},
        {"typ": "staff+jwt"},
        {"typ": "CUSTOMER+jwt"},
    ],
)
def test_headers_that_are_not_ours_are_refused(extra: dict[str, Any]) -> None:
    head, body, _ = parts(good())
    assert tokens().read(forged(head, body), PUBLIC, CUSTOMER).sub == PERSON
    refused(forged({**head, **extra}, body))


def test_doubled_names_and_nested_headers_are_refused() -> None:
    head, body, _ = parts(good())
    doubled = json.dumps(head)[:-1].encode() + b', "alg": "none"}'
    refused(forged(doubled, body))
    refused(forged(b"[" * 4000 + b"]" * 4000, body)[:8000])
    refused(forged(b'{"a":' * 1000 + b"1" + b"}" * 1000, body)[:8000])
    refused(forged(b"\xff\xfe", body))


@pytest.mark.parametrize("secret", ["public", "admin", "service", "portal"])
@pytest.mark.parametrize("audience", Audience)
def test_a_token_of_one_audience_is_worth_nothing_at_another(
    secret: str, audience: Audience
) -> None:
    for (made_for, kind), life in LIFE_MAX_S.items():
        token = tokens().issue(made_for, kind, PERSON, SHOP, timedelta(seconds=min(life, 60)))
        for wanted in TokenType:
            if (made_for, kind) == (audience, wanted):
                assert tokens().read(token, audience, wanted).sub == PERSON
            else:
                refused(token, audience, wanted)
                refused(resigned(token, SECRETS[secret], aud=audience), audience, wanted)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["public"]},
        {"aud": ["public", "admin"]},
        {"aud": ...},
        {"aud": "PUBLIC"},
        {"aud": "admin"},
        {"aud": None},
        {"iss": "cell-2"},
        {"iss": ...},
        {"exp": ...},
        {"exp": "1900000000"},
        {"exp": 1e308},
        {"exp": -1},
        {"exp": 0},
        {"exp": None},
        {"exp": True},
        {"exp": 10**30},
        {"exp": int(NOW.timestamp())},
        {"exp": int(NOW.timestamp()) + 601},
        {"iat": ...},
        {"iat": int(NOW.timestamp()) + 60},
        {"iat": int(NOW.timestamp()) - 601},
        {"iat": "now"},
        {"nbf": int(NOW.timestamp()) + 60},
        {"tenant": ...},
        {"tenant": "not a uuid"},
        {"tenant": None},
        {"sub": ...},
        {"sub": 7},
        {"epoch": "0"},
        {"epoch": 0.5},
        {"role": "admin"},
    ],
)
def test_claims_are_read_strictly(claims: dict[str, Any]) -> None:
    refused(resigned(good(), **claims))


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"1" * 5000])
def test_a_payload_is_an_object_of_claims(body: bytes) -> None:
    head = good().split(".")[0]
    signed = f"{head}.{text(body)}"
    seal = hmac.new(SECRETS["public"].encode(), signed.encode(), hashlib.sha256).digest()
    refused(f"{signed}.{text(seal)}")


@pytest.mark.parametrize(
    "token", ["", ".", "..", "...", "a.b.c", "x" * 1_000_000, "é.é.é", "\x00", "a" * 8193]
)
def test_what_is_no_token_is_refused_before_it_is_read(token: str) -> None:
    refused(token)
    refused(good() + "." + token)
    refused(" " + good())
    refused(good() + "\n")


def test_a_token_dies_on_the_second() -> None:
    token = good()
    end = NOW + timedelta(minutes=5)
    assert tokens(end - timedelta(seconds=1)).read(token, PUBLIC, CUSTOMER).sub == PERSON
    with pytest.raises(BadToken):
        tokens(end).read(token, PUBLIC, CUSTOMER)
    with pytest.raises(BadToken):
        tokens(NOW - timedelta(seconds=10)).read(token, PUBLIC, CUSTOMER)


def test_access_is_short() -> None:
    assert LIFE_MAX_S[PUBLIC, CUSTOMER] <= 600
    assert LIFE_MAX_S[Audience.ADMIN, TokenType.STAFF] <= 300
    with pytest.raises(AssertionError):
        tokens().issue(PUBLIC, CUSTOMER, PERSON, SHOP, timedelta(minutes=11))
    with pytest.raises(KeyError):
        tokens().issue(PUBLIC, TokenType.STAFF, PERSON, SHOP, timedelta(minutes=1))


def test_an_old_secret_is_believed_while_it_is_listed() -> None:
    token = good()
    new = "a new secret for the public audience"
    changed = tokens(public=(new, SECRETS["public"]))
    assert changed.read(token, PUBLIC, CUSTOMER).sub == PERSON
    fresh = changed.issue(PUBLIC, CUSTOMER, PERSON, SHOP, timedelta(minutes=1))
    refused(fresh)
    with pytest.raises(BadToken):
        tokens(public=new).read(token, PUBLIC, CUSTOMER)


def test_a_refresh_token_has_one_successor() -> None:
    def issue(by: Tokens) -> str:
        life = timedelta(days=1)
        return by.issue(PUBLIC, TokenType.REFRESH, PERSON, SHOP, life, sid=UUID(int=1), jti="a")

    mine = tokens()
    first = mine.successor(issue(mine), PUBLIC, "a")
    assert first == mine.successor(issue(mine), PUBLIC, "a")
    assert first != mine.successor(issue(mine), PUBLIC, "b")
    other = tokens(public="another secret of the public audience")
    assert first != other.successor(issue(other), PUBLIC, "a")
    rotated = tokens(public=("another secret of the public audience", SECRETS["public"]))
    assert first == rotated.successor(issue(mine), PUBLIC, "a")


def test_secrets_are_not_shown() -> None:
    shown = repr(TokenSecrets.of(**SECRETS)) + str(TokenSecrets.of(**SECRETS))
    assert not any(secret in shown for secret in SECRETS.values())
