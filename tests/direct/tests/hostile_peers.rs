//! Peers that try to exhaust the memory or the time of the program.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::time::{Duration, Instant};

use centrifugo::proto::proxy::RpcRequest;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use support::frame_client::{
    DATA, END_HEADERS, END_STREAM, FrameClient, HEADERS, call_headers, frame, repeated_headers,
};
use support::{Program, outcome_text, rpc};
use test_support::Authority;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tonic::Request;
use tonic::metadata::MetadataValue;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint};

const CHECK: &str = "/grpc.health.v1.Health/Check";
const WATCH: &str = "/grpc.health.v1.Health/Watch";
const RPC: &str = "/centrifugal.centrifugo.proxy.CentrifugoProxy/RPC";
const BOTH_WAYS: &str = "/centrifugal.centrifugo.proxy.CentrifugoProxy/SubscribeBidirectional";

const SECRET: &[(&str, &str)] = &[
    ("WORKER_SECRET_KEY", "x-key"),
    ("WORKER_SECRET_VALUE", "s3cret"),
    ("RUST_LOG", "error"),
];
const ERRORS_ONLY: &[(&str, &str)] = &[("RUST_LOG", "error")];

/// Starts a well-behaved caller. The task returns the longest time that a response took.
fn spawn_well_behaved_caller(program: &Program) -> JoinHandle<Duration> {
    spawn_caller(program.endpoint("http"))
}

/// Returns an rpc with the secret.
fn rpc_with_secret() -> Request<RpcRequest> {
    let mut request = Request::new(rpc("echo", "1"));
    let secret = MetadataValue::from_static("s3cret");
    request.metadata_mut().insert("x-key", secret);
    request
}

/// Connects and calls, as Centrifugo does, again if the program closes the connection before the call arrives.
async fn served_client(endpoint: &Endpoint) -> support::Client {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let error = match endpoint.connect().await {
            Err(error) => error.to_string(),
            Ok(channel) => {
                let client = support::Client(channel);
                match client.call("RPC", rpc_with_secret()).await {
                    Ok(answer) => {
                        assert_eq!(outcome_text(&answer), "1");
                        return client;
                    }
                    Err(status) => status.to_string(),
                }
            }
        };
        assert!(Instant::now() < end, "{error}");
    }
}

fn spawn_caller(endpoint: Endpoint) -> JoinHandle<Duration> {
    tokio::spawn(async move {
        let client = served_client(&endpoint).await;
        let mut longest = Duration::ZERO;
        let end = Instant::now() + Duration::from_secs(2);
        while Instant::now() < end {
            let start = Instant::now();
            let answer = client.call("RPC", rpc_with_secret()).await.unwrap();
            assert_eq!(outcome_text(&answer), "1");
            longest = longest.max(start.elapsed());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        longest
    })
}

async fn assert_served(caller: JoinHandle<Duration>, what: &str) {
    let longest = caller.await.unwrap();
    eprintln!("{what}: others waited {longest:?} at most");
    // The goal is 200 ms; the limit allows for a debug build and for other tests on the same cores.
    assert!(longest < Duration::from_secs(2), "{what}: {longest:?}");
}

/// Opens streams on several connections and sends `bytes` of each stream id, until the server closes the connection.
async fn flood(
    program: &Program,
    connections: usize,
    streams: usize,
    bytes: impl Fn(u32) -> Vec<u8>,
) -> Vec<FrameClient> {
    let mut all = Vec::new();
    for _ in 0..connections {
        let mut frames = FrameClient::open(program.grpc.unwrap()).await;
        for _ in 0..streams.div_ceil(100) {
            let mut part = Vec::new();
            for _ in 0..100 {
                part.extend(bytes(frames.next_stream_id()));
            }
            if !frames.send(&part).await {
                break;
            }
        }
        all.push(frames);
    }
    all
}

fn open_stream(stream: u32, block: &[u8]) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, stream, block)
}

