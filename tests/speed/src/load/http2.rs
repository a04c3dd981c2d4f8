//! gRPC over HTTP/2 as grpc-go's client sends it, limited to identical unary calls.

use std::collections::HashMap;
use std::io;
use std::time::Instant;

use super::Protocol;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;

const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

const MAX_CONCURRENT_STREAMS: u16 = 3;
const INITIAL_WINDOW_SIZE: u16 = 4;

/// The initial flow control window of both sides.
const WINDOW: usize = 65_535;
const MAX_WINDOW: u32 = (1 << 31) - 1;
/// The number of received bytes after which the window is extended.
const CREDIT: usize = 1 << 20;

/// A client that repeats one unary call.
#[derive(Clone)]
pub struct Http2 {
    path: String,
    request: Vec<u8>,
    answer: Vec<u8>,
    next: u32,
    calls: HashMap<u32, Call>,
    max_calls: usize,
    window: usize,
    received: usize,
}

#[derive(Clone)]
struct Call {
    begun: Instant,
    received: usize,
}

impl Http2 {
    /// Creates a client that calls the method at `path` with `request` and expects `answer`.
    pub fn new(path: &str, request: &[u8], answer: &[u8]) -> Self {
        Self {
            path: path.into(),
            request: message(request),
            answer: message(answer),
            next: 1,
            calls: HashMap::new(),
            max_calls: usize::MAX,
            window: WINDOW,
            received: 0,
        }
    }

    /// Encodes the headers. The first call puts them in the server's dynamic table and later calls send their indices. The
    /// timeout header varies between calls in grpc-go, so it is always sent in full.
    fn headers(&self) -> Vec<u8> {
        // `:method: POST`, `:scheme: http`.
        let mut block = vec![0x83, 0x86];
        if self.next == 1 {
            for (known_name, name, value) in [
                (4, "", self.path.as_str()),
                (1, "", "127.0.0.1"),
                (31, "", "application/grpc"),
                (58, "", "grpc-go/1.82.0"),
                (0, "te", "trailers"),
                (0, "grpc-accept-encoding", "gzip"),
            ] {
                block.push(0x40 | known_name);
                if known_name == 0 {
                    text(&mut block, name);
                }
                text(&mut block, value);
            }
        } else {
            // The dynamic table counts from its newest entry, which is 62.
            block.extend((62..=67).rev().map(|number| 0x80 | number));
        }
        block.push(0);
        text(&mut block, "grpc-timeout");
        text(&mut block, "4999m");
        block
    }

    fn data(&mut self, stream: u32, payload: &[u8]) -> io::Result<()> {
        self.received += payload.len();
        let call = self.calls.get_mut(&stream).ok_or_else(wrong)?;
        let end = call.received + payload.len();
        if self.answer.get(call.received..end) != Some(payload) {
            return Err(wrong());
        }
        call.received = end;
        Ok(())
    }

