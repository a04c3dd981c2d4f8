//! RoadRunner's RPC.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use centrifugo::api::{Client, Delivery, ErrorKind};
use centrifugo::proto::api::{PublishRequest, PublishResponse, PublishResult};
use prost::Message as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixListener};
use tokio::task::JoinSet;

use crate::{fails, soon};

const PROTO: u8 = 0x80;
const ERROR: u8 = 0x40;

/// A call as the peer reads it.
struct Incoming {
    seq: u32,
    method: String,
    request: PublishRequest,
}

/// The next call; nothing at the end of the stream.
async fn incoming(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> Option<Incoming> {
    let mut header = [0; 20];
    stream.read_exact(&mut header).await.ok()?;
    let word = |at: usize| u32::from_le_bytes(header[at..at + 4].try_into().unwrap());
    assert_eq!(header[..2], [0x15, PROTO]);
    assert_eq!(word(6), crc32fast::hash(&header[..6]));
    let mut payload = vec![0; word(2) as usize];
    stream.read_exact(&mut payload).await.ok()?;
    let body = payload.split_off(word(16) as usize);
    Some(Incoming {
        seq: word(12),
        method: String::from_utf8(payload).unwrap(),
        request: PublishRequest::decode(body.as_slice()).unwrap(),
    })
}

fn frame(flags: u8, seq: u32, method: &str, body: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x15, flags];
    frame.extend(((method.len() + body.len()) as u32).to_le_bytes());
    frame.extend(crc32fast::hash(&frame).to_le_bytes());
    frame.extend([0, 0]);
    frame.extend(seq.to_le_bytes());
    frame.extend((method.len() as u32).to_le_bytes());
    frame.extend(method.bytes());
    frame.extend(body);
    frame
}

/// The answer that gives the request's version back as the offset.
fn echo(call: &Incoming) -> Vec<u8> {
    let result = PublishResult {
        offset: call.request.version,
        epoch: "e".into(),
    };
    let response = PublishResponse {
        error: None,
        result: Some(result),
    };
    frame(PROTO, call.seq, &call.method, &response.encode_to_vec())
}

async fn listen() -> (TcpListener, Client) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(&listener, Duration::from_secs(10));
    (listener, client)
}

fn client(listener: &TcpListener, timeout: Duration) -> Client {
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    Client::roadrunner(address)
        .timeout(timeout)
        .max_answer_len(100_000)
        .build()
        .unwrap()
}

async fn accept(listener: &TcpListener) -> TcpStream {
    soon(listener.accept()).await.unwrap().0
}

/// Answers all calls of all connections, and counts connections.
fn serve(listener: TcpListener) -> Arc<AtomicUsize> {
    let connections = Arc::new(AtomicUsize::new(0));
    let count = connections.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                while let Some(call) = incoming(&mut stream).await {
                    stream.write_all(&echo(&call)).await.unwrap();
                }
            });
        }
    });
    connections
}

/// Answers all calls but those on the first connection, and counts connections.
pub async fn silent_first() -> (std::net::SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let count = connections.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let is_silent = count.fetch_add(1, Ordering::SeqCst) == 0;
            tokio::spawn(async move {
                while let Some(call) = incoming(&mut stream).await {
                    if !is_silent {
                        stream.write_all(&echo(&call)).await.unwrap();
                    }
                }
            });
        }
    });
    (address, connections)
}

#[tokio::test]
async fn a_thousand_calls_at_once_answered_in_another_order() {
    let (listener, client) = listen().await;
    let peer = tokio::spawn(async move {
        let mut stream = accept(&listener).await;
        let mut calls = Vec::new();
        while calls.len() < 1000 {
            calls.push(incoming(&mut stream).await.unwrap());
        }
        for call in calls.iter().rev() {
            assert_eq!(call.method, "centrifuge.Publish");
            stream.write_all(&echo(call)).await.unwrap();
        }
        stream
    });
    let mut calls = JoinSet::new();
    for version in 1..=1000 {
        let call = client.publish("news", &version).version(version);
        calls.spawn(async move { (version, call.await) });
    }
    while let Some(done) = soon(calls.join_next()).await {
        let (version, result) = done.unwrap();
        assert_eq!(result.unwrap().offset, version);
    }
    soon(peer).await.unwrap();
}

#[tokio::test]
async fn a_call_on_a_lost_connection_is_not_sent_again() {
    let (listener, client) = listen().await;
    let peer = tokio::spawn(async move {
        let mut stream = accept(&listener).await;
        incoming(&mut stream).await.unwrap();
        drop(stream);
        let mut stream = accept(&listener).await;
        let call = incoming(&mut stream).await.unwrap();
        stream.write_all(&echo(&call)).await.unwrap();
        call.request.version
    });
    let error = fails(client.publish("news", &1).version(1)).await;
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Lost, Delivery::Unknown)
    );
    assert!(error.is_temporary());
    assert!(error.to_string().starts_with("Publish to `news`"), "{error}");
    assert!(error.to_string().contains("may have been carried out"), "{error}");
    // The next call finds a new connection, and is the first on it.
    assert_eq!(
        soon(client.publish("news", &2).version(2)).await.unwrap().offset,
        2
    );
    assert_eq!(soon(peer).await.unwrap(), 2);
}

