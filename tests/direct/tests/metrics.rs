//! The metrics and the probes that a program serves on `WORKER_METRICS_LISTEN`.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use centrifugo::proto::proxy::RefreshRequest;
use rustix::process::Signal;
use support::http_client::post;
use support::{Program, outcome_text, rpc, start_error};
use test_support::Authority;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tonic::Request;

const LISTEN: (&str, &str) = ("WORKER_METRICS_LISTEN", "127.0.0.1:0");

fn metrics_address(program: &Program) -> SocketAddr {
    let log = program.log.wait_for("serving metrics");
    let rest = log.split("serving metrics address=").nth(1).unwrap();
    rest.split_whitespace().next().unwrap().parse().unwrap()
}

/// Sends a request without a body. Returns the status and the body.
async fn request(address: SocketAddr, method: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nhost: here\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

async fn scrape(address: SocketAddr) -> String {
    let (status, text) = request(address, "GET", "/metrics").await;
    assert_eq!(status, 200);
    text
}

/// Returns the samples of a metric: the labels and the value.
fn samples(text: &str, name: &str) -> Vec<String> {
    let name = format!("centrifugo_backend_{name}");
    let mut samples: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix(&name))
        .filter(|rest| rest.starts_with(['{', ' ']))
        .map(str::to_owned)
        .collect();
    samples.sort();
    samples
}

