//! A client of RoadRunner's RPC, which `rr reset` and `rr workers` use: Go's net/rpc with JSON in goridge frames.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use serde_json::Value;

const JSON: u8 = 0x08;
const ERROR: u8 = 0x40;

/// The timeout of an answer.
const LIMIT: Option<Duration> = Some(Duration::from_secs(60));

/// Calls a method such as `resetter.Reset`. The address has the format of `RR_RPC`.
///
/// # Errors
///
/// The error text of RoadRunner's answer.
pub fn call(address: &str, method: &str, argument: &Value) -> Result<Value, String> {
    let text = |error: std::io::Error| error.to_string();
    let (scheme, place) = address.split_once("://").ok_or("no address")?;
    if scheme == "unix" {
        let stream = UnixStream::connect(place).map_err(text)?;
        stream.set_read_timeout(LIMIT).map_err(text)?;
        ask(stream, method, argument)
    } else {
        let stream = TcpStream::connect(place).map_err(text)?;
        stream.set_read_timeout(LIMIT).map_err(text)?;
        ask(stream, method, argument)
    }
}

fn ask(mut stream: impl Read + Write, method: &str, argument: &Value) -> Result<Value, String> {
    let payload = format!("{method}{argument}");
    let mut frame = vec![0x15, JSON];
    frame.extend((payload.len() as u32).to_le_bytes());
    frame.extend(crc32fast::hash(&frame).to_le_bytes());
    frame.extend([0, 0]);
    frame.extend(1u32.to_le_bytes());
    frame.extend((method.len() as u32).to_le_bytes());
    frame.extend(payload.bytes());
    stream.write_all(&frame).map_err(|error| error.to_string())?;

    let mut header = [0; 12];
    stream
        .read_exact(&mut header)
        .map_err(|error| error.to_string())?;
    let mut options = vec![0; usize::from(header[0] & 0x0f) * 4 - 12];
    stream
        .read_exact(&mut options)
        .map_err(|error| error.to_string())?;
    let len = u32::from_le_bytes([header[2], header[3], header[4], header[5]]);
    let mut payload = vec![0; len as usize];
    stream
        .read_exact(&mut payload)
        .map_err(|error| error.to_string())?;
    let answer = payload.get(method.len()..).unwrap_or_default();
    if header[1] & ERROR != 0 {
        return Err(String::from_utf8_lossy(answer).into_owned());
    }
    serde_json::from_slice(answer).map_err(|error| error.to_string())
}