#[tokio::test]
async fn one_with_an_idempotency_key_is() {
    let (listener, client) = listen().await;
    let peer = tokio::spawn(async move {
        for _ in 0..3 {
            let mut stream = accept(&listener).await;
            incoming(&mut stream).await.unwrap();
        }
        let mut stream = accept(&listener).await;
        let call = incoming(&mut stream).await.unwrap();
        stream.write_all(&echo(&call)).await.unwrap();
        call.request.idempotency_key
    });
    let call = client.publish("news", &1).version(7).idempotency_key("k");
    assert_eq!(soon(call).await.unwrap().offset, 7);
    assert_eq!(soon(peer).await.unwrap(), "k");
}

#[tokio::test]
async fn an_idempotent_call_that_stays_lost_may_have_been_carried_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(&listener, Duration::from_millis(600));
    tokio::spawn(async move {
        let mut stream = accept(&listener).await;
        incoming(&mut stream).await.unwrap();
        // From here on nobody listens: the last attempt was never sent, but the first was.
    });
    let error = fails(client.publish("news", &1).idempotency_key("k")).await;
    assert_eq!(error.kind(), ErrorKind::NotConnected);
    assert_eq!(error.delivery(), Delivery::Unknown);
}

#[tokio::test]
async fn a_call_that_was_never_sent_is_sent_when_roadrunner_is_there() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let client = Client::roadrunner(format!("tcp://{address}")).build().unwrap();
    let call = tokio::spawn(client.publish("news", &1).version(3).into_future());
    tokio::time::sleep(Duration::from_millis(300)).await;
    serve(TcpListener::bind(address).await.unwrap());
    assert_eq!(soon(call).await.unwrap().unwrap().offset, 3);
}

#[tokio::test]
async fn nobody_there() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let client = Client::roadrunner(format!("tcp://{address}")).build().unwrap();
    let started = Instant::now();
    let error = fails(client.publish("news", &1).timeout(Duration::from_millis(400))).await;
    assert!(started.elapsed() < Duration::from_secs(3));
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::NotConnected, Delivery::NotSent)
    );
    assert!(error.to_string().contains(&address.to_string()), "{error}");
    assert!(error.to_string().ends_with("it was not sent)"), "{error}");
}

#[tokio::test]
async fn a_slow_peer_and_the_time_limit() {
    let (listener, client) = listen().await;
    let peer = tokio::spawn(async move {
        let mut stream = accept(&listener).await;
        let slow = incoming(&mut stream).await.unwrap();
        let quick = incoming(&mut stream).await.unwrap();
        stream.write_all(&echo(&quick)).await.unwrap();
        let next = incoming(&mut stream).await.unwrap();
        // The answer to a call that was given up comes first.
        stream.write_all(&echo(&slow)).await.unwrap();
        stream.write_all(&echo(&next)).await.unwrap();
        stream
    });
    let slow = client
        .publish("news", &1)
        .version(1)
        .timeout(Duration::from_millis(300));
    let slow = tokio::spawn(slow.into_future());
    tokio::time::sleep(Duration::from_millis(50)).await;
    // The connection is not silent.
    soon(client.publish("news", &1)).await.unwrap();
    let error = soon(slow).await.unwrap().unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::TimedOut, Delivery::Unknown)
    );
    assert_eq!(
        soon(client.publish("news", &2).version(2)).await.unwrap().offset,
        2
    );
    soon(peer).await.unwrap();
}

#[tokio::test]
async fn dropped_calls_leave_the_connection_usable() {
    let (listener, client) = listen().await;
    let connections = serve(listener);
    // The first is dropped while it connects.
    for round in 0..50 {
        let mut calls = JoinSet::new();
        for _ in 0..20 {
            calls.spawn(client.publish("news", &"x".repeat(10_000)).into_future());
        }
        tokio::time::sleep(Duration::from_micros(round * 20)).await;
        drop(calls);
    }
    assert_eq!(
        soon(client.publish("news", &2).version(2)).await.unwrap().offset,
        2
    );
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_connection_that_breaks_within_a_frame_did_not_carry_the_call_out() {
    let (listener, client) = listen().await;
    let peer = tokio::spawn(async move {
        let mut stream = accept(&listener).await;
        stream.read_exact(&mut [0; 1000]).await.unwrap();
        drop(stream);
        serve(listener)
    });
    // Far more than sockets keep; no idempotency key.
    let data = "x".repeat(30_000_000);
    assert_eq!(
        soon(client.publish("news", &data).version(5))
            .await
            .unwrap()
            .offset,
        5
    );
    soon(peer).await.unwrap();
}

#[tokio::test]
async fn an_answer_over_the_limit_is_refused_and_others_live_on() {
    let (listener, client) = listen().await;
    let peer = tokio::spawn(async move {
        let mut stream = accept(&listener).await;
        let large = incoming(&mut stream).await.unwrap();
        let body = vec![0; 300_000];
        stream
            .write_all(&frame(PROTO, large.seq, &large.method, &body))
            .await
            .unwrap();
        let next = incoming(&mut stream).await.unwrap();
        stream.write_all(&echo(&next)).await.unwrap();
        stream
    });
    let error = fails(client.publish("news", &1)).await;
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().contains("300000"), "{error}");
    assert_eq!(
        soon(client.publish("news", &2).version(2)).await.unwrap().offset,
        2
    );
    soon(peer).await.unwrap();
}

