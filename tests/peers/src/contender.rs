//! Programs that answer an rpc with its data, to be measured beside each other.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::merge::merge;
use crate::{Node, Process, binaries};

/// A program that answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// Ours over gRPC.
    Grpc,
    /// Ours over HTTP.
    Http,
    /// A generated service of tonic.
    Tonic,
    /// A route of axum, over HTTP.
    Axum,
    /// The same on as many threads as ours has: more than its CPU asks for.
    AxumOfTwoThreads,
    /// A generated service of grpc-go.
    GrpcGo,
}

impl Contender {
    /// What tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grpc => "ours, gRPC",
            Self::Http => "ours, HTTP",
            Self::Tonic => "tonic by hand",
            Self::Axum => "bare axum route",
            Self::AxumOfTwoThreads => "bare axum route, two threads",
            Self::GrpcGo => "grpc-go",
        }
    }

    /// Whether it is asked over HTTP.
    pub fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Axum | Self::AxumOfTwoThreads)
    }

    fn command(self) -> Command {
        let (program, listen, http) = match self {
            Self::Grpc => (beside("echo"), "127.0.0.1:0", "off"),
            Self::Http => (beside("echo"), "off", "127.0.0.1:0"),
            Self::Tonic => (beside("echo_tonic"), "", ""),
            Self::Axum | Self::AxumOfTwoThreads => (beside("echo_axum"), "", ""),
            Self::GrpcGo => (binaries::endpoint(), "", ""),
        };
        let mut command = Command::new(program);
        command
            .env("WORKER_LISTEN", listen)
            .env("WORKER_HTTP_LISTEN", http);
        if self == Self::AxumOfTwoThreads {
            // `#[tokio::main]` takes it.
            command.env("TOKIO_WORKER_THREADS", "2");
        }
        command
    }

    /// Starts it where this thread may run.
    pub fn start(self) -> Answering {
        let folder = Folder::new();
        let mut process = Process::start("contender", self.command(), folder.path());
        let end = Instant::now() + Duration::from_secs(10);
        let address = loop {
            if let Some(address) = address(&process.log()) {
                break address;
            }
            assert!(
                process.is_running() && Instant::now() < end,
                "{} does not start:\n{}",
                self.name(),
                process.log()
            );
            std::thread::sleep(Duration::from_millis(5));
        };
        Answering {
            contender: self,
            process,
            address,
            folder,
        }
    }
}

/// A running contender.
pub struct Answering {
    contender: Contender,
    /// Its process.
    pub process: Process,
    /// Where it listens.
    pub address: SocketAddr,
    folder: Folder,
}

impl Answering {
    /// A node of Centrifugo that asks it, with these settings.
    pub fn node(&self, settings: Value) -> Node {
        let endpoint = if self.contender.is_http() {
            format!("http://{}/centrifugo/rpc", self.address)
        } else {
            format!("grpc://{}", self.address)
        };
        let mut config = json!({
            "rpc": {
                "proxy": { "endpoint": endpoint, "timeout": "5s" },
                "without_namespace": { "proxy_enabled": true },
            },
        });
        merge(&mut config, settings);
        Node::start("centrifugo", &config, self.folder.path())
    }
}

/// A program that was built with this one.
pub fn beside(name: &str) -> PathBuf {
    let program = std::env::current_exe().expect("a path").with_file_name(name);
    assert!(
        program.exists(),
        "{} is missing: `cargo build --release -p speed -p peers`",
        program.display()
    );
    program
}

/// `gRPC on 127.0.0.1:10001` in a line, or `HTTP on ..`.
fn address(log: &str) -> Option<SocketAddr> {
    let (_, rest) = log
        .split_once("gRPC on ")
        .or_else(|| log.split_once("HTTP on "))?;
    // A line that is not whole yet may lack digits.
    let (line, _) = rest.split_once('\n')?;
    line.split(',').next()?.parse().ok()
}
