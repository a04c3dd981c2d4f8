//! HTTP/1.1 as Go's client sends it: keep-alive connections with one call at a time.

use std::io;
use std::time::Instant;

use super::Protocol;

/// A client that repeats one request.
#[derive(Clone)]
pub struct Http1 {
    request: Vec<u8>,
    answer: Vec<u8>,
    begun: Option<Instant>,
}

impl Http1 {
    /// Creates a client that posts `body` to `path` and expects `answer`.
    pub fn new(path: &str, body: &str, answer: &str) -> Self {
        let len = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: {len}\r\n\
             Content-Type: application/json\r\nAccept-Encoding: gzip\r\n\r\n{body}"
        );
        Self {
            request: request.into(),
            answer: answer.into(),
            begun: None,
        }
    }
}

impl Protocol for Http1 {
    fn open(&mut self, _: &mut Vec<u8>) {}

    fn call(&mut self, now: Instant, out: &mut Vec<u8>) -> bool {
        if self.begun.is_some() {
            return false;
        }
        out.extend(&self.request);
        self.begun = Some(now);
        true
    }

    fn read(&mut self, bytes: &[u8], _: &mut Vec<u8>, begun: &mut Vec<Instant>) -> io::Result<usize> {
        let Some(head) = bytes.windows(4).position(|end| end == b"\r\n\r\n") else {
            return Ok(0);
        };
        let (head, body) = (&bytes[..head], &bytes[head + 4..]);
        let wrong = || io::Error::other(format!("a wrong answer: {}", String::from_utf8_lossy(bytes)));
        if !head.starts_with(b"HTTP/1.1 200 ") || body.len() > self.answer.len() {
            return Err(wrong());
        }
        if body.len() < self.answer.len() {
            return Ok(0);
        }
        if body != self.answer {
            return Err(wrong());
        }
        begun.extend(self.begun.take());
        Ok(bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(bytes: &str) -> io::Result<(usize, usize)> {
        let mut http = Http1::new("/rpc", "{}", r#"{"ok":1}"#);
        let (mut out, mut begun) = (Vec::new(), Vec::new());
        assert!(http.call(Instant::now(), &mut out));
        assert!(out.ends_with(
            b"\r\nContent-Length: 2\r\nContent-Type: application/json\r\nAccept-Encoding: gzip\r\n\r\n{}"
        ));
        assert!(!http.call(Instant::now(), &mut out), "one at a time");
        let read = http.read(bytes.as_bytes(), &mut out, &mut begun)?;
        Ok((read, begun.len()))
    }

    #[test]
    fn accepts_only_whole_and_right_answers() {
        let whole = "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n{\"ok\":1}";
        assert_eq!(feed(whole).unwrap(), (whole.len(), 1));
        for len in 0..whole.len() {
            assert_eq!(feed(&whole[..len]).unwrap(), (0, 0), "{len} bytes");
        }
        for wrong in [
            whole.replace("200", "500"),
            whole.replace(":1}", ":2}"),
            format!("{whole}more"),
        ] {
            assert!(feed(&wrong).is_err(), "{wrong}");
        }
    }
}