#[tokio::test]
async fn errors_of_roadrunner_and_of_centrifugo() {
    let (listener, client) = listen().await;
    tokio::spawn(async move {
        let mut stream = accept(&listener).await;
        let mut not_ready = 2;
        while let Some(call) = incoming(&mut stream).await {
            let failure = |text: &str| frame(PROTO | ERROR, call.seq, &call.method, text.as_bytes());
            let answer = match call.request.channel.as_str() {
                "later" if not_ready > 0 => {
                    not_ready -= 1;
                    failure("RoadRunner is not ready yet, try in a few seconds")
                }
                "method" => failure("rpc: can't find method centrifuge.Publish"),
                "lost" => failure("rpc error: code = Unavailable desc = error reading from server: EOF"),
                code @ ("100" | "102") => {
                    let error = centrifugo::proto::api::Error {
                        code: code.parse().unwrap(),
                        message: "an error".into(),
                    };
                    let response = PublishResponse {
                        error: Some(error),
                        result: None,
                    };
                    frame(PROTO, call.seq, &call.method, &response.encode_to_vec())
                }
                "nothing" => frame(PROTO, call.seq, &call.method, b""),
                "garbage" => frame(PROTO, call.seq, &call.method, b"\xff\xff\xff"),
                _ => echo(&call),
            };
            stream.write_all(&answer).await.unwrap();
        }
    });
    assert_eq!(
        soon(client.publish("later", &1).version(9)).await.unwrap().offset,
        9
    );
    for (channel, kind, delivery) in [
        ("method", ErrorKind::Unsupported, Delivery::Refused),
        ("lost", ErrorKind::Lost, Delivery::Unknown),
        // A broker that did not say so in time may have it.
        ("100", ErrorKind::Answered, Delivery::Unknown),
        ("102", ErrorKind::Answered, Delivery::Refused),
        ("nothing", ErrorKind::Unreadable, Delivery::Unknown),
        ("garbage", ErrorKind::Unreadable, Delivery::Unknown),
    ] {
        let error = fails(client.publish(channel, &1)).await;
        assert_eq!((error.kind(), error.delivery()), (kind, delivery), "{error}");
        assert_eq!(error.code(), channel.parse().ok());
    }
    let error = soon(client.map_publish("m", "k", &1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(
        error
            .to_string()
            .contains("RoadRunner does not offer `MapPublish`"),
        "{error}"
    );
}

#[tokio::test]
async fn hostile_answers_end_the_connection_and_nothing_else() {
    let huge = {
        let mut frame = vec![0x15, PROTO, 0xff, 0xff, 0xff, 0xff];
        frame.extend(crc32fast::hash(&frame).to_le_bytes());
        frame.extend([0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f]);
        frame
    };
    let answers: Vec<Vec<u8>> = vec![
        b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
        vec![0x15; 64],
        vec![0; 64],
        frame(PROTO, 1, "centrifuge.Disconnect", b""),
        huge,
        frame(PROTO, 1, "centrifuge.Publish", b"")[..30].to_vec(),
    ];
    for answer in answers {
        let (listener, client) = listen().await;
        let peer = tokio::spawn(async move {
            let mut stream = accept(&listener).await;
            incoming(&mut stream).await.unwrap();
            // An answer to nobody is passed over.
            stream
                .write_all(&frame(PROTO, 4711, "centrifuge.Publish", b""))
                .await
                .unwrap();
            stream.write_all(&answer).await.unwrap();
            stream.shutdown().await.unwrap();
            serve(listener)
        });
        let error = fails(client.publish("news", &1)).await;
        assert_eq!(error.delivery(), Delivery::Unknown, "{error}");
        soon(peer).await.unwrap();
        assert_eq!(
            soon(client.publish("news", &2).version(2)).await.unwrap().offset,
            2
        );
    }
}

#[tokio::test]
async fn a_unix_socket_and_a_runtime_that_is_gone() {
    let path = std::env::temp_dir().join(format!("centrifugo-api-{}.sock", std::process::id()));
    let listener = UnixListener::bind(&path).unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                while let Some(call) = incoming(&mut stream).await {
                    stream.write_all(&echo(&call)).await.unwrap();
                }
            });
        }
    });
    let client = Client::roadrunner(format!("unix://{}", path.display()))
        .build()
        .unwrap();
    for version in 1..=2 {
        let client = client.clone();
        // Each in a runtime of its own, which ends with it.
        let offset = tokio::task::spawn_blocking(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap()
                .block_on(client.publish("news", &1).version(version).into_future())
        });
        assert_eq!(soon(offset).await.unwrap().unwrap().offset, version);
    }
    std::fs::remove_file(&path).unwrap();
}
