//! Measures publishes over each transport of the server API against a generated tonic client and Go's gocent, in
//! alternating rounds: clients on one CPU, RoadRunner and Centrifugo on the other.

#![allow(clippy::print_stdout, reason = "prints the measurements")]

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use peers::{Setup, Stack, cpu, gocent, sibling_program};
use serde_json::json;
use speed::{Measurements, pin, round_order};

const CLIENT_CPU: usize = 0;
const SERVER_CPU: usize = 1;
const ROUND: Duration = Duration::from_millis(500);
const KEY: &str = "key-of-the-http-api";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    RoadRunner,
    OneAtATime,
    Grpc,
    Tonic,
    Http,
    Gocent,
}

use Way::{Gocent, Grpc, Http, OneAtATime, RoadRunner, Tonic};

const WAYS: [Way; 6] = [RoadRunner, OneAtATime, Grpc, Tonic, Http, Gocent];

impl Way {
    fn name(self) -> &'static str {
        match self {
            RoadRunner => "RoadRunner RPC",
            OneAtATime => "RoadRunner RPC, one at a time",
            Grpc => "gRPC",
            Tonic => "gRPC, tonic by hand",
            Http => "HTTP",
            Gocent => "HTTP, gocent",
        }
    }

    /// Returns the client to compare with.
    fn rival(self) -> Option<Self> {
        match self {
            RoadRunner => Some(OneAtATime),
            Grpc => Some(Tonic),
            Http => Some(Gocent),
            OneAtATime | Tonic | Gocent => None,
        }
    }

    fn command(self, stack: &Stack) -> Command {
        let (name, url) = match self {
            RoadRunner => ("roadrunner", stack.rpc()),
            OneAtATime => ("one-at-a-time", stack.rpc()),
            Grpc => ("grpc", stack.grpc_api()),
            Tonic => ("tonic", stack.grpc_api()),
            Http => ("http", stack.http_api()),
            Gocent => ("", stack.http_api()),
        };
        let mut command = match self {
            Gocent => Command::new(gocent()),
            _ => Command::new(sibling_program("publisher")),
        };
        if self != Gocent {
            command.arg(name);
        }
        let address = url.split_once("://").map_or(url.as_str(), |(_, address)| address);
        command.arg(address);
        command
    }
}

/// The process of a client.
struct Publisher {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    measured: Measurements,
}

impl Publisher {
    fn start(way: Way, stack: &Stack, under_way: usize) -> io::Result<Self> {
        let data = format!("\"{}\"", "x".repeat(62));
        let mut child = way
            .command(stack)
            .args([&under_way.to_string(), KEY, &data])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("no pipes"));
        };
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
            measured: Measurements::default(),
        })
    }

    fn round(&mut self, stack: &Stack, kept: bool) -> io::Result<()> {
        let cpus = || {
            let roadrunner = stack.roadrunner.cpu();
            [cpu(self.child.id().into()), stack.centrifugo.cpu(), roadrunner]
        };
        let before = cpus();
        writeln!(self.input, "{}", ROUND.as_millis())?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let after = cpus();
        let numbers: Vec<u64> = line
            .split_whitespace()
            .filter_map(|number| number.parse().ok())
            .collect();
        let [elapsed, calls, p50, p99] = numbers[..] else {
            return Err(io::Error::other("a client ended"));
        };
        if kept {
            let cpus = [0, 1, 2].map(|at| after[at] - before[at]);
            self.measured
                .push_summary(Duration::from_nanos(elapsed), calls, [p50, p99], &cpus);
        }
        Ok(())
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn measure(rounds: usize, stack: &Stack, under_way: usize) -> io::Result<()> {
    let mut publishers = WAYS
        .iter()
        .map(|way| Publisher::start(*way, stack, under_way))
        .collect::<io::Result<Vec<_>>>()?;
    for publisher in &mut publishers {
        publisher.round(stack, false)?;
    }
    for round in 0..rounds {
        for turn in round_order(round, publishers.len()) {
            publishers[turn].round(stack, true)?;
        }
    }
    for (way, publisher) in WAYS.iter().zip(&publishers) {
        let measured = &publisher.measured;
        let rival = way
            .rival()
            .and_then(|rival| WAYS.iter().position(|way| *way == rival));
        let ratio = rival.map_or_else(
            || "1".into(),
            |rival| measured.ratio_to(&publishers[rival].measured).to_string(),
        );
        let roadrunner = match way {
            RoadRunner | OneAtATime => format!("{:.1}", measured.cpu(2).median),
            _ => "–".into(),
        };
        println!(
            "| {under_way} | {} | {:.0} | {ratio} | {:.0} | {:.0} | {:.1} | {:.1}, {roadrunner} |",
            way.name(),
            measured.rate(),
            measured.p50(),
            measured.p99(),
            measured.cpu(0),
            measured.cpu(1).median,
        );
    }
    Ok(())
}

/// Usage: `publish [ROUNDS]`.
fn main() -> io::Result<()> {
    let rounds = std::env::args()
        .nth(1)
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(20);
    // Build the program before anything is pinned.
    let _ = gocent();
    // Child processes inherit the affinity.
    pin([SERVER_CPU])?;
    let stack = Setup::new(&sibling_program("echo_endpoint").to_string_lossy())
        .workers(1)
        .centrifugo(json!({ "http_api": { "key": KEY }, "log": { "level": "error" } }))
        .start();
    pin([CLIENT_CPU])?;
    println!(
        "publishes of 64 B to a channel without subscribers, {rounds} rounds of {ROUND:?} each; medians, spread from \
         p10 to p90; one CPU for the clients, one for RoadRunner and Centrifugo; each transport beside the row below it\n\n\
         | under way | client | publishes/s | beside the row below | p50, µs | p99, µs | client's CPU, µs per call | CPU, µs: Centrifugo, RoadRunner |\n\
         |---|---|---|---|---|---|---|---|"
    );
    for under_way in [1, 64, 512] {
        measure(rounds, &stack, under_way)?;
    }
    Ok(())
}
