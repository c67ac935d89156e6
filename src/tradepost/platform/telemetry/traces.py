"""Traces: a span a request, and below it one for each wish and query; OpenTelemetry if wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

Attributes = Mapping[str, str | int]


class OpenSpan(Protocol):
    """A span that is still open."""

    @property
    def trace_id(self) -> str:
        """The trace's identifier in hexadecimal; empty where nothing is traced."""
        ...

    def finish(self, name: str, attributes: Attributes) -> None:
        """Say what is known only at the end."""
        ...


class Traces(Protocol):
    """Where spans go."""

    def request(self, name: str, headers: Mapping[str, str]) -> AbstractContextManager[OpenSpan]:
        """A span of the server; ``headers`` may name the caller's (W3C Trace Context)."""
        ...

    def step(self, name: str) -> AbstractContextManager[None]:
        """A span inside of whatever span is open."""
        ...

    def close(self) -> None:
        """Send what is left."""
        ...


class TracesMissing(RuntimeError):
    """Traces are wanted, and OpenTelemetry is not installed."""

    def __init__(self) -> None:
        super().__init__("Traces need OpenTelemetry: pip install 'tradepost[otel]'")


class NoTraces:
    """Traces nothing."""

    trace_id = ""

    @contextmanager
    def request(self, name: str, headers: Mapping[str, str]) -> Iterator[OpenSpan]:
        """Nothing."""
        yield self

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Nothing."""
        yield

    def finish(self, name: str, attributes: Attributes) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class OtelTraces:
    """Traces by OpenTelemetry, to whatever a span processor does with them."""

    def __init__(self, processor: SpanProcessor, service: str = "tradepost") -> None:
        from opentelemetry import trace
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider = TracerProvider(resource=Resource.create({"service.name": service}))
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("tradepost")
        self._propagator = TraceContextTextMapPropagator()
        self._server = trace.SpanKind.SERVER

    @classmethod
    def to(cls, endpoint: str, service: str = "tradepost") -> OtelTraces:
        """Traces sent by OTLP over HTTP, in the background and in batches.

        :raises TracesMissing: if OpenTelemetry is not installed.
        """
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ModuleNotFoundError as error:
            raise TracesMissing from error
        exporter = OTLPSpanExporter(endpoint=endpoint.rstrip("/") + "/v1/traces")
        return cls(BatchSpanProcessor(exporter), service)

    @contextmanager
    def request(self, name: str, headers: Mapping[str, str]) -> Iterator[OpenSpan]:
        """A span of the server."""
        from opentelemetry.trace import Span

        class Open:
            def __init__(self, span: Span) -> None:
                self._span = span

            @property
            def trace_id(self) -> str:
                return f"{self._span.get_span_context().trace_id:032x}"

            def finish(self, name: str, attributes: Attributes) -> None:
                self._span.update_name(name)
                self._span.set_attributes(dict(attributes))

        context = self._propagator.extract(dict(headers))
        with self._tracer.start_as_current_span(name, context, self._server) as span:
            yield Open(span)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A span inside of the request's."""
        with self._tracer.start_as_current_span(name):
            yield

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()