/// Scrapes until a metric has this sample.
async fn wait_for_sample(address: SocketAddr, name: &str, sample: &str) -> String {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let text = scrape(address).await;
        if samples(&text, name).iter().any(|found| found == sample) {
            return text;
        }
        assert!(Instant::now() < end, "{name}{sample} is not in {text}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_events_of_both_endpoints_by_their_outcomes() {
    let program = Program::start(&[
        LISTEN,
        ("WORKER_SECRET_KEY", "x-key"),
        ("WORKER_SECRET_VALUE", "s3cret"),
    ]);
    let address = metrics_address(&program);
    let client = program.client().await;
    let with_secret = |method: &str, data: &str| {
        let mut request = Request::new(rpc(method, data));
        request.metadata_mut().insert("x-key", "s3cret".parse().unwrap());
        request
    };
    for method in [
        "echo", "echo", "echo", "internal", "busy", "kicked", "panic", "hang", "no-such", "take",
    ] {
        // The data is a string, which `take` does not accept.
        let request = with_secret(method, "\"x\"");
        let _: centrifugo::proto::proxy::RpcResponse = client.call("RPC", request).await.unwrap();
    }
    for user in ["42", "internal"] {
        let mut request = Request::new(RefreshRequest {
            user: user.into(),
            ..Default::default()
        });
        request.metadata_mut().insert("x-key", "s3cret".parse().unwrap());
        let refreshed = client
            .call::<_, centrifugo::proto::proxy::RefreshResponse>("Refresh", request)
            .await;
        assert_eq!(refreshed.is_ok(), user == "42");
    }
    assert!(client.rpc("echo", "1").await.is_err(), "without the secret");
    let http = program.http.unwrap();
    assert_eq!(post(http, "/centrifugo/rpc", r#"{"method":"echo"}"#).await.0, 401);

    let text = scrape(address).await;
    let events = [
        r#"{kind="refresh",handler="refresh",outcome="internal"} 1"#,
        r#"{kind="refresh",handler="refresh",outcome="ok"} 1"#,
        r#"{kind="rpc",handler="busy",outcome="error"} 1"#,
        r#"{kind="rpc",handler="echo",outcome="ok"} 3"#,
        r#"{kind="rpc",handler="hang",outcome="timeout"} 1"#,
        r#"{kind="rpc",handler="internal",outcome="internal"} 1"#,
        r#"{kind="rpc",handler="kicked",outcome="disconnect"} 1"#,
        r#"{kind="rpc",handler="none",outcome="refused"} 1"#,
        r#"{kind="rpc",handler="panic",outcome="panic"} 1"#,
        r#"{kind="rpc",handler="take",outcome="error"} 1"#,
    ];
    assert_eq!(samples(&text, "events_total"), events);
    assert_eq!(samples(&text, "event_duration_seconds_count"), events);
    let refused = [r#"{reason="no_handler"} 1"#, r#"{reason="secret"} 2"#];
    assert_eq!(samples(&text, "events_refused_total"), refused);
    assert_eq!(samples(&text, "panics_total"), [r#"{handler="panic"} 1"#]);
    assert_eq!(
        samples(&text, "handler_timeouts_total"),
        [r#"{handler="hang"} 1"#]
    );
    assert_eq!(samples(&text, "grace_total"), [r#"{kind="refresh"} 1"#]);
    let in_flight = [r#"{kind="refresh"} 0"#, r#"{kind="rpc"} 0"#];
    assert_eq!(samples(&text, "events_in_flight"), in_flight);
    let connections = [r#"{transport="grpc"} 1"#, r#"{transport="http"} 1"#];
    assert_eq!(samples(&text, "connections_total"), connections);
    assert_eq!(samples(&text, "states_build_seconds").len(), 1);
    assert!(samples(&text, "build_info")[0].contains("prometheus"), "{text}");
    // Descriptions, and buckets instead of quantiles.
    assert!(text.contains("# TYPE centrifugo_backend_event_duration_seconds histogram"));
    assert!(text.contains("# HELP centrifugo_backend_grace_total Refresh and"));
    // Nothing that a client has sent.
    for value in ["no-such", "c1", "\"42\""] {
        assert!(!text.contains(value), "{value} in {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_unreadable_events() {
    let program = Program::start(&[LISTEN]);
    let address = metrics_address(&program);
    let http = program.http.unwrap();
    assert_eq!(post(http, "/centrifugo/rpc", "{").await.0, 400);
    let text = scrape(address).await;
    let events = [r#"{kind="rpc",handler="none",outcome="unreadable"} 1"#];
    assert_eq!(samples(&text, "events_total"), events);
    assert_eq!(
        samples(&text, "events_refused_total"),
        [r#"{reason="unreadable"} 1"#]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn shows_handlers_that_block_their_thread() {
    let program = Program::start(&[LISTEN]);
    let address = metrics_address(&program);
    let client = program.client().await;
    let answer = client.rpc("never-yields", "1500").await.unwrap();
    assert!(outcome_text(&answer).starts_with("error 100"));
    let text = wait_for_sample(address, "handlers_blocked", r#"{handler="never_yields"} 1"#).await;
    let events = [r#"{kind="rpc",handler="never_yields",outcome="timeout"} 1"#];
    assert_eq!(samples(&text, "events_total"), events);
    wait_for_sample(address, "handlers_blocked", r#"{handler="never_yields"} 0"#).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_events_above_the_limit_of_concurrency() {
    let env = [
        LISTEN,
        ("WORKER_CONCURRENCY", "1"),
        ("WORKER_HANDLER_TIMEOUT", "600ms"),
    ];
    let program = Program::start(&env);
    let address = metrics_address(&program);
    let client = program.client().await;
    let waiting = {
        let client = client.clone();
        tokio::spawn(async move { client.rpc("wait", "1").await })
    };
    program.notes.wait_for("wait started");
    // Waits for half of the time limit.
    let answer = client.rpc("echo", "1").await.unwrap();
    assert!(outcome_text(&answer).starts_with("error 111"));
    assert!(outcome_text(&waiting.await.unwrap().unwrap()).starts_with("error 100"));
    let text = scrape(address).await;
    let events = [
        r#"{kind="rpc",handler="echo",outcome="refused"} 1"#,
        r#"{kind="rpc",handler="wait",outcome="timeout"} 1"#,
    ];
    assert_eq!(samples(&text, "events_total"), events);
    let refused = [r#"{reason="concurrency"} 1"#];
    assert_eq!(samples(&text, "events_refused_total"), refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_streams_and_their_messages() {
    let program = Program::start_binary(env!("CARGO_BIN_EXE_streams"), &[LISTEN]);
    let address = metrics_address(&program);
    let client = program.client().await;
    let mut stream = client.open_two_way("echo").await.unwrap();
    for data in ["\"a\"", "\"b\""] {
        stream.publish(data);
        assert_eq!(stream.next().await.unwrap().unwrap(), data);
    }
    for channel in ["numbers:refused", "numbers:banned", "elsewhere"] {
        client.open_one_way(channel).await.unwrap();
    }
    for channel in ["numbers:internal", "numbers:panic"] {
        assert!(client.open_one_way(channel).await.is_err());
    }
    let text = scrape(address).await;
    let events = [
        r#"{kind="subscribe_stream",handler="echo",outcome="ok"} 1"#,
        r#"{kind="subscribe_stream",handler="none",outcome="refused"} 1"#,
        r#"{kind="subscribe_stream",handler="numbers",outcome="disconnect"} 1"#,
        r#"{kind="subscribe_stream",handler="numbers",outcome="error"} 1"#,
        r#"{kind="subscribe_stream",handler="numbers",outcome="internal"} 1"#,
        r#"{kind="subscribe_stream",handler="numbers",outcome="panic"} 1"#,
    ];
    assert_eq!(samples(&text, "events_total"), events);
    assert_eq!(samples(&text, "streams_open"), [r#"{handler="echo"} 1"#]);
    let messages = [
        r#"{handler="echo",direction="in"} 2"#,
        r#"{handler="echo",direction="out"} 2"#,
    ];
    assert_eq!(samples(&text, "stream_messages_total"), messages);
    drop(stream);
    wait_for_sample(address, "streams_open", r#"{handler="echo"} 0"#).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_connections_and_failed_tls_handshakes() {
    let authority = Authority::new("metrics-tls");
    let (cert, key) = authority.sign("localhost");
    let program = Program::start(&[
        LISTEN,
        ("WORKER_TLS_CERT", &authority.file("cert.pem", &cert)),
        ("WORKER_TLS_KEY", &authority.file("key.pem", &key)),
    ]);
    let address = metrics_address(&program);
    let idle = TcpStream::connect(program.grpc.unwrap()).await.unwrap();
    wait_for_sample(address, "connections_open", r#"{transport="grpc"} 1"#).await;
    let mut plain = TcpStream::connect(program.http.unwrap()).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let failures = "tls_handshake_failures_total";
    let text = wait_for_sample(address, failures, r#"{transport="http"} 1"#).await;
    let total = [r#"{transport="grpc"} 1"#, r#"{transport="http"} 1"#];
    assert_eq!(samples(&text, "connections_total"), total);
    drop((idle, plain));
    wait_for_sample(address, "connections_open", r#"{transport="grpc"} 0"#).await;
    wait_for_sample(address, "connections_open", r#"{transport="http"} 0"#).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_and_logs_a_handler_that_panics_when_it_is_dropped() {
    let program = Program::start(&[LISTEN]);
    let address = metrics_address(&program);
    let answer = program.client().await.rpc("drop-panics", "null").await.unwrap();
    assert!(outcome_text(&answer).starts_with("error 100"));
    wait_for_sample(address, "panics_total", r#"{handler="drop_panics"} 1"#).await;
    let log = program.log.wait_for("handler panicked when it was dropped");
    let mut lines = log.lines().filter(|line| line.contains("when it was dropped"));
    let line = lines.next().unwrap();
    assert!(line.contains(r#"handler="drop_panics""#) && line.contains("a secret of the drop"));
    assert_eq!(lines.next(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_probes() {
    let mut program = Program::start(&[LISTEN]);
    let address = metrics_address(&program);
    assert_eq!(request(address, "GET", "/livez").await.0, 200);
    // The program prints its address before it accepts events.
    let end = Instant::now() + Duration::from_secs(10);
    while request(address, "GET", "/readyz").await.0 == 503 {
        assert!(Instant::now() < end, "the program is not ready");
    }
    assert_eq!(request(address, "GET", "/readyz").await.0, 200);
    assert_eq!(request(address, "HEAD", "/readyz").await, (200, String::new()));
    assert_eq!(request(address, "GET", "/").await.0, 404);
    assert_eq!(request(address, "POST", "/metrics").await.0, 405);
    // While an event is still in hand, the program is alive and not ready.
    let client = program.client().await;
    let waiting = tokio::spawn(async move { client.rpc("sleep", "2000").await });
    wait_for_sample(address, "events_in_flight", r#"{kind="rpc"} 1"#).await;
    program.signal(Signal::TERM);
    let end = Instant::now() + Duration::from_secs(10);
    while request(address, "GET", "/readyz").await.0 == 200 {
        assert!(Instant::now() < end, "the program is still ready");
    }
    assert_eq!(request(address, "GET", "/livez").await.0, 200);
    assert_eq!(outcome_text(&waiting.await.unwrap().unwrap()), "2000");
    assert!(program.wait_for_exit().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn scrapers_that_never_read_or_never_ask_delay_no_event() {
    let program = Program::start(&[LISTEN]);
    let address = metrics_address(&program);
    let client = program.client().await;
    let mut held = Vec::new();
    for number in 0..100 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        if number % 2 == 0 {
            // The connection may already be closed.
            let _ = stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: he").await;
        }
        held.push(stream);
    }
    for number in 0..100 {
        let text = number.to_string();
        assert_eq!(outcome_text(&client.rpc("echo", &text).await.unwrap()), text);
    }
    // Connections that end make room for others.
    drop(held);
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let sent = stream
            .write_all(b"GET /livez HTTP/1.1\r\nhost: here\r\n\r\n")
            .await;
        let mut response = String::new();
        if sent.is_ok() && stream.read_to_string(&mut response).await.is_ok() && !response.is_empty() {
            assert!(response.starts_with("HTTP/1.1 200"), "{response}");
            break;
        }
        assert!(Instant::now() < end, "no probe is answered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn closes_connections_without_a_request() {
    let program = Program::start(&[LISTEN]);
    for sent in ["", "GET /livez HTTP/1.1\r\nhost: he"] {
        let mut stream = TcpStream::connect(metrics_address(&program)).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let start = Instant::now();
        let _ = stream.read_to_end(&mut Vec::new()).await;
        // The limit of the headers is 2 s, that of the whole connection 10 s.
        assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
    }
}

#[test]
fn refuses_an_address_that_is_in_use() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let error = start_error(&[("WORKER_METRICS_LISTEN", &address)]);
    assert!(
        error.contains("WORKER_METRICS_LISTEN") && error.contains(&address),
        "{error}"
    );
    let error = start_error(&[("WORKER_METRICS_LISTEN", "9464")]);
    assert!(
        error.contains("WORKER_METRICS_LISTEN is `9464`, but must be an address"),
        "{error}"
    );
}
