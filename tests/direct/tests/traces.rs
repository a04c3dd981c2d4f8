//! Traces of a program: what a collector receives, and what happens without one.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;
use support::Program;
use support::http_client::{HttpConnection, send};
use test_support::{Authority, ReceivedSpan, TraceReceiver};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const SERVER: i32 = 2;
const CLIENT: i32 = 3;

fn start(env: &[(&str, &str)]) -> Program {
    let api = ("WORKER_API", "http://127.0.0.1:1");
    Program::start_binary(env!("CARGO_BIN_EXE_traced"), &[&[api], env].concat())
}

async fn event(http: SocketAddr, kind: &str, target: &str, headers: &[(&str, &str)]) -> String {
    let body = format!(r#"{{"client":"c1","user":"ann",{target},"data":"secret data"}}"#);
    let (status, answer) = send(
        http,
        "POST",
        &format!("/centrifugo/{kind}"),
        headers,
        body.as_bytes(),
    )
    .await;
    assert_eq!(status, 200, "{answer}");
    answer
}

async fn rpc(program: &Program, method: &str, headers: &[(&str, &str)]) -> String {
    event(
        program.http.unwrap(),
        "rpc",
        &format!(r#""method":"{method}""#),
        headers,
    )
    .await
}

/// Ends a program. Returns how long this took.
async fn terminate(program: &mut Program) -> Duration {
    let start = Instant::now();
    program.signal(Signal::TERM);
    let status = program.wait_for_exit().await;
    assert!(status.success(), "{status}: {}", program.log.text());
    start.elapsed()
}

/// Answers calls of the HTTP API, and passes their heads on.
async fn http_api() -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, heads) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let sender = sender.clone();
            tokio::spawn(async move {
                let mut request = vec![0; 4096];
                while let Ok(len @ 1..) = stream.read(&mut request).await {
                    let _ = sender.send(String::from_utf8_lossy(&request[..len]).into_owned());
                    let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 13\r\n\r\n{\"result\":{}}";
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    (url, heads)
}

fn one<'a>(spans: &'a [ReceivedSpan], key: &str, value: &str) -> &'a ReceivedSpan {
    let found: Vec<_> = spans.iter().filter(|span| span.attribute(key) == value).collect();
    assert_eq!(found.len(), 1, "one span with {key}={value}: {spans:#?}");
    found[0]
}

#[tokio::test(flavor = "multi_thread")]
async fn sends_events_and_calls_at_the_end_of_the_program() {
    let receiver = TraceReceiver::start().await;
    let (api, mut heads) = http_api().await;
    let mut program = start(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &receiver.endpoint()),
        ("OTEL_RESOURCE_ATTRIBUTES", "service.version=1.2.3"),
        ("WORKER_API", &api),
        ("WORKER_LOG_USER", "hash"),
    ]);
    rpc(&program, "ok/7", &[("traceparent", PARENT)]).await;
    rpc(&program, "publish/news", &[]).await;
    for method in ["banned", "fails", "panics", "hangs", "no/such", "keeps-waker"] {
        rpc(&program, method, &[]).await;
    }
    event(program.http.unwrap(), "subscribe", r#""channel":"chat:1""#, &[]).await;
    // The default delay between two exports is 5 s.
    let elapsed = terminate(&mut program).await;
    assert!(elapsed < Duration::from_secs(1), "{elapsed:?}");
    let spans = receiver.spans();

    let ok = one(&spans, "pattern", "ok/{n}");
    assert_eq!((&*ok.name, ok.kind, ok.status), ("rpc ok/{n}", SERVER, 0));
    for (key, value) in [
        ("kind", "rpc"),
        ("outcome", "ok"),
        ("rpc.system.name", "centrifugo"),
        ("rpc.method", "centrifugal.centrifugo.proxy.CentrifugoProxy/RPC"),
        ("error.type", ""),
        ("messaging.destination.name", ""),
    ] {
        assert_eq!(ok.attribute(key), value, "{key}");
    }
    let user = ok.attribute("enduser.id");
    assert!(user.starts_with('#') && user.len() == 17, "{user}");
    assert_eq!(ok.attribute("user"), user);
    // The trace is not the client's.
    let (trace, parent) = (&PARENT[3..35], &PARENT[36..52]);
    assert_eq!(ok.links, [(trace.to_owned(), parent.to_owned())]);
    assert!(ok.parent_id.is_empty() && ok.trace_id != trace, "{ok:?}");
    let own = spans.iter().find(|span| span.name == "own").unwrap();
    assert_eq!((&own.trace_id, &own.parent_id), (&ok.trace_id, &ok.span_id));
    assert_eq!(own.events, ["inside"]);

    // Its span has ended.
    let kept = one(&spans, "pattern", "keeps-waker");
    assert_eq!(kept.attribute("outcome"), "ok");

    let event = one(&spans, "pattern", "publish/{channel}");
    let call = one(&spans, "method", "Publish");
    assert_eq!(call.name, "centrifugal.centrifugo.api.CentrifugoApi/Publish");
    assert_eq!(
        (call.kind, call.attribute("rpc.method"), call.status),
        (CLIENT, &*call.name, 0)
    );
    assert_eq!(call.attribute("messaging.destination.name"), "news");
    assert_eq!(
        (&call.trace_id, &call.parent_id),
        (&event.trace_id, &event.span_id)
    );
    let head = heads.recv().await.unwrap();
    let header = format!("traceparent: 00-{}-{}-01\r\n", call.trace_id, call.span_id);
    assert!(head.contains(&header) && !head.contains("tracestate"), "{head}");

    for (outcome, status) in [
        ("disconnect:4501", 0),
        ("internal", 2),
        ("panic", 2),
        ("timeout", 2),
        ("refused", 2),
    ] {
        let span = one(&spans, "outcome", outcome);
        assert_eq!(
            (span.attribute("error.type"), span.status),
            (outcome, status),
            "{outcome}"
        );
    }
    let subscribe = one(&spans, "messaging.destination.name", "chat:1");
    assert_eq!(
        (&*subscribe.name, subscribe.attribute("messaging.system")),
        ("subscribe chat:*", "centrifugo")
    );

    for span in &spans {
        assert_eq!(span.resource["service.name"], "traced");
        assert_eq!(span.resource["service.version"], "1.2.3");
        assert_eq!(span.resource["process.pid"], program.id().to_string());
        assert_eq!(
            span.resource["service.instance.id"],
            ok.resource["service.instance.id"]
        );
        assert_eq!(span.scope.0, "centrifugo");
        assert!(!format!("{span:?}").contains("secret data"), "{span:?}");
    }
    assert!(
        !program.log.text().contains("traces not"),
        "{}",
        program.log.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn trusts_the_traceparent_only_if_it_is_told_to() {
    let receiver = TraceReceiver::start().await;
    let mut program = start(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &receiver.endpoint()),
        ("OTEL_SERVICE_NAME", "shop"),
        ("WORKER_TRACE_PARENT", "trust"),
    ]);
    rpc(
        &program,
        "ok/1",
        &[("traceparent", PARENT), ("tracestate", "vendor=1")],
    )
    .await;
    rpc(
        &program,
        "ok/2",
        &[("traceparent", "00-x"), ("tracestate", "\u{1f600}")],
    )
    .await;
    terminate(&mut program).await;
    let spans = receiver.spans();
    let trusted = one(&spans, "method", "ok/1");
    assert_eq!(
        (&*trusted.trace_id, &*trusted.parent_id),
        (&PARENT[3..35], &PARENT[36..52])
    );
    assert!(trusted.links.is_empty());
    assert_eq!(trusted.resource["service.name"], "shop");
    let wrong = one(&spans, "method", "ok/2");
    assert!(wrong.parent_id.is_empty() && wrong.links.is_empty(), "{wrong:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_the_ids_of_traces_as_json() {
    let receiver = TraceReceiver::start().await;
    let log = test_support::Log::new("stderr");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_traced"))
        .env("WORKER_LISTEN", "off")
        .env("WORKER_HTTP_LISTEN", "127.0.0.1:0")
        .env("WORKER_LOG", "json")
        .env("WORKER_API", "http://127.0.0.1:1")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint())
        .env("OTEL_BSP_SCHEDULE_DELAY", "50")
        .stderr(log.create())
        .spawn()
        .unwrap();
    // The banner is one of the JSON lines.
    let text = log.wait_for("HTTP on ");
    let address = text.split("HTTP on ").nth(1).unwrap();
    let http = address[..address.find([',', '\\', ' ']).unwrap()]
        .parse()
        .unwrap();
    for method in ["ok/1", "fails"] {
        event(http, "rpc", &format!(r#""method":"{method}""#), &[]).await;
    }
    let own = receiver.wait_for("own span", |span| span.name == "own").await;
    let fails = receiver
        .wait_for("failed event", |span| span.attribute("handler") == "fails")
        .await;
    let text = log.wait_for("the database");
    let _ = child.kill();
    let _ = child.wait();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let line = |part: &str| lines.iter().find(|line| line.to_string().contains(part)).unwrap();
    let inside = line("inside");
    assert_eq!(
        (&inside["trace_id"], &inside["span_id"]),
        (&own.trace_id.into(), &own.span_id.into())
    );
    let error = line("the database");
    assert_eq!(
        (&error["trace_id"], &error["span_id"]),
        (&fails.trace_id.into(), &fails.span_id.into())
    );
    assert_eq!(lines[0].get("trace_id"), None);
    // The log shows spans on demand only, whatever is traced.
    assert_eq!(error.get("spans"), None);
}

/// The exporter trusts the system's certificates, which `SSL_CERT_FILE` replaces.
#[tokio::test(flavor = "multi_thread")]
async fn sends_traces_over_tls() {
    // With the features of all packages of the workspace, rustls has two providers and chooses none.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    let authority = Authority::new("traces");
    let (cert, key) = authority.sign("localhost");
    let receiver = TraceReceiver::start_with_tls(&cert, &key).await;
    let trusted = authority.file("ca.pem", &authority.pem);
    let other = authority.file("other.pem", &Authority::new("other-traces").pem);
    for (certificates, is_sent) in [(&trusted, true), (&other, false)] {
        let mut program = start(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &receiver.endpoint()),
            ("SSL_CERT_FILE", certificates),
        ]);
        rpc(&program, "banned", &[]).await;
        let before = receiver.spans().len();
        terminate(&mut program).await;
        let log = program.log.text();
        assert_eq!(receiver.spans().len() > before, is_sent, "{log}");
        assert_eq!(log.contains("traces not flushed"), !is_sent, "{log}");
    }
}

/// Sends more events than the queue of spans holds. Returns how long the end of the program takes.
async fn survives_without_a_collector(endpoint: &str) -> Duration {
    let mut program = start(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        ("OTEL_BSP_SCHEDULE_DELAY", "20"),
    ]);
    for _ in 0..100 {
        rpc(&program, "ok/1", &[]).await;
    }
    let before = program.memory();
    let start = Instant::now();
    let mut connection = HttpConnection::open(program.http.unwrap()).await;
    for n in 0..6_000 {
        let body = format!(r#"{{"client":"c1","user":"ann","method":"ok/{n}","data":"secret data"}}"#);
        connection
            .request("/centrifugo/rpc", Some("application/json"), &body)
            .await;
        let (status, answer) = connection.response().await;
        assert_eq!(status, 200, "{answer}");
    }
    eprintln!("{endpoint}: 6,000 events in {:?}", start.elapsed());
    before.assert_bounded(&program, "memory without a collector");
    let elapsed = terminate(&mut program).await;
    let log = program.log.text();
    assert_eq!(log.matches("traces not flushed").count(), 1, "{log}");
    assert!(log.matches("traces not exported").count() <= 1, "{log}");
    elapsed
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_events_without_a_collector() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    // Connections are accepted by the kernel, and never answered.
    let slow = survives_without_a_collector(&endpoint).await;
    drop(listener);
    let down = survives_without_a_collector(&endpoint).await;
    eprintln!("exit with a collector that is slow: {slow:?}; that is down: {down:?}");
    assert!(slow.max(down) < Duration::from_millis(1500));
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_to_start_with_invalid_variables() {
    for (key, value, part) in [
        (
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "http/protobuf",
            "only `grpc` is built in",
        ),
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "http://a b",
            "traces can't be set up",
        ),
        ("WORKER_TRACE_PARENT", "yes", "WORKER_TRACE_PARENT is `yes`"),
    ] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_traced"));
        let output = command
            .env(key, value)
            .env("WORKER_LISTEN", "127.0.0.1:0")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && text.contains(part), "{text}");
    }
}
