//! Measures the whole path, client → Centrifugo → backend, for each way to the backend, in alternating rounds of one run.

#![allow(clippy::print_stdout, reason = "prints the measurements")]

use std::time::Duration;

use peers::{Contender, LoadClients, Node, RunningContender, Setup, Stack, cpu, sibling_program};
use speed::{Measurements, ProgramCopy, round_order};

const ROUND: Duration = Duration::from_secs(2);
const CASES: [(&str, usize, usize); 5] = [
    ("64 B, 1 client", 64, 1),
    ("64 B, 32 clients", 64, 32),
    ("64 B, 256", 64, 256),
    ("1 KiB, 256", 1024, 256),
    ("64 KiB, 32", 65_536, 32),
];
/// The index of the case whose CPU time is shown.
const CPU_CASE: usize = 2;

#[derive(Clone, Copy)]
enum Way {
    /// With this number of workers.
    RoadRunner(usize),
    Direct(Contender),
}

const WAYS: [Way; 8] = [
    Way::Direct(Contender::Grpc),
    Way::Direct(Contender::Http),
    Way::Direct(Contender::AxumOfTwoThreads),
    Way::RoadRunner(1),
    Way::RoadRunner(2),
    Way::RoadRunner(4),
    Way::Direct(Contender::Tonic),
    Way::Direct(Contender::GrpcGo),
];
/// The index of the way that the others are compared with.
const BASELINE: usize = 6;

impl Way {
    fn name(self) -> String {
        match self {
            Self::RoadRunner(1) => "RoadRunner, 1 worker".into(),
            Self::RoadRunner(workers) => format!("RoadRunner, {workers} workers"),
            Self::Direct(contender) => format!("direct, {}", contender.name()),
        }
    }

    fn start(self) -> Running {
        match self {
            Self::RoadRunner(workers) => {
                let program =
                    ProgramCopy::of(&sibling_program("echo_endpoint")).expect("a copy of the program");
                let setup = Setup::new(&program.path().to_string_lossy());
                let stack = setup.workers(workers).centrifugo(LoadClients::settings()).start();
                Running::RoadRunner {
                    stack,
                    _program: program,
                }
            }
            Self::Direct(contender) => {
                let answering = contender.start();
                Running::Direct(answering.node(LoadClients::settings()), answering)
            }
        }
    }
}

enum Running {
    RoadRunner { stack: Stack, _program: ProgramCopy },
    Direct(Node, RunningContender),
}

impl Running {
    async fn clients(&self, count: usize) -> LoadClients {
        match self {
            Self::RoadRunner { stack, .. } => LoadClients::connect(stack, count).await,
            Self::Direct(node, _) => LoadClients::connect(node, count).await,
        }
    }

    /// Returns the CPU times of Centrifugo, RoadRunner and the backend.
    fn cpus(&self) -> [Duration; 3] {
        match self {
            Self::RoadRunner { stack, .. } => {
                let workers = stack.workers().into_iter().map(cpu).sum();
                [stack.centrifugo.cpu(), stack.roadrunner.cpu(), workers]
            }
            Self::Direct(node, answering) => [node.process.cpu(), Duration::ZERO, answering.process.cpu()],
        }
    }
}

/// One way in one case.
struct Side {
    // Dropped first, so that Centrifugo exits at once.
    clients: LoadClients,
    running: Running,
    measured: Measurements,
}

impl Side {
    async fn new(way: Way, clients: usize) -> Self {
        let running = way.start();
        let clients = running.clients(clients).await;
        Self {
            clients,
            running,
            measured: Measurements::default(),
        }
    }

    async fn round(&mut self, data: &str, kept: bool) {
        let before = self.running.cpus();
        let round = self.clients.round(data, ROUND).await;
        let after = self.running.cpus();
        if kept {
            self.measured
                .push(round, &[0, 1, 2].map(|at| after[at] - before[at]));
        }
    }
}

async fn measure(rounds: usize, len: usize, clients: usize) -> Vec<Measurements> {
    let data = format!("\"{}\"", "x".repeat(len - 2));
    let mut sides = Vec::new();
    for way in WAYS {
        sides.push(Side::new(way, clients).await);
    }
    for side in &mut sides {
        side.round(&data, false).await;
    }
    for round in 0..rounds {
        for turn in round_order(round, sides.len()) {
            sides[turn].round(&data, true).await;
        }
    }
    sides.into_iter().map(|side| side.measured).collect()
}

fn row(way: usize, cases: &[Vec<Measurements>]) -> String {
    let name = WAYS[way].name();
    let cells = CASES.iter().zip(cases).map(|((_, _, clients), measured)| {
        let measured = &measured[way];
        match clients {
            1 => format!("{:.2} ms", measured.p50() / 1e3),
            _ => format!("{:.0}", measured.rate()),
        }
    });
    let measured = &cases[CPU_CASE][way];
    let cpus = [0, 1, 2].map(|at| match (WAYS[way], at) {
        (Way::Direct(_), 1) => "–".into(),
        _ => format!("{:.0}", measured.cpu(at).median),
    });
    format!(
        "| {name} | {} | {} |",
        cells.collect::<Vec<_>>().join(" | "),
        cpus.join(", ")
    )
}

/// Usage: `ways [ROUNDS]`.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let rounds = std::env::args()
        .nth(1)
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(9);
    let mut cases = Vec::new();
    for (name, len, clients) in CASES {
        eprintln!("{name}");
        cases.push(measure(rounds, len, clients).await);
    }
    println!(
        "rpc, {rounds} rounds of {ROUND:?} each; p50 of one client, else answers a second; medians, spread from p10 to \
         p90; CPU with {}\n",
        CASES[CPU_CASE].0
    );
    let names = CASES.map(|(name, ..)| name);
    println!(
        "| way | {}, p50 | {} | CPU µs per event: Centrifugo, RoadRunner, backend |\n|---|---|---|---|---|---|---|",
        names[0],
        names[1..].join(" | ")
    );
    for way in 0..WAYS.len() {
        println!("{}", row(way, &cases));
    }
    println!(
        "\nHow many times the answers of {}:\n\n| way | {} |\n|---|---|---|---|---|---|",
        WAYS[BASELINE].name(),
        names.join(" | ")
    );
    for (way, named) in WAYS.iter().enumerate().filter(|(way, _)| *way != BASELINE) {
        let ratios = cases
            .iter()
            .map(|case| case[way].ratio_to(&case[BASELINE]).to_string());
        println!(
            "| {} | {} |",
            named.name(),
            ratios.collect::<Vec<_>>().join(" | ")
        );
    }
}
