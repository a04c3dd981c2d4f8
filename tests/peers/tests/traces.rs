//! Traces that hold an event, the calls of its handler, and what Centrifugo does for them.

use std::time::Duration;

use peers::{Client, DirectSetup, DirectStack, Setup, Transport, free_port};
use serde_json::{Value, json};
use test_support::{ReceivedSpan, TraceReceiver};

const PROGRAM: &str = env!("CARGO_BIN_EXE_traced_backend");
const SERVER: i32 = 2;
const CLIENT: i32 = 3;

/// Starts a backend and Centrifugo, which both send traces to the receiver.
fn start(receiver: &TraceReceiver, transport: Transport, api: &str, settings: Value) -> DirectStack {
    DirectSetup::new(PROGRAM, transport)
        .env("WORKER_API", api)
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", &receiver.endpoint())
        .env("OTEL_SERVICE_NAME", "backend")
        .centrifugo_env("OTEL_EXPORTER_OTLP_ENDPOINT", &receiver.endpoint())
        .centrifugo_env("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
        .centrifugo_env("OTEL_BSP_SCHEDULE_DELAY", "50")
        .centrifugo(json!({ "opentelemetry": { "enabled": true, "api": true } }))
        .centrifugo(settings)
        .start()
}

fn one<'a>(spans: &'a [ReceivedSpan], what: &str, is_it: impl Fn(&ReceivedSpan) -> bool) -> &'a ReceivedSpan {
    let found: Vec<_> = spans.iter().filter(|span| is_it(span)).collect();
    assert_eq!(found.len(), 1, "one {what}: {spans:#?}");
    found[0]
}

