//! A raw HTTP/1.1 client: what it sends is what stands here.

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The status and the body of an answer.
pub type Answer = (u16, String);

/// A connection that is used again and again.
pub struct Connection(TcpStream);

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// Sends the headers and the body apart.
    pub async fn request(&mut self, path: &str, content_type: Option<&str>, body: &str) {
        let content_type = content_type.map_or(String::new(), |text| format!("content-type: {text}\r\n"));
        let len = body.len();
        let head =
            format!("POST {path} HTTP/1.1\r\nhost: here\r\n{content_type}content-length: {len}\r\n\r\n");
        self.send(head.as_bytes()).await;
        self.send(body.as_bytes()).await;
    }

    pub async fn answer(&mut self) -> Answer {
        let (head, body) = self.answer_with_head().await;
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body)
    }

    /// The head of the next answer, and its body.
    pub async fn answer_with_head(&mut self) -> (String, String) {
        let mut answer = Vec::new();
        let head = loop {
            let byte = self.0.read_u8().await;
            answer.push(byte.unwrap_or_else(|error| panic!("{error} after {answer:?}")));
            if answer.ends_with(b"\r\n\r\n") {
                break String::from_utf8(answer).unwrap();
            }
        };
        let len = head
            .split("content-length: ")
            .nth(1)
            .unwrap()
            .lines()
            .next()
            .unwrap();
        let mut body = vec![0; len.parse().unwrap()];
        self.0.read_exact(&mut body).await.unwrap();
        (head, String::from_utf8(body).unwrap())
    }
}

pub async fn post(address: SocketAddr, path: &str, body: &str) -> Answer {
    send(address, "POST", path, &[], body.as_bytes()).await
}

pub async fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let stream = TcpStream::connect(address).await.unwrap();
    exchange(stream, method, path, headers, body).await
}

pub async fn exchange(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (key, value) in headers {
        head.push_str(&format!("{key}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    // A refusal may come before all of the body is taken.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {answer:?}"));
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}
