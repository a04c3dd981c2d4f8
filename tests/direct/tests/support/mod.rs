//! Starts the programs under test and calls them over gRPC and HTTP.

#![allow(dead_code, reason = "each test file uses a part of this module")]

use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use centrifugo::proto::proxy::{RpcRequest, RpcResponse};
use prost::Message;
use rustix::process::{Pid, Signal, kill_process};
use test_support::Log;
use tonic::client::Grpc;
use tonic::codec::CompressionEncoding;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_prost::ProstCodec;

pub mod frame_client;
pub mod h2_client;
pub mod http_client;
pub mod memory;
pub mod stream_client;

/// A running program with a gRPC and an HTTP endpoint.
pub struct Program {
    child: Child,
    pub log: Log,
    pub notes: Log,
    pub grpc: Option<SocketAddr>,
    pub http: Option<SocketAddr>,
}

/// Returns the command that starts the program `endpoint`.
pub fn command(env: &[(&str, &str)]) -> Command {
    command_for(env!("CARGO_BIN_EXE_endpoint"), env)
}

fn command_for(path: &str, env: &[(&str, &str)]) -> Command {
    let mut command = Command::new(path);
    command
        .env("WORKER_LISTEN", "127.0.0.1:0")
        .env("WORKER_HTTP_LISTEN", "127.0.0.1:0")
        .envs(env.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

impl Program {
    pub fn start(env: &[(&str, &str)]) -> Self {
        Self::start_binary(env!("CARGO_BIN_EXE_endpoint"), env)
    }

    pub fn start_binary(path: &str, env: &[(&str, &str)]) -> Self {
        let (log, notes) = (Log::new("stderr"), Log::new("notes"));
        let mut command = command_for(path, env);
        command.env("NOTES", notes.path()).stderr(log.create());
        let child = command.spawn().unwrap();
        let mut program = Self {
            child,
            log,
            notes,
            grpc: None,
            http: None,
        };
        let text = program.log.wait_for(" handlers\n");
        let address = |protocol: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(protocol))?;
            Some(
                line.split(',')
                    .next()
                    .unwrap()
                    .parse()
                    .unwrap_or_else(|error| panic!("{error}: {line}")),
            )
        };
        program.grpc = address("centrifugo: gRPC on ");
        program.http = address("centrifugo: HTTP on ");
        program
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(self.child.id() as i32).unwrap(), signal).unwrap();
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub async fn wait_for_exit(&mut self) -> ExitStatus {
        wait_for_exit(&mut self.child).await
    }

    pub fn endpoint(&self, scheme: &str) -> Endpoint {
        Endpoint::from_shared(format!("{scheme}://{}", self.grpc.unwrap())).unwrap()
    }

    pub async fn client(&self) -> Client {
        Client(self.endpoint("http").connect().await.unwrap())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits up to 30 s for a process to exit.
pub async fn wait_for_exit(child: &mut Child) -> ExitStatus {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(Instant::now() < end, "the program does not exit");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Runs a program that must fail to start. Returns its standard error.
pub fn start_error(env: &[(&str, &str)]) -> String {
    let output = command(env).output().unwrap();
    assert!(!output.status.success(), "the program started");
    String::from_utf8(output.stderr).unwrap()
}

/// A gRPC client that calls the program as Centrifugo does.
#[derive(Clone)]
pub struct Client(pub Channel);

pub const SERVICE: &str = "/centrifugal.centrifugo.proxy.CentrifugoProxy/";

impl Client {
    pub async fn call<Q, R>(&self, method: &str, request: Request<Q>) -> Result<R, Status>
    where
        Q: Message + Send + Sync + 'static,
        R: Message + Default + Send + Sync + 'static,
    {
        let mut grpc = Grpc::new(self.0.clone());
        if request.metadata().contains_key("x-gzip") {
            grpc = grpc.send_compressed(CompressionEncoding::Gzip);
        }
        grpc.ready().await.unwrap();
        let path = format!("{SERVICE}{method}").parse().unwrap();
        let codec = ProstCodec::<Q, R>::default();
        grpc.unary(request, path, codec)
            .await
            .map(tonic::Response::into_inner)
    }

    pub async fn call_ok<Q, R>(&self, method: &str, request: Q) -> R
    where
        Q: Message + Send + Sync + 'static,
        R: Message + Default + Send + Sync + 'static,
    {
        self.call(method, Request::new(request)).await.unwrap()
    }

    pub async fn rpc(&self, method: &str, data: &str) -> Result<RpcResponse, Status> {
        self.call("RPC", Request::new(rpc(method, data))).await
    }
}

pub fn rpc(method: &str, data: &str) -> RpcRequest {
    RpcRequest {
        client: "c1".into(),
        transport: "websocket".into(),
        protocol: "json".into(),
        encoding: "json".into(),
        user: "42".into(),
        method: method.into(),
        data: data.to_owned().into(),
        ..Default::default()
    }
}

/// Formats a response as the client of Centrifugo sees it: the data, the error or the disconnect.
pub fn outcome_text(response: &RpcResponse) -> String {
    if let Some(disconnect) = &response.disconnect {
        format!("disconnect {}: {}", disconnect.code, disconnect.reason)
    } else if let Some(error) = &response.error {
        let temporary = if error.temporary { " (temporary)" } else { "" };
        format!("error {}: {}{temporary}", error.code, error.message)
    } else {
        String::from_utf8_lossy(&response.result.as_ref().expect("a result").data).into_owned()
    }
}