/// Checks the spans of an event, of its call, and of Centrifugo. Returns the spans of the backend.
async fn check_trace(receiver: &TraceReceiver, mut stack: DirectStack, system: &str) -> Vec<ReceivedSpan> {
    let ann = Client::connect_as(&stack, "ann").await;
    let mut room = ann.subscribe("chat:1");
    assert_eq!(room.outcome().await, "subscribed ");
    assert_eq!(ann.rpc("say/1", &json!({ "n": 1 })).await, Ok(Value::Null));
    assert!(ann.rpc("nowhere", &Value::Null).await.is_err());
    // Centrifugo exports after 50 ms. The backend would export after 5 s, and does so at its end.
    let is_of_centrifugo = |span: &ReceivedSpan| span.resource["service.name"] == "centrifugo";
    let centrifugos = || receiver.spans().into_iter().filter(is_of_centrifugo).count();
    receiver
        .wait_for("third span of Centrifugo", |_| centrifugos() >= 3)
        .await;
    stack.program.process.terminate();
    let status = stack
        .program
        .process
        .wait_for_exit(Duration::from_secs(8))
        .expect("an end");
    assert!(status.success(), "{status}");
    let (spans, own): (Vec<_>, Vec<_>) = receiver.spans().into_iter().partition(is_of_centrifugo);
    assert_eq!(spans.len(), 3, "{spans:#?}");

    for (pattern, channel, failure) in [("say/{room}", "chat:1", ""), ("nowhere", "nowhere:1", "error")] {
        let event = one(&own, pattern, |span| span.attribute("pattern") == pattern);
        assert_eq!((event.kind, &*event.parent_id), (SERVER, ""), "{event:#?}");
        assert_eq!(event.attribute("enduser.id"), "ann");
        assert_eq!(event.attribute("rpc.system.name"), system);
        let call = one(&own, "call", |span| span.parent_id == event.span_id);
        assert_eq!(
            (call.kind, &call.trace_id),
            (CLIENT, &event.trace_id),
            "{call:#?}"
        );
        assert_eq!(call.attribute("messaging.destination.name"), channel);
        assert_eq!(call.attribute("error.type"), failure);
        let server = one(&spans, "span of Centrifugo", |span| {
            span.parent_id == call.span_id
        });
        assert_eq!(
            (server.kind, &server.trace_id),
            (SERVER, &event.trace_id),
            "{server:#?}"
        );
        assert_eq!(server.attribute("centrifugo.channel"), channel);
        if system == "grpc" {
            // Centrifugo uses the same names.
            for key in ["rpc.method", "rpc.system.name"] {
                assert_eq!(server.attribute(key), call.attribute(key), "{key}");
            }
        }
    }
    assert!(own.iter().all(|span| span.resource["service.name"] == "backend"));
    own
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_holds_an_event_and_its_call_over_grpc() {
    let receiver = TraceReceiver::start().await;
    let port = free_port();
    let grpc_api = json!({ "grpc_api": { "enabled": true, "address": "127.0.0.1", "port": port } });
    let stack = start(
        &receiver,
        Transport::Grpc,
        &format!("grpc://127.0.0.1:{port}"),
        grpc_api,
    );
    check_trace(&receiver, stack, "grpc").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_holds_an_event_and_its_call_over_http() {
    let receiver = TraceReceiver::start().await;
    let port = free_port();
    let http_api = json!({
        "http_server": { "internal_address": "127.0.0.1", "internal_port": port.to_string() },
        "http_api": { "insecure": true },
    });
    let stack = start(
        &receiver,
        Transport::Http,
        &format!("http://127.0.0.1:{port}"),
        http_api,
    );
    check_trace(&receiver, stack, "centrifugo").await;
}

/// The header of the connection comes with each of its events.
#[tokio::test(flavor = "multi_thread")]
async fn links_events_to_the_traceparent_of_their_connection() {
    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    for (trust, transport) in [("link", Transport::Grpc), ("trust", Transport::Http)] {
        let receiver = TraceReceiver::start().await;
        let port = free_port();
        let mut stack = DirectSetup::new(PROGRAM, transport)
            .env("WORKER_API", &format!("grpc://127.0.0.1:{port}"))
            .env("WORKER_TRACE_PARENT", trust)
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", &receiver.endpoint())
            .proxy(json!({ "http_headers": ["traceparent"] }))
            .centrifugo(json!({ "grpc_api": { "enabled": true, "address": "127.0.0.1", "port": port } }))
            .start();
        let mut headers = http::HeaderMap::new();
        headers.insert("traceparent", http::HeaderValue::from_static(PARENT));
        let mut ann = Client::start_with_settings(&stack, |builder| {
            builder
                .data(json!({ "user": "ann" }).to_string())
                .http_headers(headers)
        });
        assert_eq!(ann.outcome().await, "connected");
        assert_eq!(ann.rpc("say/1", &json!(1)).await, Ok(Value::Null));
        stack.program.process.terminate();
        assert!(
            stack
                .program
                .process
                .wait_for_exit(Duration::from_secs(8))
                .is_some()
        );
        let spans = receiver.spans();
        for kind in ["connect", "rpc"] {
            let event = one(&spans, kind, |span| span.attribute("kind") == kind);
            let (trace, span) = (&PARENT[3..35], &PARENT[36..52]);
            if trust == "trust" {
                assert_eq!((&*event.trace_id, &*event.parent_id), (trace, span), "{event:#?}");
                assert!(event.links.is_empty(), "{event:#?}");
            } else {
                assert_eq!(event.links, [(trace.to_owned(), span.to_owned())]);
                assert!(
                    event.trace_id != trace && event.parent_id.is_empty(),
                    "{event:#?}"
                );
            }
        }
    }
}

/// The workers of RoadRunner send traces too. RoadRunner's RPC has no place for the context of a call.
#[tokio::test(flavor = "multi_thread")]
async fn workers_of_roadrunner_send_traces() {
    let receiver = TraceReceiver::start().await;
    let mut stack = Setup::new(PROGRAM)
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", &receiver.endpoint())
        .start();
    let ann = Client::connect_as(&stack, "ann").await;
    assert_eq!(ann.rpc("say/1", &json!(1)).await, Ok(Value::Null));
    stack.roadrunner.terminate();
    assert!(stack.roadrunner.wait_for_exit(Duration::from_secs(20)).is_some());
    let spans = receiver.spans();
    let event = one(&spans, "event", |span| span.attribute("pattern") == "say/{room}");
    let call = one(&spans, "call", |span| span.parent_id == event.span_id);
    assert_eq!(call.attribute("transport"), "roadrunner");
    assert_eq!(event.attribute("transport"), "roadrunner");
}
