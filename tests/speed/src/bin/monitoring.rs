//! Measures what metrics, spans and logs cost: endpoints with and without them, in alternating rounds of one run, on a CPU
//! that the driver does not use.

#![allow(clippy::print_stdout, reason = "prints the measurements")]

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use centrifugo::proto::proxy::{RpcRequest, RpcResponse, RpcResult};
use prost::Message;
use rustix::process::{Pid, Signal, kill_process};
use speed::{Http2, Load, Measurements, ProgramCopy, Round, pin, program, round_order};

const DRIVER_CPU: usize = 0;
const ENDPOINT_CPU: usize = 1;
const ROUND: Duration = Duration::from_millis(250);
/// The rounds under callgrind, whose difference is counted.
const COUNTED_ROUNDS: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(8)];

/// A way to run an endpoint.
struct Variant {
    name: &'static str,
    /// The goal of BENCHMARKS.md, as a ratio to the first variant.
    goal: &'static str,
    program: &'static str,
    argument: &'static str,
    env: &'static [(&'static str, &'static str)],
    serves_metrics: bool,
}

const VARIANTS: [Variant; 5] = [
    Variant {
        name: "no feature",
        goal: "1",
        program: "echo_endpoint",
        argument: "",
        env: &[],
        serves_metrics: false,
    },
    Variant {
        name: "`metrics`, no exporter",
        goal: "0.995",
        program: "monitored",
        argument: "",
        env: &[],
        serves_metrics: false,
    },
    Variant {
        name: "`prometheus`, with its exporter",
        goal: "0.97",
        program: "monitored",
        argument: "",
        env: &[],
        serves_metrics: true,
    },
    Variant {
        name: "spans, with a subscriber that records nothing",
        goal: "0.99",
        program: "echo_endpoint",
        argument: "spans",
        env: &[],
        serves_metrics: false,
    },
    Variant {
        name: "a JSON line for each event",
        goal: "0.85",
        program: "echo_endpoint",
        argument: "",
        env: &[("WORKER_LOG", "json"), ("RUST_LOG", "centrifugo=debug")],
        serves_metrics: false,
    },
];

