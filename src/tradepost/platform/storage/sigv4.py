"""Signatures of requests to S3: AWS Signature Version 4, in headers, for GET, HEAD and PUT.

After "Authenticating Requests (AWS Signature Version 4)" of the Amazon S3 API reference. The tests
hold it against the examples of that page and against another implementation.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

ALGORITHM: Final = "AWS4-HMAC-SHA256"
SERVICE: Final = "s3"
NO_BODY: Final = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one key pair in one region."""

    access_key: str
    secret_key: str
    region: str

    def __repr__(self) -> str:
        return f"Signer({self.access_key}, {self.region})"

    def signed(
        self,
        method: str,
        host: str,
        path: str,
        headers: Mapping[str, str],
        body_sha256: str,
        at: datetime,
    ) -> dict[str, str]:
        """The headers to send: those given, and date, hash of the body and signature.

        ``path`` is the object's, from the first slash and not escaped; names of headers are in
        small letters. No query is signed, since none is sent.
        """
        day, stamp = at.strftime("%Y%m%d"), at.strftime("%Y%m%dT%H%M%SZ")
        told = {"x-amz-content-sha256": body_sha256, "x-amz-date": stamp}
        sent = {**headers, "host": host, **told}
        names = ";".join(sorted(sent))
        listed = "".join(f"{name}:{' '.join(sent[name].split())}\n" for name in sorted(sent))
        request = f"{method}\n{escaped(path)}\n\n{listed}\n{names}\n{body_sha256}"
        realm = f"{day}/{self.region}/{SERVICE}/aws4_request"
        hashed = hashlib.sha256(request.encode()).hexdigest()
        text = f"{ALGORITHM}\n{stamp}\n{realm}\n{hashed}"
        seal = hmac.new(self._key(day), text.encode(), hashlib.sha256).hexdigest()
        whose = f"Credential={self.access_key}/{realm}"
        return {
            **sent,
            "authorization": f"{ALGORITHM} {whose},SignedHeaders={names},Signature={seal}",
        }

    def _key(self, day: str) -> bytes:
        key = b"AWS4" + self.secret_key.encode()
        for part in (day, self.region, SERVICE, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return key


def escaped(path: str) -> str:
    """A path as it is signed and sent: everything but unreserved characters and slashes escaped."""
    return quote(path, safe="/-_.~")
