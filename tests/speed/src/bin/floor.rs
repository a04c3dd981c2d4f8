//! The floor: blocking reads, and blocking writes of a prepared answer. It bounds what a Rust worker can reach.

use std::io;

use centrifugo::proto::proxy::{RpcResponse, RpcResult};
use prost::Message;
use rustix::stdio::{stdin, stdout};
use speed::frame;

fn main() -> io::Result<()> {
    let len = std::env::args()
        .nth(1)
        .and_then(|len| len.parse().ok())
        .unwrap_or(64usize);
    let data = format!("\"{}\"", "x".repeat(len.saturating_sub(2))).into();
    let result = RpcResult {
        data,
        ..Default::default()
    };
    let response = RpcResponse {
        result: Some(result),
        ..Default::default()
    };
    let answer = frame(0x80, &[0], &response.encode_to_vec());
    let hello = frame(
        0x09,
        &[],
        format!(r#"{{"pid":{}}}"#, std::process::id()).as_bytes(),
    );
    // The worker sets the same pipe size.
    let _ = rustix::pipe::fcntl_setpipe_size(stdin(), 1 << 20);
    let _ = rustix::pipe::fcntl_setpipe_size(stdout(), 1 << 20);

    let mut buf = vec![0; 4 << 20];
    let mut have = 0;
    loop {
        let read = rustix::io::read(stdin(), &mut buf[have..])?;
        if read == 0 {
            return Ok(());
        }
        have += read;
        if have < 12 {
            continue;
        }
        let payload = u32::from_le_bytes([buf[2], buf[3], buf[4], buf[5]]);
        if have < usize::from(buf[0] & 0x0f) * 4 + payload as usize {
            continue;
        }
        have = 0;
        let control = buf[1] & 1 != 0;
        if control && buf[..64].windows(6).any(|part| part == b"\"stop\"") {
            return Ok(());
        }
        let mut rest: &[u8] = if control { &hello } else { &answer };
        while !rest.is_empty() {
            let written = rustix::io::write(stdout(), rest)?;
            rest = &rest[written..];
        }
    }
}