#[tokio::test(flavor = "multi_thread")]
async fn resets_a_refused_stream_before_its_body_arrives() {
    let program = Program::start(SECRET);
    let mut frames = FrameClient::open(program.grpc.unwrap()).await;
    let stream = frames.next_stream_id();
    frames.send(&open_stream(stream, &call_headers(RPC))).await;
    let (code, answer) = frames.wait_for_reset(stream).await;
    // Code 0 is NO_ERROR: the response is complete.
    assert_eq!(code, 0, "{answer:?}");
    assert!(answer.frames[0].0 == HEADERS && answer.frames[0].1 & END_STREAM != 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn bounds_memory_for_health_checks_without_a_message() {
    for path in [CHECK, WATCH] {
        let program = Program::start(SECRET);
        let before = program.memory();
        let others = spawn_well_behaved_caller(&program);
        let flood = flood(&program, 13, 5_000, |stream| {
            open_stream(stream, &call_headers(path))
        })
        .await;
        assert_served(others, path).await;
        before.assert_bounded(&program, path);
        drop(flood);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bounds_memory_for_headers_encoded_in_one_byte_each() {
    for (path, count) in [(CHECK, 7_000), (RPC, 7_000), (CHECK, 1_700), (RPC, 1_700)] {
        let what = format!("{path} with {count} headers");
        let program = Program::start(SECRET);
        let before = program.memory();
        let others = spawn_well_behaved_caller(&program);
        let block = [call_headers(path), repeated_headers(count)].concat();
        let flood = flood(&program, 10, 1_000, |stream| open_stream(stream, &block)).await;
        assert_served(others, &what).await;
        before.assert_bounded(&program, &what);
        drop(flood);
    }
}

/// The server keeps the decoded part of a header block until the block ends.
#[tokio::test(flavor = "multi_thread")]
async fn bounds_memory_for_header_blocks_without_an_end() {
    let program = Program::start(SECRET);
    let before = program.memory();
    let others = spawn_well_behaved_caller(&program);
    let block = [call_headers(CHECK), repeated_headers(1_700)].concat();
    let mut connections = Vec::new();
    for _ in 0..400 {
        let mut frames = FrameClient::open(program.grpc.unwrap()).await;
        let stream = frames.next_stream_id();
        frames.send(&frame(HEADERS, 0, stream, &block)).await;
        connections.push(frames);
    }
    assert_served(others, "open header blocks").await;
    before.assert_bounded(&program, "open header blocks");
}

#[tokio::test(flavor = "multi_thread")]
async fn allocates_nothing_for_declared_messages_that_never_arrive() {
    // Memory that is reserved but not touched shows in the address space only.
    for (path, env) in [
        (CHECK, SECRET),
        (RPC, SECRET),
        (RPC, ERRORS_ONLY),
        (BOTH_WAYS, ERRORS_ONLY),
    ] {
        let mut program = Program::start(env);
        let space = program.address_space();
        let before = program.memory();
        let others = spawn_well_behaved_caller(&program);
        let flood = flood(&program, 1, 1_000, |stream| {
            let prefix = [&[0][..], &(60_u32 << 20).to_be_bytes(), b"x"].concat();
            [
                open_stream(stream, &call_headers(path)),
                frame(DATA, 0, stream, &prefix),
            ]
            .concat()
        })
        .await;
        assert_served(others, path).await;
        before.assert_bounded(&program, path);
        let grown = program.address_space().saturating_sub(space);
        eprintln!("{path}: {grown} kB of address space");
        assert!(grown < 1 << 20, "{path}: {grown} kB");
        assert!(program.is_running());
        drop(flood);
    }
}

/// Without a secret, any peer may open streams, but only for a short time.
#[tokio::test(flavor = "multi_thread")]
async fn ends_calls_without_a_message() {
    let program = Program::start(ERRORS_ONLY);
    let before = program.memory();
    let mut flood = flood(&program, 1, 12_000, |stream| {
        open_stream(stream, &call_headers(RPC))
    })
    .await;
    let frames = flood.pop().unwrap();
    for stream in [1, 19_001] {
        let (code, answer) = frames.wait_for_reset(stream).await;
        assert_eq!(code, 0, "{answer:?}");
    }
    before.assert_bounded(&program, "calls without a message");
}

#[tokio::test(flavor = "multi_thread")]
async fn bounds_memory_for_refused_calls_of_peers_that_never_read() {
    let program = Program::start(SECRET);
    let before = program.memory();
    let others = spawn_well_behaved_caller(&program);
    let mut connections = Vec::new();
    for _ in 0..20 {
        let mut frames = FrameClient::open_without_reading(program.grpc.unwrap()).await;
        for _ in 0..50 {
            let part: Vec<u8> = (0..200)
                .flat_map(|_| open_stream(frames.next_stream_id(), &call_headers(RPC)))
                .collect();
            if !frames.send(&part).await {
                break;
            }
        }
        connections.push(frames);
    }
    assert_served(others, "peers that never read").await;
    before.assert_bounded(&program, "peers that never read");
}

/// Raises the limit of open descriptors to the hard limit. Returns how many connections a test may hold open.
fn raise_descriptor_limit() -> usize {
    // Descriptors for the other tests of this process, which run at the same time.
    const OTHER_TESTS: u64 = 1_000;
    const MIN_CONNECTIONS: u64 = 200;
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    setrlimit(Resource::Nofile, raised).unwrap();
    let available = raised.current.unwrap_or(u64::MAX).saturating_sub(OTHER_TESTS);
    assert!(
        available >= MIN_CONNECTIONS,
        "the hard limit of open descriptors is {:?}; raise it to at least {} (`ulimit -Hn`)",
        raised.current,
        OTHER_TESTS + MIN_CONNECTIONS
    );
    available.min(2_500) as usize
}

#[tokio::test(flavor = "multi_thread")]
async fn bounds_memory_for_silent_connections() {
    let count = raise_descriptor_limit();
    let program = Program::start(SECRET);
    let before = program.memory();
    let others = spawn_well_behaved_caller(&program);
    let mut connections = Vec::new();
    for _ in 0..count {
        connections.push(TcpStream::connect(program.grpc.unwrap()).await.unwrap());
    }
    assert_served(others, "silent connections").await;
    before.assert_bounded(&program, "silent connections");
    drop(connections);
    let mut connections = Vec::new();
    for _ in 0..count {
        let mut stream = TcpStream::connect(program.grpc.unwrap()).await.unwrap();
        let preface = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &frame(4, 0, 0, &[])[..]].concat();
        let _ = stream.write_all(&preface).await;
        connections.push(stream);
    }
    // The server answers a preface with a SETTINGS frame. It closes connections above its limit.
    let mut accepted = 0;
    for stream in &mut connections {
        let mut head = [0; 9];
        let read = timeout(Duration::from_secs(20), stream.read_exact(&mut head));
        accepted += usize::from(read.await.unwrap().is_ok());
    }
    assert!(accepted > 0, "no connection was accepted");
    before.assert_bounded(&program, "connections with a preface alone");
}

/// Removes the connections that the program has closed.
async fn retain_open(connections: &mut Vec<TcpStream>) {
    let mut open = Vec::new();
    for mut stream in connections.drain(..) {
        let mut bytes = [0; 1_024];
        let is_open = loop {
            match timeout(Duration::from_millis(5), stream.read(&mut bytes)).await {
                Ok(Ok(read)) if read > 0 => {}
                Ok(_) => break false,
                Err(_) => break true,
            }
        };
        if is_open {
            open.push(stream);
        }
    }
    *connections = open;
}

/// Connections of which no call was admitted are closed, the oldest first, if there are too many of them.
#[tokio::test(flavor = "multi_thread")]
async fn serves_others_while_peers_without_the_secret_hold_connections() {
    let count = raise_descriptor_limit();
    let block = [call_headers(CHECK), repeated_headers(1_700)].concat();
    let preface = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &frame(4, 0, 0, &[])[..]].concat();
    let open_headers = [preface, frame(HEADERS, 0, 1, &block)].concat();
    let header = format!("x-a: {}\r\n", "a".repeat(1_000)).repeat(60);
    let http1 = format!("POST /connect HTTP/1.1\r\nhost: a\r\n{header}");
    // The start of a handshake message of 16,380 bytes.
    let hello = [&[22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc][..], &[0; 16_000]].concat();
    let authority = Authority::new("hostile-peers");
    let (cert, key) = authority.sign("localhost");
    let tls: [(&str, &str); 2] = [
        ("WORKER_TLS_CERT", &authority.file("cert.pem", &cert)),
        ("WORKER_TLS_KEY", &authority.file("key.pem", &key)),
    ];
    for (what, bytes) in [
        ("silence", &b""[..]),
        ("silence before TLS", &b""[..]),
        ("a TLS handshake without an end", &hello),
        ("HTTP/2 headers without an end", &open_headers),
        ("HTTP/1 headers without an end", http1.as_bytes()),
    ] {
        let has_tls = what.contains("TLS");
        let program = Program::start(&[SECRET, if has_tls { &tls } else { &[] }].concat());
        let endpoint = if has_tls {
            let ca = Certificate::from_pem(&authority.pem);
            let tls = ClientTlsConfig::new().ca_certificate(ca).domain_name("localhost");
            program.endpoint("https").tls_config(tls).unwrap()
        } else {
            program.endpoint("http")
        };
        let address = match what.starts_with("HTTP/1") {
            true => program.http.unwrap(),
            false => program.grpc.unwrap(),
        };
        let before = program.memory();
        let others = spawn_caller(endpoint.clone());
        let mut connections = Vec::new();
        for _ in 0..count {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let _ = stream.write_all(bytes).await;
            connections.push(stream);
            // A new connection is served meanwhile.
            if connections.len() % 500 == 0 {
                let start = Instant::now();
                drop(served_client(&endpoint).await);
                eprintln!("{what}: a new connection was served in {:?}", start.elapsed());
            }
        }
        assert_served(others, what).await;
        before.assert_bounded(&program, what);
        // Connections that the program has not accepted yet look open, too.
        let start = Instant::now();
        let open = loop {
            retain_open(&mut connections).await;
            if connections.len() <= 200 || start.elapsed() > Duration::from_secs(30) {
                break connections.len();
            }
        };
        assert!(open <= 200 && open > 150, "{what}: {open} are open");
    }
}
