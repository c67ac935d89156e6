"""Parts that all operations share: the problem document, headers, tokens."""

from __future__ import annotations

from typing import Any

SAID = {
    400: "The request cannot be read.",
    401: "Nobody is signed in, or the token does not fit.",
    403: "The person may not do this.",
    404: "There is no such thing, or it is somebody else's.",
    409: "The state of things, or a rule of the shop, forbids it.",
    412: "If-Match names a version that is no longer current.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "The input does not have the documented form.",
    428: "If-Match is missing.",
    429: "Too many requests; Retry-After tells when to come back.",
    503: "Not now; Retry-After tells when to come back.",
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457; further members tell the facts of the reason.",
    "required": ["type", "title", "status", "detail", "code", "request_id", "errors"],
    "properties": {
        "type": {"type": "string", "description": "Where the code is explained."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable; decide by it."},
        "remedy": {"type": "string", "description": "What can be done about it."},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "problem"],
                "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
    },
    "examples": [
        {
            "type": "/api/v1/problems/platform.bad_body",
            "title": "Unprocessable Entity",
            "status": 422,
            "detail": "The body does not have the documented form: quantity: is missing.",
            "code": "platform.bad_body",
            "remedy": "Compare it with the schema of this operation in the API's documentation.",
            "instance": "/api/v1/carts",
            "request_id": "019aa4c6-7f4e-7c3e-9d0a-3b1f5f0d2c11",
            "errors": [{"field": "quantity", "problem": "is missing"}],
        }
    ],
}
PARAMETERS: dict[str, Any] = {
    "Tenant": {
        "name": "X-Tenant",
        "in": "header",
        "required": False,
        "description": "The code of the shop, where the host name does not name it.",
        "schema": {"type": "string", "maxLength": 64},
        "example": "demo",
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "A fresh random key; the same one when the request is repeated.",
        "schema": {
            "type": "string",
            "minLength": 16,
            "maxLength": 255,
            "pattern": "^[\\x21-\\x7e]+$",
        },
        "example": "3f1c2c1e-6f0a-4a52-9d0f-2f8f9b1f7c11",
    },
    "GuestToken": {
        "name": "X-Guest-Token",
        "in": "header",
        "required": False,
        "description": "A random secret that a guest's client keeps. It tells guests apart who "
        "hold neither a cart nor an order's link; without it the Idempotency-Key must be a random "
        "UUID.",
        "schema": {"type": "string", "minLength": 32, "maxLength": 255},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag of the record that the change is based on.",
        "schema": {"type": "string", "pattern": '^"[1-9][0-9]{0,11}"$'},
        "example": '"3"',
    },
}
SECURITY = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
REPLAYED = {
    "Idempotent-Replayed": {
        "description": "`true` where the key was used before, and this is its answer again.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}
