//! Programs that answer an rpc with its data, to be compared with each other.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use speed::ProgramCopy;

use crate::folder::Folder;
use crate::merge::merge;
use crate::{Node, Process, programs};

/// A program to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// The endpoint of `centrifugo` over gRPC.
    Grpc,
    /// The endpoint of `centrifugo` over HTTP.
    Http,
    /// A generated tonic service.
    Tonic,
    /// An axum route.
    Axum,
    /// The axum route on two threads, as many as the endpoint of `centrifugo` has, on a single CPU.
    AxumOfTwoThreads,
    /// A generated grpc-go service.
    GrpcGo,
}

impl Contender {
    /// Returns the name in tables.
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

    /// Returns whether Centrifugo calls it over HTTP.
    pub fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Axum | Self::AxumOfTwoThreads)
    }

    /// Copies the program, and returns the command that starts the copy.
    fn command(self) -> (Command, ProgramCopy) {
        let (program, listen, http) = match self {
            Self::Grpc => (sibling_program("echo_endpoint"), "127.0.0.1:0", "off"),
            Self::Http => (sibling_program("echo_endpoint"), "off", "127.0.0.1:0"),
            Self::Tonic => (sibling_program("echo_tonic"), "", ""),
            Self::Axum | Self::AxumOfTwoThreads => (sibling_program("echo_axum"), "", ""),
            Self::GrpcGo => (programs::endpoint(), "", ""),
        };
        let copy = ProgramCopy::of(&program).expect("a copy of the program");
        let mut command = Command::new(copy.path());
        command
            .env("WORKER_LISTEN", listen)
            .env("WORKER_HTTP_LISTEN", http);
        if self == Self::AxumOfTwoThreads {
            // `#[tokio::main]` reads this variable.
            command.env("TOKIO_WORKER_THREADS", "2");
        }
        (command, copy)
    }

    /// Starts the program with this thread's CPU affinity.
    pub fn start(self) -> RunningContender {
        let folder = Folder::new();
        let (command, copy) = self.command();
        let mut process = Process::start("contender", command, folder.path());
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
        RunningContender {
            contender: self,
            process,
            address,
            folder,
            _copy: copy,
        }
    }
}

/// A running contender.
pub struct RunningContender {
    contender: Contender,
    /// The process.
    pub process: Process,
    /// The address that the program listens on.
    pub address: SocketAddr,
    folder: Folder,
    _copy: ProgramCopy,
}

impl RunningContender {
    /// Starts a node of Centrifugo that calls this program, with these settings.
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

/// Returns the path of a program in the same folder as this one.
pub fn sibling_program(name: &str) -> PathBuf {
    let program = std::env::current_exe().expect("a path").with_file_name(name);
    assert!(
        program.exists(),
        "{} is missing: `cargo build --release -p peers && cargo build --release -p speed`",
        program.display()
    );
    program
}

/// Parses the address in a line `gRPC on 127.0.0.1:10001` or `HTTP on ..`.
fn address(log: &str) -> Option<SocketAddr> {
    let (_, rest) = log
        .split_once("gRPC on ")
        .or_else(|| log.split_once("HTTP on "))?;
    // A line without its end may lack digits.
    let (line, _) = rest.split_once('\n')?;
    line.split(',').next()?.parse().ok()
}
