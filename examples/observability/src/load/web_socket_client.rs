//! A client of Centrifugo over WebSocket.
//!
//! It has just enough of the protocol for this example, so that the example needs no WebSocket crate. An application uses one
//! of Centrifugo's client libraries.

use std::io;
use std::net::SocketAddr;

use centrifugo::BoxError;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// The longest message that is accepted.
const MAX_LEN: u64 = 1 << 20;

pub struct WebSocketClient {
    stream: BufReader<TcpStream>,
    /// The id of the last command.
    id: u64,
}

impl WebSocketClient {
    pub async fn connect(address: SocketAddr) -> Result<Self, BoxError> {
        let mut stream = BufReader::new(TcpStream::connect(address).await?);
        let request = format!(
            "GET /connection/websocket HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut status = String::new();
        stream.read_line(&mut status).await?;
        if !status.starts_with("HTTP/1.1 101") {
            return Err(format!("Centrifugo answered {}", status.trim_end()).into());
        }
        // The headers end with an empty line.
        let mut line = status;
        while line != "\r\n" {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
        }
        let mut client = Self { stream, id: 0 };
        client.command("connect", json!({})).await?;
        Ok(client)
    }

    pub async fn rpc(&mut self, method: &str, data: &Value) -> Result<(), BoxError> {
        self.command("rpc", json!({ "method": method, "data": data }))
            .await
    }

    pub async fn publish(&mut self, channel: &str, data: &Value) -> Result<(), BoxError> {
        self.command("publish", json!({ "channel": channel, "data": data }))
            .await
    }

    pub async fn subscribe(&mut self, channel: &str) -> Result<(), BoxError> {
        self.command("subscribe", json!({ "channel": channel })).await
    }

    /// Sends a command and waits for its reply. Publications that arrive meanwhile are ignored.
    async fn command(&mut self, name: &str, body: Value) -> Result<(), BoxError> {
        self.id += 1;
        self.send(&json!({ "id": self.id, name: body }).to_string())
            .await?;
        loop {
            let message = self.receive().await?;
            for line in message.lines() {
                let reply: Value = serde_json::from_str(line)?;
                if reply == json!({}) {
                    // A ping, whose answer is the same.
                    self.send("{}").await?;
                } else if reply["id"] == self.id {
                    return Ok(());
                }
            }
        }
    }

    /// Sends a text message in one frame. Its mask is zero, which leaves the text as it is.
    async fn send(&mut self, text: &str) -> io::Result<()> {
        let len = u16::try_from(text.len()).map_err(io::Error::other)?;
        let mut frame = vec![0x81, 0x80 | 126];
        frame.extend(len.to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        self.stream.write_all(&frame).await
    }

    /// Receives a message in one frame.
    async fn receive(&mut self) -> Result<String, BoxError> {
        loop {
            let opcode = self.stream.read_u8().await?;
            let len = match self.stream.read_u8().await? {
                126 => self.stream.read_u16().await?.into(),
                127 => self.stream.read_u64().await?,
                len => len.into(),
            };
            if len > MAX_LEN {
                return Err(format!("a message of {len} bytes").into());
            }
            let mut message = vec![0; usize::try_from(len)?];
            self.stream.read_exact(&mut message).await?;
            match opcode {
                0x81 => return Ok(String::from_utf8(message)?),
                0x88 => return Err("Centrifugo closed the connection".into()),
                _ => {}
            }
        }
    }
}
