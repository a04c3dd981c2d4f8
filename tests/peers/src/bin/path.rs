//! Measures the whole path, client → Centrifugo → RoadRunner → worker, beside the floor, in one run, alternating.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use std::time::Duration;

use peers::{Clients, Setup, Stack, beside, cpu};
use speed::{Measured, turns};

const ROUND: Duration = Duration::from_secs(2);

fn stack(name: &str, len: usize) -> Stack {
    Setup::new(&beside(name).to_string_lossy())
        .argument(&len.to_string())
        .centrifugo(Clients::settings())
        .start()
}

/// One peer with its clients.
struct Side {
    name: &'static str,
    // Gone first, so that Centrifugo ends at once.
    clients: Clients,
    stack: Stack,
    measured: Measured,
}

impl Side {
    async fn new(name: &'static str, len: usize, clients: usize) -> Self {
        let stack = stack(name, len);
        let clients = Clients::connect(&stack, clients).await;
        Self {
            name,
            clients,
            stack,
            measured: Measured::default(),
        }
    }

    fn cpus(&self) -> [Duration; 3] {
        let workers = self.stack.workers().into_iter().map(cpu).sum();
        [self.stack.centrifugo.cpu(), self.stack.roadrunner.cpu(), workers]
    }

    async fn round(&mut self, data: &str, kept: bool) {
        let before = self.cpus();
        let round = self.clients.round(data, ROUND).await;
        let after = self.cpus();
        if kept {
            self.measured
                .push(round, &[0, 1, 2].map(|at| after[at] - before[at]));
        }
    }
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
        for turn in turns(round, sides.len()) {
            sides[turn].round(&data, true).await;
        }
    }
    for side in &sides {
        let measured = &side.measured;
        let ratio = match side.name {
            "floor" => "1".into(),
            _ => measured.beside(&sides[0].measured).to_string(),
        };
        println!(
            "| {len} B, {clients} | {} | {:.0} | {ratio} | {:.2} | {:.0}, {:.0}, {:.1} |",
            side.name,
            measured.rate().median,
            measured.p50() / 1e3,
            measured.cpu(0).median,
            measured.cpu(1).median,
            measured.cpu(2).median,
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
        "rpc, two workers, {rounds} rounds of {ROUND:?} each; medians, spread from p10 to p90\n\n\
         | data, clients | worker | req/s | ratio | p50, ms | CPU µs per event: Centrifugo, RoadRunner, worker |\n\
         |---|---|---|---|---|---|"
    );
    for (len, clients) in [(64, 1), (64, 32), (64, 256), (1024, 256), (65_536, 32)] {
        measure(rounds, len, clients).await;
    }
}
