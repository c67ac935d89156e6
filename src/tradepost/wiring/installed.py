"""The house as the settings of an installation want it."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from tradepost.fulfillment.gateway.files import FileDesk
from tradepost.kernel.clock import Clock, SystemClock
from tradepost.payments.gateway.sandbox import SandboxGateway
from tradepost.payments.ports import Gateway
from tradepost.platform.db.work import Store
from tradepost.platform.lanes import LaneLimits
from tradepost.platform.live import Live
from tradepost.platform.patience import RequestLimits
from tradepost.platform.settings import Profile, Settings
from tradepost.platform.storage import FileStore
from tradepost.platform.storage.folder import FolderStore
from tradepost.platform.storage.sigv4 import Signer
from tradepost.platform.telemetry.traces import NoTraces, OtelTraces, Traces
from tradepost.platform.tenancy import HostPlan
from tradepost.platform.tokens import TokenSecrets
from tradepost.platform.web.rates import LocalLimiter, RateLimiter
from tradepost.platform.web.settings import KeptLimits, RoomLimits, SocketLimits, WebSettings
from tradepost.wiring.house import House, build_house
from tradepost.wiring.rush import RushLimits
from tradepost.wiring.tenancy import directory_of


def house_of(settings: Settings, store: Store, clock: Clock | None = None) -> House:
    """A house over an open store; close it when it is left, and the store with it."""
    limiter, closers = _limiter(settings)
    live, live_closers = _live(settings)
    files = file_store(settings, clock)
    beside = {Live: live, FileDesk: FileDesk(files, settings.data_dir / "incoming")}
    plan = HostPlan(settings.base_domains, settings.service_hosts, settings.only_shop)
    return build_house(
        store,
        web_settings(settings),
        secrets=token_secrets(settings),
        directory=directory_of(store, plan),
        limiter=limiter,
        traces=_traces(settings),
        gateways=_gateways(settings),
        lanes=lane_limits(settings),
        rush=rush_limits(settings),
        beside=beside,
        closers=(*closers, *live_closers, files.close),
        clock=clock,
    )


def web_settings(settings: Settings) -> WebSettings:
    """What the doors want to know of the settings."""
    return WebSettings(
        signing_secrets=tuple(secret.encode() for secret in settings.cursor_secret),
        trusted_proxies=settings.trusted_proxies,
        limits_requests=settings.limits_requests,
        body_seconds_max=settings.body_seconds_max,
        drain_seconds_max=settings.drain_seconds_max,
        header_bytes_max=settings.header_bytes_max,
        metrics_on_public=settings.metrics_on_public,
        requests=RequestLimits(settings.request_seconds_max, settings.connection_wait_ms_max),
        room=RoomLimits(
            running_max=settings.requests_running_max,
            waiting_max=settings.requests_waiting_max,
            wait_ms_max=settings.request_wait_ms_max,
            bodies_bytes_max=settings.request_bodies_bytes_max,
        ),
        sockets=SocketLimits(settings.sockets_max, settings.sockets_per_address_max),
        kept=KeptLimits(
            fresh_ms_max=settings.kept_fresh_ms_max,
            answers_max=settings.kept_answers_max,
            bytes_max=settings.kept_bytes_max,
            answer_bytes_max=settings.kept_answer_bytes_max,
        ),
    )


def lane_limits(settings: Settings) -> LaneLimits | None:
    """How orders are gathered into batches, if they are."""
    if not settings.lanes:
        return None
    return LaneLimits(
        queue_max=settings.lane_queue_max,
        wait_s_max=settings.lane_wait_seconds_max,
        batch_max=settings.lane_batch_max,
        connections=settings.lane_connections,
    )


def rush_limits(settings: Settings) -> RushLimits:
    """What is done about articles that many want."""
    return RushLimits(shed_s_max=settings.shed_seconds_max)


def token_secrets(settings: Settings) -> TokenSecrets:
    """The secrets that sign tokens, one an audience."""
    return TokenSecrets.of(
        public=settings.public_secret,
        admin=settings.admin_secret,
        service=settings.service_secret,
        portal=settings.portal_secret,
    )


def _limiter(
    settings: Settings,
) -> tuple[RateLimiter, tuple[Callable[[], Awaitable[None]], ...]]:
    if settings.redis_url is None:
        return LocalLimiter(), ()
    from tradepost.platform.web.shared_rates import SharedLimiter

    shared = SharedLimiter.at(settings.redis_url)
    return shared, (shared.close,)


def _live(settings: Settings) -> tuple[Live, tuple[Callable[[], Awaitable[None]], ...]]:
    if settings.redis_url is None:
        return Live(), ()
    from tradepost.platform.live.redis import RedisChannel

    channel = RedisChannel.at(settings.redis_url)
    return Live(channel), (channel.close,)


def file_store(settings: Settings, clock: Clock | None = None) -> FileStore:
    """Where the files of shops lie: in the data folder, or in a bucket if one is named."""
    if settings.s3_bucket is None:
        return FolderStore(settings.data_dir / "files")
    from tradepost.platform.storage.s3 import Bucket, S3Store

    assert settings.s3_endpoint and settings.s3_access_key, "checked with the settings"
    signer = Signer(settings.s3_access_key, settings.s3_secret_key, settings.s3_region)
    bucket = Bucket(settings.s3_endpoint, settings.s3_bucket, signer)
    return S3Store(bucket, clock or SystemClock())


def _gateways(settings: Settings) -> dict[str, Gateway]:
    """The sandbox takes orders without money, so only a demo has it."""
    if settings.profile is not Profile.DEMO:
        return {}
    secret = hmac.digest(settings.service_secret[0].encode(), b"sandbox gateway", "sha256")
    return {SandboxGateway.name: SandboxGateway(secret)}


def _traces(settings: Settings) -> Traces:
    return OtelTraces.to(settings.otel_endpoint) if settings.otel_endpoint else NoTraces()