    fn settings(&mut self, payload: &[u8]) -> io::Result<()> {
        for setting in payload.as_chunks::<6>().0 {
            let [high, low, value @ ..] = *setting;
            let value = u32::from_be_bytes(value) as usize;
            match u16::from_be_bytes([high, low]) {
                MAX_CONCURRENT_STREAMS => self.max_calls = value,
                INITIAL_WINDOW_SIZE if value < self.request.len() => {
                    return Err(io::Error::other(
                        "the request does not fit into a stream's window",
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl Protocol for Http2 {
    fn open(&mut self, out: &mut Vec<u8>) {
        out.extend(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        let mut settings = INITIAL_WINDOW_SIZE.to_be_bytes().to_vec();
        settings.extend(MAX_WINDOW.to_be_bytes());
        frame(out, SETTINGS, 0, 0, &settings);
        frame(
            out,
            WINDOW_UPDATE,
            0,
            0,
            &(MAX_WINDOW - WINDOW as u32).to_be_bytes(),
        );
    }

    fn call(&mut self, now: Instant, out: &mut Vec<u8>) -> bool {
        if self.calls.len() >= self.max_calls || self.window < self.request.len() {
            return false;
        }
        self.window -= self.request.len();
        frame(out, HEADERS, END_HEADERS, self.next, &self.headers());
        frame(out, DATA, END_STREAM, self.next, &self.request);
        let call = Call {
            begun: now,
            received: 0,
        };
        self.calls.insert(self.next, call);
        self.next += 2;
        true
    }

    fn read(&mut self, bytes: &[u8], out: &mut Vec<u8>, begun: &mut Vec<Instant>) -> io::Result<usize> {
        let mut read = 0;
        while let Some((&[a, b, c, kind, flags, s, t, r, m], rest)) = bytes[read..].split_first_chunk() {
            let len = u32::from_be_bytes([0, a, b, c]) as usize;
            let stream = u32::from_be_bytes([s, t, r, m]);
            let Some(payload) = rest.get(..len) else { break };
            read += 9 + len;
            match kind {
                DATA => self.data(stream, payload)?,
                HEADERS if flags & END_STREAM != 0 => {
                    let call = self.calls.remove(&stream).ok_or_else(wrong)?;
                    if call.received != self.answer.len() {
                        return Err(wrong());
                    }
                    begun.push(call.begun);
                }
                RST_STREAM | GOAWAY => return Err(io::Error::other("the server ended a call")),
                SETTINGS if flags & ACK == 0 => {
                    self.settings(payload)?;
                    frame(out, SETTINGS, ACK, 0, &[]);
                }
                PING if flags & ACK == 0 => frame(out, PING, ACK, 0, payload),
                WINDOW_UPDATE if stream == 0 => {
                    let more = payload.first_chunk().ok_or_else(wrong)?;
                    self.window += u32::from_be_bytes(*more) as usize;
                }
                _ => {}
            }
        }
        if self.received >= CREDIT {
            frame(out, WINDOW_UPDATE, 0, 0, &(self.received as u32).to_be_bytes());
            self.received = 0;
        }
        Ok(read)
    }
}

fn wrong() -> io::Error {
    io::Error::other("a wrong answer")
}

fn frame(out: &mut Vec<u8>, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
    out.extend(&(payload.len() as u32).to_be_bytes()[1..]);
    out.extend([kind, flags]);
    out.extend(stream.to_be_bytes());
    out.extend(payload);
}

/// Encodes a string of less than 127 bytes.
fn text(block: &mut Vec<u8>, text: &str) {
    block.push(text.len() as u8);
    block.extend(text.as_bytes());
}

/// Encodes an uncompressed gRPC message.
fn message(bytes: &[u8]) -> Vec<u8> {
    let mut message = vec![0];
    message.extend((bytes.len() as u32).to_be_bytes());
    message.extend(bytes);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] = b"answer";

    fn client() -> Http2 {
        let mut http = Http2::new("/service/Method", b"request", ANSWER);
        let mut out = Vec::new();
        http.open(&mut out);
        assert!(http.call(Instant::now(), &mut out) && http.call(Instant::now(), &mut out));
        http
    }

    fn feed(http: &mut Http2, bytes: &[u8]) -> io::Result<(usize, usize)> {
        let mut begun = Vec::new();
        let read = http.read(bytes, &mut Vec::new(), &mut begun)?;
        Ok((read, begun.len()))
    }

    fn answer(stream: u32, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        frame(&mut bytes, HEADERS, END_HEADERS, stream, &[0x88]);
        frame(&mut bytes, DATA, 0, stream, &message(payload));
        frame(&mut bytes, HEADERS, END_HEADERS | END_STREAM, stream, &[]);
        bytes
    }

    #[test]
    fn accepts_only_whole_and_right_answers() {
        let both = [answer(3, ANSWER), answer(1, ANSWER)].concat();
        assert_eq!(feed(&mut client(), &both).unwrap(), (both.len(), 2));
        for len in 0..both.len() {
            let mut http = client();
            let (read, first) = feed(&mut http, &both[..len]).unwrap();
            let (_, rest) = feed(&mut http, &both[read..]).unwrap();
            assert_eq!(first + rest, 2, "cut after {len} bytes");
        }
        for payload in [&b"answes"[..], b"answer and more", b"answ", b""] {
            assert!(feed(&mut client(), &answer(1, payload)).is_err(), "{payload:?}");
        }
        assert!(feed(&mut client(), &answer(5, ANSWER)).is_err(), "nobody called");
        let mut refused = Vec::new();
        frame(&mut refused, HEADERS, END_HEADERS | END_STREAM, 1, &[0x88]);
        assert!(feed(&mut client(), &refused).is_err(), "no answer, but a status");
    }

    #[test]
    fn follows_settings_pings_and_windows_of_the_server() {
        let mut http = client();
        let (now, mut out) = (Instant::now(), Vec::new());
        let mut calls = 2;
        while http.call(now, &mut out) {
            calls += 1;
        }
        assert_eq!(calls, WINDOW / message(b"request").len());
        let mut more = Vec::new();
        frame(&mut more, WINDOW_UPDATE, 0, 0, &12u32.to_be_bytes());
        feed(&mut http, &more).unwrap();
        assert!(http.call(now, &mut out) && !http.call(now, &mut out));

        let mut http = client();
        let mut settings = Vec::new();
        let most = [&MAX_CONCURRENT_STREAMS.to_be_bytes()[..], &2u32.to_be_bytes()].concat();
        frame(&mut settings, SETTINGS, 0, 0, &most);
        frame(&mut settings, PING, 0, 0, b"12345678");
        out.clear();
        http.read(&settings, &mut out, &mut Vec::new()).unwrap();
        let mut answers = Vec::new();
        frame(&mut answers, SETTINGS, ACK, 0, &[]);
        frame(&mut answers, PING, ACK, 0, b"12345678");
        assert_eq!(out, answers);
        assert!(!http.call(now, &mut out), "two are under way");
    }
}
