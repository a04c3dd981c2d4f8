//! Measures the whole path, client → Centrifugo → RoadRunner → worker, against the floor, in alternating rounds of one run.

#![allow(clippy::print_stdout, reason = "prints the measurements")]

use std::time::Duration;

use peers::{LoadClients, Setup, Stack, cpu, sibling_program};
use speed::{Measurements, ProgramCopy, Round, round_order};

const ROUND: Duration = Duration::from_secs(2);
/// All processes are restarted after this number of rounds, because two processes of one program differ in speed.
const ROUNDS_PER_PROCESS: usize = 5;

fn stack(program: &ProgramCopy, len: usize) -> Stack {
    Setup::new(&program.path().to_string_lossy())
        .argument(&len.to_string())
        .centrifugo(LoadClients::settings())
        .start()
}

/// A worker with its peers and clients.
struct Side {
    // Dropped first, so that Centrifugo exits at once.
    clients: LoadClients,
    stack: Stack,
    _program: ProgramCopy,
}

impl Side {
    async fn new(name: &str, len: usize, clients: usize) -> Self {
        let program = ProgramCopy::of(&sibling_program(name)).expect("a copy of the program");
        let stack = stack(&program, len);
        let clients = LoadClients::connect(&stack, clients).await;
        Self {
            clients,
            stack,
            _program: program,
        }
    }

    fn cpus(&self) -> [Duration; 3] {
        let workers = self.stack.workers().into_iter().map(cpu).sum();
        [self.stack.centrifugo.cpu(), self.stack.roadrunner.cpu(), workers]
    }

    async fn round(&mut self, data: &str) -> (Round, [Duration; 3]) {
        let before = self.cpus();
        let round = self.clients.round(data, ROUND).await;
        let after = self.cpus();
        (round, [0, 1, 2].map(|at| after[at] - before[at]))
    }
}

async fn measure(rounds: usize, len: usize, clients: usize) {
    const NAMES: [&str; 2] = ["floor", "worker"];
    let data = format!("\"{}\"", "x".repeat(len - 2));
    let mut measured = [Measurements::default(), Measurements::default()];
    for first in (0..rounds).step_by(ROUNDS_PER_PROCESS) {
        let mut sides = [
            Side::new(NAMES[0], len, clients).await,
            Side::new(NAMES[1], len, clients).await,
        ];
        for side in &mut sides {
            side.round(&data).await;
        }
        for round in first..rounds.min(first + ROUNDS_PER_PROCESS) {
            for turn in round_order(round, sides.len()) {
                let (round, cpus) = sides[turn].round(&data).await;
                measured[turn].push(round, &cpus);
            }
        }
    }
    for (name, measured, ratio) in [
        (NAMES[0], &measured[0], "1".into()),
        (
            NAMES[1],
            &measured[1],
            measured[1].ratio_to(&measured[0]).to_string(),
        ),
    ] {
        println!(
            "| {len} B, {clients} | {name} | {:.0} | {ratio} | {:.2} | {:.0}, {:.0}, {:.1} |",
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
