//! A worker process, driven over pipes as RoadRunner does: one event at a time.

use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use centrifugo::proto::proxy::{RpcRequest, RpcResponse};
use prost::Message;

const CONTEXT: &[u8] = br#"{":authority":["127.0.0.1:30000"],"content-type":["application/grpc"],"grpc-accept-encoding":["gzip"],"type":["rpc"],"user-agent":["grpc-go/1.82.0"]}"#;

/// Encodes an event frame: an rpc `echo` with a JSON string of `data_len` bytes.
pub fn event(data_len: usize) -> Vec<u8> {
    let body = RpcRequest {
        client: "00000000-0000-4000-8000-000000000000".into(),
        transport: "websocket".into(),
        protocol: "json".into(),
        encoding: "json".into(),
        user: "42".into(),
        method: "echo".into(),
        data: format!("\"{}\"", "x".repeat(data_len.saturating_sub(2))).into(),
        ..Default::default()
    };
    let body = body.encode_to_vec();
    frame(0x80, &[CONTEXT.len() as u32], &[CONTEXT, &body].concat())
}

/// Encodes a goridge frame.
pub fn frame(flags: u8, options: &[u32], payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x13 + options.len() as u8, flags];
    bytes.extend((payload.len() as u32).to_le_bytes());
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes.extend([0, 0]);
    for option in options {
        bytes.extend(option.to_le_bytes());
    }
    bytes.extend(payload);
    bytes
}

/// A worker process.
pub struct WorkerProcess {
    child: Child,
    input: OwnedFd,
    output: OwnedFd,
    buf: Vec<u8>,
    /// The time from the start of the process to its pid frame.
    pub started: Duration,
}

impl WorkerProcess {
    /// Starts a worker and waits for its pid frame.
    ///
    /// # Errors
    ///
    /// If the worker does not start or sends another frame.
    pub fn start(program: &Path, argument: usize) -> io::Result<Self> {
        let start = Instant::now();
        let mut child = Command::new(program)
            .arg(argument.to_string())
            .env("RR_MODE", "centrifuge")
            .env("RR_RELAY", "pipes")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("no pipes"));
        };
        let mut peer = Self {
            child,
            input: input.into(),
            output: output.into(),
            buf: vec![0; 4 << 20],
            started: Duration::ZERO,
        };
        let hello = frame(0x09, &[], br#"{"pid":1}"#);
        let answer = peer.exchange(&hello)?;
        let expected = format!(r#"{{"pid":{}}}"#, peer.child.id());
        if peer.buf[..answer].ends_with(expected.as_bytes()) {
            peer.started = start.elapsed();
            Ok(peer)
        } else {
            Err(io::Error::other("the worker did not answer with its pid"))
        }
    }

    /// Sends an event and reads the answer. Returns the length of the answer.
    ///
    /// # Errors
    ///
    /// If the worker has exited.
    pub fn exchange(&mut self, frame: &[u8]) -> io::Result<usize> {
        let mut rest = frame;
        while !rest.is_empty() {
            let written = rustix::io::write(&self.input, rest)?;
            rest = &rest[written..];
        }
        let mut have = 0;
        loop {
            let read = rustix::io::read(self.output.as_fd(), &mut self.buf[have..])?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            have += read;
            if have >= 12 {
                let payload = u32::from_le_bytes([self.buf[2], self.buf[3], self.buf[4], self.buf[5]]);
                let total = usize::from(self.buf[0] & 0x0f) * 4 + payload as usize;
                if have >= total {
                    return Ok(total);
                }
            }
        }
    }

    /// Checks that the answer to an event carries its data.
    ///
    /// # Errors
    ///
    /// If the answer carries other data.
    pub fn check(&mut self, frame: &[u8]) -> io::Result<()> {
        let len = self.exchange(frame)?;
        let response = RpcResponse::decode(&self.buf[16..len]).map_err(io::Error::other)?;
        let data = response.result.unwrap_or_default().data;
        if !data.is_empty() && frame.ends_with(&data) {
            Ok(())
        } else {
            Err(io::Error::other(
                "the answer does not carry the data of its event",
            ))
        }
    }

    /// Returns the CPU time that all threads have used.
    pub fn cpu(&self) -> Duration {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id()));
        let nanos = tasks.into_iter().flatten().flatten().filter_map(|task| {
            let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanos.sum())
    }

    /// Returns the peak of resident memory in KiB.
    pub fn peak_memory(&self) -> u64 {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
            .unwrap_or(0)
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
