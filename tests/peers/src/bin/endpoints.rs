//! Measures the endpoints against a tonic service, a grpc-go service and an axum route, in alternating rounds. Each has a
//! CPU that the driver does not use.

#![allow(clippy::print_stdout, reason = "prints the measurements")]

use std::io;
use std::time::Duration;

use centrifugo::proto::proxy::{RpcRequest, RpcResponse, RpcResult};
use peers::{Contender, RunningContender, cpu};
use prost::Message;
use serde_json::json;
use speed::{Http1, Http2, Load, Measurements, Round, pin, round_order};

const DRIVER_CPU: usize = 0;
const CONTENDER_CPU: usize = 1;
const ROUND: Duration = Duration::from_millis(250);
/// All contenders are restarted after this number of rounds, because two processes of one program differ in speed.
const ROUNDS_PER_PROCESS: usize = 5;
const CLIENT: &str = "00000000-0000-4000-8000-000000000000";

struct Side {
    contender: Contender,
    answering: RunningContender,
    load: Load,
}

impl Side {
    fn new(contender: Contender, connections: usize, under_way: usize) -> io::Result<Self> {
        // Child processes inherit the affinity.
        pin([CONTENDER_CPU])?;
        let answering = contender.start();
        pin([DRIVER_CPU])?;
        let address = answering.address;
        let load = if contender.is_http() {
            Load::open(address, under_way, under_way, http)?
        } else {
            Load::open(address, connections, under_way, grpc)?
        };
        Ok(Self {
            contender,
            answering,
            load,
        })
    }

    /// Returns a round, and the CPU time that the contender and the driver used.
    fn round(&mut self) -> io::Result<(Round, [Duration; 2])> {
        let cpus = || [self.answering.process.cpu(), cpu(std::process::id().into())];
        let before = cpus();
        let round = self.load.round(ROUND).map_err(|error| {
            let log = self.answering.process.log();
            io::Error::other(format!("{}: {error}\n{log}", self.contender.name()))
        })?;
        let after = cpus();
        Ok((round, [0, 1].map(|at| after[at] - before[at])))
    }
}

/// Returns a JSON string of 64 bytes.
fn data() -> String {
    format!("\"{}\"", "x".repeat(62))
}

fn grpc() -> Http2 {
    let request = RpcRequest {
        client: CLIENT.into(),
        transport: "websocket".into(),
        protocol: "json".into(),
        encoding: "json".into(),
        user: "42".into(),
        method: "echo".into(),
        data: data().into(),
        ..Default::default()
    };
    let result = RpcResult {
        data: data().into(),
        ..Default::default()
    };
    let response = RpcResponse {
        result: Some(result),
        ..Default::default()
    };
    Http2::new(
        "/centrifugal.centrifugo.proxy.CentrifugoProxy/RPC",
        &request.encode_to_vec(),
        &response.encode_to_vec(),
    )
}

fn http() -> Http1 {
    let data = data();
    let request = format!(
        r#"{{"client":{},"transport":"websocket","protocol":"json","encoding":"json","user":"42","method":"echo","data":{data}}}"#,
        json!(CLIENT)
    );
    let answer = format!(r#"{{"result":{{"data":{data}}}}}"#);
    Http1::new("/centrifugo/rpc", &request, &answer)
}

/// The first contender is the endpoint of `centrifugo`.
fn measure(
    rounds: usize,
    connections: usize,
    only: Option<usize>,
    contenders: &[Contender],
) -> io::Result<()> {
    for under_way in [1, 64, 512] {
        if only.is_some_and(|only| only != under_way) {
            continue;
        }
        let mut measured: Vec<_> = contenders.iter().map(|_| Measurements::default()).collect();
        for first in (0..rounds).step_by(ROUNDS_PER_PROCESS) {
            let mut sides = contenders
                .iter()
                .map(|contender| Side::new(*contender, connections.min(under_way), under_way))
                .collect::<io::Result<Vec<_>>>()?;
            for side in &mut sides {
                side.round()?;
            }
            for round in first..rounds.min(first + ROUNDS_PER_PROCESS) {
                for turn in round_order(round, sides.len()) {
                    let (round, cpus) = sides[turn].round()?;
                    measured[turn].push(round, &cpus);
                }
            }
        }
        for (contender, own) in contenders.iter().zip(&measured) {
            let ratio = if *contender == contenders[0] {
                "1".into()
            } else {
                measured[0].ratio_to(own).to_string()
            };
            println!(
                "| {under_way} | {} | {:.0} | {ratio} | {:.0} | {:.0} | {:.1} | {:.1} |",
                contender.name(),
                own.rate(),
                own.p50(),
                own.p99(),
                own.cpu(0),
                own.cpu(1).median,
            );
        }
    }
    Ok(())
}

/// Usage: `endpoints [ROUNDS [CONNECTIONS [UNDER_WAY]]]`. `CONNECTIONS` is the number of gRPC connections, 1 by default as
/// in Centrifugo. Over HTTP, each concurrent call has a connection of its own.
fn main() -> io::Result<()> {
    let mut numbers = std::env::args().skip(1).map(|number| number.parse().ok());
    let rounds = numbers.next().flatten().unwrap_or(40);
    let connections = numbers.next().flatten().unwrap_or(1);
    let only = numbers.next().flatten();
    println!(
        "rpc with 64 B of data, {rounds} rounds of {ROUND:?} each; medians, spread from p10 to p90; one CPU for the \
         contenders, one for the driver"
    );
    let head = "| under way | endpoint | calls/s | ours beside it | p50, µs | p99, µs | CPU, µs per call | driver's |\n\
                |---|---|---|---|---|---|---|---|";
    println!("\ngRPC, {connections} connection(s):\n\n{head}");
    measure(
        rounds,
        connections,
        only,
        &[Contender::Grpc, Contender::Tonic, Contender::GrpcGo],
    )?;
    println!("\nHTTP/1.1, a connection for each call under way:\n\n{head}");
    measure(
        rounds,
        connections,
        only,
        &[Contender::Http, Contender::AxumOfTwoThreads, Contender::Axum],
    )
}
