//! Measures the whole path, client → Centrifugo → RoadRunner → worker, beside the floor, in one run, alternating.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use peers::{Setup, Socket, Stack, cpu};
use serde_json::json;

const ROUND: Duration = Duration::from_secs(2);

fn stack(name: &str, len: usize) -> Stack {
    let program: PathBuf = std::env::current_exe().expect("a path").with_file_name(name);
    assert!(
        program.exists(),
        "{} is missing: `cargo build --release -p speed`",
        program.display()
    );
    Setup::new(&program.to_string_lossy())
        .argument(&len.to_string())
        .centrifugo(json!({
            "websocket": { "message_size_limit": 1 << 20 },
            "client": {
                "queue_max_size": 16 << 20,
                "allow_anonymous_connect_without_token": true,
                "proxy": { "connect": { "enabled": false }, "refresh": { "enabled": false } },
            },
            "log": { "level": "error" },
        }))
        .start()
}

/// One peer with its clients.
struct Side {
    stack: Stack,
    sockets: Vec<Socket>,
    rates: Vec<f64>,
    latencies: Vec<f64>,
    /// µs per event: Centrifugo, RoadRunner, workers.
    cpus: Vec<[f64; 3]>,
}

impl Side {
    async fn new(name: &str, len: usize, clients: usize) -> Self {
        let stack = stack(name, len);
        let mut sockets = Vec::new();
        for _ in 0..clients {
            let mut socket = Socket::open(&stack, &[]).await;
            let reply = socket.command(json!({ "connect": {} })).await;
            assert!(reply.contains("client"), "{reply}");
            sockets.push(socket);
        }
        Self {
            stack,
            sockets,
            rates: vec![],
            latencies: vec![],
            cpus: vec![],
        }
    }

    fn cpus(&self) -> [Duration; 3] {
        let workers = self.stack.workers().into_iter().map(cpu).sum();
        [self.stack.centrifugo.cpu(), self.stack.roadrunner.cpu(), workers]
    }

    async fn round(&mut self, data: &str, kept: bool) {
        let before = self.cpus();
        let start = Instant::now();
        let tasks: Vec<_> = self
            .sockets
            .drain(..)
            .map(|mut socket| {
                let data = data.to_owned();
                tokio::spawn(async move {
                    let mut latencies = Vec::new();
                    while start.elapsed() < ROUND {
                        let sent = Instant::now();
                        let reply = socket.rpc("echo", &data).await;
                        latencies.push(sent.elapsed().as_secs_f64() * 1e3);
                        assert!(reply.contains(&data), "{reply}");
                    }
                    (socket, latencies)
                })
            })
            .collect();
        let mut latencies = Vec::new();
        for task in tasks {
            let (socket, more) = task.await.expect("a client");
            self.sockets.push(socket);
            latencies.extend(more);
        }
        if kept {
            let events = latencies.len() as f64;
            self.rates.push(events / start.elapsed().as_secs_f64());
            self.latencies.push(median(&mut latencies));
            let after = self.cpus();
            self.cpus
                .push([0, 1, 2].map(|at| (after[at] - before[at]).as_secs_f64() * 1e6 / events));
        }
    }

    fn cpu(&self, at: usize) -> f64 {
        median(&mut self.cpus.iter().map(|cpus| cpus[at]).collect::<Vec<_>>())
    }
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

async fn measure(rounds: usize, len: usize, clients: usize) {
    let data = format!("\"{}\"", "x".repeat(len - 2));
    let mut sides = [
        Side::new("floor", len, clients).await,
        Side::new("worker", len, clients).await,
    ];
    for side in &mut sides {
        side.round(&data, false).await;
    }
    for round in 0..rounds {
        for turn in [round % 2, 1 - round % 2] {
            sides[turn].round(&data, true).await;
        }
    }
    let mut ratios: Vec<f64> = sides[1]
        .rates
        .iter()
        .zip(&sides[0].rates)
        .map(|(worker, floor)| worker / floor)
        .collect();
    let ratio = median(&mut ratios);
    let spread = format!(
        "{:.3} to {:.3}",
        ratios.first().copied().unwrap_or_default(),
        ratios.last().copied().unwrap_or_default()
    );
    for (name, side) in ["floor", "worker"].into_iter().zip(&mut sides) {
        let note = if name == "worker" {
            format!("{ratio:.3} ({spread})")
        } else {
            "1".into()
        };
        println!(
            "| {len} B, {clients} | {name} | {:.0} | {note} | {:.2} | {:.0}, {:.0}, {:.1} |",
            median(&mut side.rates.clone()),
            median(&mut side.latencies.clone()),
            side.cpu(0),
            side.cpu(1),
            side.cpu(2),
        );
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let rounds = std::env::args()
        .nth(1)
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(9);
    println!(
        "rpc, two workers, {rounds} rounds of {ROUND:?} each; medians, spread from least to most\n\n\
         | data, clients | worker | req/s | ratio | p50, ms | CPU µs per event: Centrifugo, RoadRunner, worker |\n\
         |---|---|---|---|---|---|"
    );
    for (len, clients) in [(64, 1), (64, 32), (64, 256), (1024, 256), (65_536, 32)] {
        measure(rounds, len, clients).await;
    }
}
