//! A gRPC server that answers frame by frame, so that it can end streams and connections as no library does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use centrifugo::proto::api::{PublishResponse, PublishResult};
use prost::Message as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// What becomes of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Answer,
    /// An HTTP status and headers, and no body.
    Headers(u16, Vec<(&'static str, String)>),
    /// Nothing, ever.
    Silence,
    /// No answer, but PING, so that the connection is not silent.
    Ping,
    /// RST_STREAM with this error code.
    Reset(u32),
    /// GOAWAY: this call and all after it are not processed.
    GoAway,
    /// The same, and the connection is closed.
    GoAwayAndClose,
}

/// What the server saw.
#[derive(Default)]
pub struct Seen {
    pub connections: AtomicUsize,
    pub calls: AtomicUsize,
}

/// Serves calls: `act` gets the number of the connection and of its call, beginning with 0.
pub async fn serve(act: impl Fn(usize, usize) -> Act + Send + Sync + Clone + 'static) -> (String, Arc<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("grpc://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Seen::default());
    let shared = seen.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let number = shared.connections.fetch_add(1, Ordering::SeqCst);
            let (act, seen) = (act.clone(), shared.clone());
            tokio::spawn(async move { connection(stream, |call| act(number, call), &seen).await });
        }
    });
    (address, seen)
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut frame = (payload.len() as u32).to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A header that is not indexed.
fn header(name: &str, value: &str) -> Vec<u8> {
    let mut bytes = vec![0, name.len() as u8];
    bytes.extend(name.bytes());
    bytes.push(value.len() as u8);
    bytes.extend(value.bytes());
    bytes
}

fn answer(stream: u32) -> Vec<u8> {
    let response = PublishResponse {
        error: None,
        result: Some(PublishResult::default()),
    };
    let message = response.encode_to_vec();
    let mut data = vec![0];
    data.extend((message.len() as u32).to_be_bytes());
    data.extend(message);
    // `:status: 200` is 8 of the static table.
    let head = [vec![0x88], header("content-type", "application/grpc")].concat();
    [
        frame(HEADERS, END_HEADERS, stream, &head),
        frame(DATA, 0, stream, &data),
        frame(
            HEADERS,
            END_HEADERS | END_STREAM,
            stream,
            &header("grpc-status", "0"),
        ),
    ]
    .concat()
}

/// Ends when the client is gone.
async fn connection(mut stream: TcpStream, act: impl Fn(usize) -> Act, seen: &Seen) -> Option<()> {
    stream.read_exact(&mut [0; 24]).await.ok()?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await.ok()?;
    let (mut calls, mut is_ending) = (0, false);
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.ok()?;
        let len = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let (kind, flags) = (head[3], head[4]);
        let id = u32::from_be_bytes(head[5..].try_into().unwrap());
        stream.read_exact(&mut vec![0; len as usize]).await.ok()?;
        if kind == SETTINGS && flags == 0 {
            stream.write_all(&frame(SETTINGS, 1, 0, &[])).await.ok()?;
        }
        if kind != DATA || flags & END_STREAM == 0 {
            continue;
        }
        seen.calls.fetch_add(1, Ordering::SeqCst);
        let act = act(calls);
        calls += 1;
        let closes = act == Act::GoAwayAndClose;
        let bytes = match act {
            _ if is_ending => continue,
            Act::Answer => answer(id),
            Act::Headers(status, headers) => {
                // The name `:status` is 8 of the static table, too.
                let mut head = vec![0x08, 3];
                head.extend(status.to_string().bytes());
                head.extend(headers.iter().flat_map(|(name, value)| header(name, value)));
                frame(HEADERS, END_HEADERS | END_STREAM, id, &head)
            }
            Act::Silence => continue,
            Act::Ping => frame(PING, 0, 0, &[0; 8]),
            Act::Reset(code) => frame(RST_STREAM, 0, id, &code.to_be_bytes()),
            Act::GoAway | Act::GoAwayAndClose => {
                is_ending = true;
                // Stream ids of clients are odd.
                let last = id.saturating_sub(2);
                frame(GOAWAY, 0, 0, &[last.to_be_bytes(), [0; 4]].concat())
            }
        };
        stream.write_all(&bytes).await.ok()?;
        if closes {
            // Data that nobody reads would reset the connection, and the client would not get the frame.
            stream.shutdown().await.ok()?;
            tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.ok()?;
            return None;
        }
    }
}