impl Variant {
    /// Completes a command whose program is this variant's. Returns the address of its endpoint.
    fn configure(&self, command: &mut Command) -> io::Result<SocketAddr> {
        let address = free_address()?;
        if !self.argument.is_empty() {
            command.arg(self.argument);
        }
        if self.serves_metrics {
            command.env("WORKER_METRICS_LISTEN", free_address()?.to_string());
        }
        command
            .env("WORKER_LISTEN", address.to_string())
            .env("WORKER_BANNER", "off")
            .envs(self.env.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(address)
    }
}

fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

/// A running endpoint, killed on drop.
struct Endpoint {
    child: Child,
    address: SocketAddr,
}

impl Endpoint {
    fn start(mut command: Command, address: SocketAddr) -> io::Result<Self> {
        let mut endpoint = Self {
            child: command.spawn()?,
            address,
        };
        let end = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(address).is_err() {
            if let Some(status) = endpoint.child.try_wait()? {
                return Err(io::Error::other(format!("an endpoint ended: {status}")));
            }
            if Instant::now() > end {
                return Err(io::Error::other("an endpoint does not listen"));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(endpoint)
    }

    fn cpu(&self) -> Duration {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id()));
        let nanos = tasks.into_iter().flatten().flatten().filter_map(|task| {
            let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanos.sum())
    }

    /// Ends the process as an operator does, so that callgrind writes its numbers.
    fn stop(mut self) -> io::Result<()> {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            kill_process(pid, Signal::TERM)?;
        }
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An rpc with 64 bytes of data.
fn protocol() -> Http2 {
    let data = format!("\"{}\"", "x".repeat(62));
    let request = RpcRequest {
        client: "00000000-0000-4000-8000-000000000000".into(),
        transport: "websocket".into(),
        protocol: "json".into(),
        encoding: "json".into(),
        user: "42".into(),
        method: "echo".into(),
        data: data.clone().into(),
        ..Default::default()
    };
    let response = RpcResponse {
        result: Some(RpcResult {
            data: data.into(),
            ..Default::default()
        }),
        ..Default::default()
    };
    Http2::new(
        "/centrifugal.centrifugo.proxy.CentrifugoProxy/RPC",
        &request.encode_to_vec(),
        &response.encode_to_vec(),
    )
}

/// A running variant.
struct Side {
    endpoint: Endpoint,
    load: Load,
}

impl Side {
    fn start(variant: &Variant, copy: &ProgramCopy, under_way: usize) -> io::Result<Self> {
        let mut command = Command::new(copy.path());
        let address = variant.configure(&mut command)?;
        // Child processes inherit the affinity.
        pin([ENDPOINT_CPU])?;
        let endpoint = Endpoint::start(command, address)?;
        pin([DRIVER_CPU])?;
        Ok(Self {
            load: Load::open(endpoint.address, 1, under_way, protocol)?,
            endpoint,
        })
    }

    /// Returns a round, and the CPU time that the endpoint used.
    fn round(&mut self) -> io::Result<(Round, Duration)> {
        let before = self.endpoint.cpu();
        let round = self.load.round(ROUND)?;
        Ok((round, self.endpoint.cpu() - before))
    }
}

/// Measures with each number of calls under way.
fn measure_rates(rounds: usize, loads: &[usize]) -> io::Result<()> {
    println!(
        "rpc with 64 B of data over gRPC, {rounds} rounds of {ROUND:?} each; medians, spread from p10 to p90; one CPU for the \
         endpoints, one for the driver\n\n\
         | under way | endpoint | events/s | ratio | goal | p50, µs | p99, µs | CPU, µs per event |\n\
         |---|---|---|---|---|---|---|---|"
    );
    for &under_way in loads {
        let mut measured = VARIANTS.each_ref().map(|_| Measurements::default());
        for round in 0..rounds {
            // Two processes of one program differ in speed, and so do two copies. Each round starts new processes of new copies.
            let mut copies = BTreeMap::new();
            let mut sides = Vec::new();
            for variant in &VARIANTS {
                let copy = match copies.entry(variant.program) {
                    Entry::Occupied(copy) => copy.into_mut(),
                    Entry::Vacant(none) => {
                        none.insert(ProgramCopy::of(&program(variant.program, "monitored")?)?)
                    }
                };
                sides.push(Side::start(variant, copy, under_way)?);
            }
            for side in &mut sides {
                side.round()?;
            }
            for turn in round_order(round, sides.len()) {
                let (round, used) = sides[turn].round()?;
                measured[turn].push(round, &[used]);
            }
        }
        for (own, variant) in measured.iter().zip(&VARIANTS) {
            println!(
                "| {under_way} | {} | {:.0} | {} | {} | {:.0} | {:.0} | {:.2} |",
                variant.name,
                own.rate(),
                own.ratio_to(&measured[0]),
                variant.goal,
                own.p50(),
                own.p99(),
                own.cpu(0),
            );
        }
    }
    Ok(())
}

/// Returns the number of events of a round under callgrind, and all instructions of the process.
fn count(variant: &Variant, round: Duration) -> io::Result<(f64, f64)> {
    let log = std::env::temp_dir().join(format!("monitoring-{}.log", std::process::id()));
    let mut command = Command::new("valgrind");
    command
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(format!("--log-file={}", log.display()))
        .arg(program(variant.program, "monitored")?);
    let address = variant.configure(&mut command)?;
    let endpoint = Endpoint::start(command, address)?;
    let events = Load::open(endpoint.address, 1, 64, protocol)?
        .round(round)?
        .latencies
        .len();
    endpoint.stop()?;
    let text = fs::read_to_string(&log)?;
    fs::remove_file(&log)?;
    let collected = text
        .split_once("Collected : ")
        .and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
    let instructions: f64 =
        collected.ok_or_else(|| io::Error::other(format!("no numbers of callgrind:\n{text}")))?;
    Ok((events as f64, instructions))
}

fn count_instructions() -> io::Result<()> {
    println!("| endpoint | instructions per event | compared with the first |\n|---|---|---|");
    let mut first = None;
    for variant in &VARIANTS {
        let [short, long] = COUNTED_ROUNDS.map(|round| count(variant, round));
        let ((events, instructions), (more_events, more_instructions)) = (short?, long?);
        let each = (more_instructions - instructions) / (more_events - events);
        let first = *first.get_or_insert(each);
        println!("| {} | {each:.0} | {:.3} |", variant.name, each / first);
    }
    Ok(())
}

/// Usage: `monitoring [ROUNDS [UNDER_WAY]]`, or `monitoring instructions` with valgrind and programs that are built with
/// `--cfg rustix_use_libc`.
fn main() -> io::Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).and_then(|number| number.parse().ok());
    match arguments.first().map(String::as_str) {
        Some("instructions") => count_instructions(),
        _ => {
            let loads = number(1).map_or(vec![1, 64], |under_way| vec![under_way]);
            measure_rates(number(0).unwrap_or(40), &loads)
        }
    }
}
