//! The span of an event.

use std::fmt;

use tracing::field::Empty;
use tracing::{Span, record_all};

use super::event_duration::EventDuration;
use crate::event::Kind;
use crate::handler::{Call, OutcomeSummary};
use crate::logging::{FieldText, personal_field, records_conventions};
use crate::metrics::EventOutcome;
use crate::otel::join_trace;

/// The service that Centrifugo calls (`proxy.proto`).
const SERVICE: &str = "centrifugal.centrifugo.proxy.CentrifugoProxy";

/// Returns the span of an event, or a disabled span if no subscriber records it.
#[inline]
pub(super) fn event_span(call: &Call) -> Span {
    if tracing::span_enabled!(target: "centrifugo::event", tracing::Level::INFO) {
        enabled_span(call)
    } else {
        Span::none()
    }
}

/// Not inlined, since most programs have no such spans.
#[inline(never)]
fn enabled_span(Call { event, found, .. }: &Call) -> Span {
    let (kind, request, fields) = (event.kind(), event.request(), &found.fields);
    let route = found.entry.map(|entry| entry.route);
    let pattern = route.and_then(|route| route.pattern);
    let target = Some(request.target(fields, kind))
        .filter(|target| !target.is_empty())
        .map(FieldText::new);
    let (channel, method) = match kind {
        Kind::Rpc => (None, target),
        _ => (target, None),
    };
    let client = personal_field(request.client(fields, kind));
    let user = personal_field(request.user(fields, kind));
    let transport = event.transport();
    let is_named = records_conventions();
    let destination = channel.as_ref().filter(|_| is_named).map(FieldText::text);
    let enduser = user.as_ref().filter(|_| is_named).map(FieldText::text);
    let span = tracing::info_span!(
        target: "centrifugo::event", "event",
        // These are looked up by name later, from the first field on.
        outcome = Empty, duration = Empty,
        %kind, pattern, handler = route.map_or("none", |route| route.name),
        channel = channel.as_ref().map(FieldText::value), method = method.as_ref().map(FieldText::value),
        client = client.as_ref().map(FieldText::value), user = user.as_ref().map(FieldText::value),
        transport = (!transport.is_empty()).then_some(transport),
        otel.name = is_named.then(|| display(SpanName { kind, pattern })), otel.kind = is_named.then_some("server"),
        otel.status_code = Empty,
        rpc.system.name = is_named.then_some(system(transport)), rpc.method = is_named.then(|| display(RpcMethod(kind))),
        messaging.system = destination.as_ref().map(|_| "centrifugo"),
        messaging.destination.name = destination.as_deref(),
        enduser.id = enduser.as_deref(), error.type = Empty,
    );
    join_trace(&span, event.metadata());
    span
}

/// Returns the span of an event that cannot be read.
pub(super) fn unreadable_span(kind: Kind) -> Span {
    let is_named = records_conventions();
    tracing::info_span!(
        target: "centrifugo::event", "event",
        outcome = Empty, duration = Empty, %kind, handler = "none",
        otel.name = is_named.then(|| display(SpanName { kind, pattern: None })), otel.kind = is_named.then_some("server"),
        otel.status_code = Empty, rpc.method = is_named.then(|| display(RpcMethod(kind))),
        error.type = Empty,
    )
}

/// Records the outcome of an event.
pub(super) fn record_outcome(span: &Span, summary: OutcomeSummary, duration: &EventDuration) {
    if !records_conventions() {
        // Only the built-in log has the span, and its line of the event has both.
        return;
    }
    record_all!(span, outcome = %summary, duration = ?duration);
    if summary.outcome == EventOutcome::Ok {
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
