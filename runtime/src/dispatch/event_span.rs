//! The span of an event.

use std::fmt;

use tracing::Span;
use tracing::field::{Empty, debug, display};

use crate::event::{Event, Kind, Metadata, Request};
use crate::handler::{OutcomeSummary, Route};
use crate::logging::{clip, personal_field, personal_text, records_conventions};
use crate::metrics::EventOutcome;
use crate::otel::join_trace;

/// The service that Centrifugo calls (`proxy.proto`).
const SERVICE: &str = "centrifugal.centrifugo.proxy.CentrifugoProxy";

/// What the span of an event shows.
pub(super) struct EventSpan<'a> {
    pub(super) kind: Kind,
    pub(super) route: Option<&'static Route>,
    pub(super) request: &'a Request,
    pub(super) metadata: &'a Metadata,
    /// How the event reached the process, or an empty text.
    pub(super) transport: &'static str,
}

impl<'a> EventSpan<'a> {
    pub(super) fn new(event: &'a Event, route: Option<&'static Route>) -> Self {
        Self {
            kind: event.kind(),
            route,
            request: event.request(),
            metadata: event.metadata(),
            transport: event.transport(),
        }
    }

    /// Returns the span of the event, or a disabled span if no subscriber records it.
    #[inline]
    pub(super) fn open(&self) -> Span {
        if tracing::enabled!(target: "centrifugo::event", tracing::Level::INFO) {
            self.open_enabled()
        } else {
            Span::none()
        }
    }

    /// Not inlined, since most programs have no such spans.
    #[inline(never)]
    fn open_enabled(&self) -> Span {
        let (kind, request) = (self.kind, self.request);
        // Parsed again. Few programs have spans, and keeping the fields would make all events larger.
        let fields = request.fields(kind).unwrap_or_default();
        let pattern = self.route.and_then(|route| route.pattern);
        let target = Some(request.target(&fields, kind)).filter(|target| !target.is_empty());
        let (channel, method) = match kind {
            Kind::Rpc => (None, target),
            _ => (target, None),
        };
        let text = |text| debug(clip(text));
        let (client, user) = (request.client(&fields, kind), request.user(&fields, kind));
        let is_named = records_conventions();
        let destination = channel.filter(|_| is_named).map(|channel| display(clip(channel)));
        let enduser = personal_text(user).filter(|_| is_named);
        let span = tracing::info_span!(
            target: "centrifugo::event", "event",
            %kind, pattern, handler = self.route.map_or("none", |route| route.name),
            channel = channel.map(text), method = method.map(text), client = personal_field(client), user = personal_field(user),
            transport = (!self.transport.is_empty()).then_some(self.transport), outcome = Empty, duration = Empty,
            otel.name = is_named.then(|| display(SpanName { kind, pattern })), otel.kind = is_named.then_some("server"),
            otel.status_code = Empty,
            rpc.system.name = is_named.then_some(system(self.transport)), rpc.method = is_named.then(|| display(RpcMethod(kind))),
            messaging.system = destination.as_ref().map(|_| "centrifugo"), messaging.destination.name = destination,
            enduser.id = enduser, error.type = Empty,
        );
        join_trace(&span, self.metadata);
        span
    }
}

/// Returns the span of an event that cannot be read.
pub(super) fn unreadable_span(kind: Kind) -> Span {
    let is_named = records_conventions();
    tracing::info_span!(
        target: "centrifugo::event", "event",
        %kind, handler = "none", outcome = Empty, duration = Empty,
        otel.name = is_named.then(|| display(SpanName { kind, pattern: None })), otel.kind = is_named.then_some("server"),
        otel.status_code = Empty, rpc.method = is_named.then(|| display(RpcMethod(kind))),
        error.type = Empty,
    )
}

/// Records the outcome of an event by the names of OpenTelemetry.
pub(super) fn record_convention(span: &Span, summary: OutcomeSummary) {
    if !records_conventions() || summary.outcome == EventOutcome::Ok {
        return;
    }
    span.record("error.type", &*summary.to_string());
    // As for gRPC: what the client did wrong is not an error of the server.
    let is_failure = !matches!(
        summary.outcome,
        EventOutcome::Error | EventOutcome::Disconnect | EventOutcome::Cancelled
    );
    if is_failure {
        span.record("otel.status_code", "ERROR");
    }
}

/// Returns the system of a call, as OpenTelemetry names it where it has a name.
fn system(transport: &str) -> &'static str {
    if transport == "grpc" { "grpc" } else { "centrifugo" }
}

/// The gRPC method of a kind, with its service.
struct RpcMethod(Kind);

impl fmt::Display for RpcMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SERVICE}/{}", self.0.method())
    }
}

/// The name of a span. It has few values: channels and methods are in it as patterns.
struct SpanName {
    kind: Kind,
    pattern: Option<&'static str>,
}

impl fmt::Display for SpanName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        match self.pattern {
            Some(pattern) => write!(f, " {pattern}"),
            None => Ok(()),
        }
    }
}
