//! A client that writes raw HTTP/2 frames, including sequences that HTTP/2 libraries do not send.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
pub const END_STREAM: u8 = 1;
pub const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

/// The frames received on a stream, in order: kind, flags and payload.
#[derive(Clone, Debug, Default)]
pub struct StreamFrames {
    pub frames: Vec<(u8, u8, Vec<u8>)>,
}

impl StreamFrames {
    /// Returns whether the server has closed its side of the stream.
    pub fn is_closed_by_server(&self) -> bool {
        self.frames
            .iter()
            .any(|(kind, flags, _)| *kind == RST_STREAM || flags & END_STREAM != 0)
    }

    /// Returns the error code of the RST_STREAM frame, if one was received.
    fn reset_code(&self) -> Option<u32> {
        let (_, _, payload) = self.frames.iter().find(|(kind, _, _)| *kind == RST_STREAM)?;
        Some(u32::from_be_bytes(payload[..4].try_into().unwrap()))
    }
}

pub struct FrameClient {
    write: Arc<tokio::sync::Mutex<OwnedWriteHalf>>,
    answers: Arc<Mutex<BTreeMap<u32, StreamFrames>>>,
    reader: tokio::task::JoinHandle<()>,
    next_id: u32,
}

impl FrameClient {
    /// Opens a connection that acknowledges SETTINGS and PING frames, and collects the responses.
    pub async fn open(address: SocketAddr) -> Self {
        Self::open_with(address, true).await
    }

    /// Opens a connection whose received bytes are never read.
    pub async fn open_without_reading(address: SocketAddr) -> Self {
        Self::open_with(address, false).await
    }

    async fn open_with(address: SocketAddr, reads: bool) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (read, mut write) = stream.into_split();
        let preface = [PREFACE, &frame(SETTINGS, 0, 0, &[])].concat();
        write.write_all(&preface).await.unwrap();
        let write = Arc::new(tokio::sync::Mutex::new(write));
        let answers: Arc<Mutex<BTreeMap<u32, StreamFrames>>> = Arc::default();
        let reader = {
            let (write, answers) = (write.clone(), answers.clone());
            tokio::spawn(async move {
                if reads {
                    read_frames(read, &write, &answers).await;
                } else {
                    std::future::pending::<()>().await;
                    drop(read);
                }
            })
        };
        Self {
            write,
            answers,
            reader,
            next_id: 1,
        }
    }

    /// Returns the next unused stream id.
    pub fn next_stream_id(&mut self) -> u32 {
        self.next_id += 2;
        self.next_id - 2
    }

    /// Writes bytes. Returns `false` if the connection is closed.
    pub async fn send(&mut self, bytes: &[u8]) -> bool {
        self.write.lock().await.write_all(bytes).await.is_ok()
    }

    pub fn is_closed(&self) -> bool {
        self.reader.is_finished()
    }

    /// Returns whether a frame was received on a stream.
    pub fn has_frames(&self, stream: u32) -> bool {
        self.answers.lock().unwrap().contains_key(&stream)
    }

    /// Waits until the server has closed its side of a stream.
    pub async fn wait_for_end(&self, stream: u32) -> StreamFrames {
        self.wait(stream, StreamFrames::is_closed_by_server).await
    }

    /// Waits for the RST_STREAM frame of a stream, which may arrive in a later packet than the response.
    pub async fn wait_for_reset(&self, stream: u32) -> (u32, StreamFrames) {
        let answer = self.wait(stream, |answer| answer.reset_code().is_some()).await;
        (answer.reset_code().unwrap(), answer)
    }

    async fn wait(&self, stream: u32, is_complete: impl Fn(&StreamFrames) -> bool) -> StreamFrames {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let answer = self
                .answers
                .lock()
                .unwrap()
                .get(&stream)
                .cloned()
                .unwrap_or_default();
            if is_complete(&answer) {
                return answer;
            }
            assert!(!self.is_closed(), "the connection is closed: {answer:?}");
            assert!(Instant::now() < end, "no answer: {answer:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for FrameClient {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

async fn read_frames(
    mut read: OwnedReadHalf,
    write: &tokio::sync::Mutex<OwnedWriteHalf>,
    answers: &Mutex<BTreeMap<u32, StreamFrames>>,
) {
    let mut head = [0; 9];
    while read.read_exact(&mut head).await.is_ok() {
        let len = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let (kind, flags) = (head[3], head[4]);
        let stream = u32::from_be_bytes(head[5..].try_into().unwrap());
        let mut payload = vec![0; len as usize];
        if read.read_exact(&mut payload).await.is_err() {
            return;
        }
        match kind {
            SETTINGS | PING if flags & ACK == 0 => {
                let ack = if kind == PING { payload } else { Vec::new() };
                let _ = write.lock().await.write_all(&frame(kind, ACK, 0, &ack)).await;
            }
            DATA | HEADERS | RST_STREAM => {
                let mut answers = answers.lock().unwrap();
                let answer = answers.entry(stream).or_default();
                answer.frames.push((kind, flags, payload));
            }
            _ => {}
        }
    }
}

pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let len = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&len[1..], &[kind, flags][..], &stream.to_be_bytes(), payload].concat()
}

/// Encodes a header block in HPACK, without compression.
pub fn headers(path: &str, others: &[(&str, &[u8])]) -> Vec<u8> {
    // `:method: POST` and `:scheme: http` are in the static table.
    let mut block = vec![0x83, 0x86];
    block.extend(literal(":path", path.as_bytes()));
    block.extend(literal(":authority", b"here"));
    for (key, value) in others {
        block.extend(literal(key, value));
    }
    block
}

/// Encodes the headers of a gRPC call.
pub fn call_headers(path: &str) -> Vec<u8> {
    headers(
        path,
        &[("content-type", b"application/grpc"), ("te", b"trailers")],
    )
}

fn literal(key: &str, value: &[u8]) -> Vec<u8> {
    assert!(key.len() < 127 && value.len() < 127);
    [&[0, key.len() as u8], key.as_bytes(), &[value.len() as u8], value].concat()
}

/// Encodes `count` headers `x-a` without a value. All but the first are one-byte references to the dynamic table.
pub fn repeated_headers(count: usize) -> Vec<u8> {
    let mut block = vec![0x40, 3];
    block.extend(b"x-a\0");
    block.extend(std::iter::repeat_n(0xbe, count.saturating_sub(1)));
    block
}
