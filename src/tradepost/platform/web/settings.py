"""What the operator decides about the doors; limits of one shop are the shop's own settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from tradepost.platform.patience import RequestLimits


@dataclass(frozen=True, slots=True)
class KeptLimits:
    """How much of what was answered is kept, and for how long.

    No answer is given again that is older than ``fresh_ms_max`` (0: none is kept). ``bytes_max``
    bounds all that is kept, ``answer_bytes_max`` one answer, ``answers_max`` their number.
    """

    fresh_ms_max: int = 1000
    answers_max: int = 10_000
    bytes_max: int = 33_554_432
    answer_bytes_max: int = 262_144


@dataclass(frozen=True, slots=True)
class RoomLimits:
    """How many requests of an app a process works on at once, how many may wait for that how long,
    and how much all their bodies may take; who is one too many is told to come back."""

    running_max: int = 320
    waiting_max: int = 320
    wait_ms_max: int = 250
    bodies_bytes_max: int = 64_000_000


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """How many WebSockets an app of a process holds open, and how many for one address."""

    open_max: int = 2000
    per_address_max: int = 20


@dataclass(frozen=True, slots=True)
class WebSettings:
    """``trusted_proxies`` is how many proxies of ours stand before the server (0: none).

    ``signing_secrets`` seal cursors, cart tokens and order links: the first seals, all are
    believed; each has at least 32 bytes.
    """

    signing_secrets: tuple[bytes, ...]
    trusted_proxies: int = 0
    limits_requests: bool = True
    body_seconds_max: int = 10
    drain_seconds_max: int = 10
    header_bytes_max: int = 32_768
    metrics_on_public: bool = False
    room: RoomLimits = RoomLimits()
    sockets: SocketLimits = SocketLimits()
    kept: KeptLimits = field(default_factory=KeptLimits)
    requests: RequestLimits = field(default_factory=RequestLimits)

    def __post_init__(self) -> None:
        if not self.signing_secrets or min(map(len, self.signing_secrets)) < 32:
            raise ValueError("signing_secrets need at least 32 bytes each")
