//! Measures the worker against the floor, in alternating rounds of one run, on one CPU.

#![allow(clippy::print_stdout, reason = "prints the measurements")]

use std::io;
use std::time::{Duration, Instant};

use speed::{ProgramCopy, Spread, WorkerProcess, event, percentile, pin, program};

/// The CPU of both workers.
const WORKER_CPU: usize = 1;
const ROUND: Duration = Duration::from_millis(100);

/// The measurements of one worker.
#[derive(Default)]
struct WorkerRounds {
    rates: Vec<f64>,
    /// In nanoseconds.
    latencies: Vec<u32>,
    cpu: Duration,
    events: u64,
}

impl WorkerRounds {
    fn round(&mut self, peer: &mut WorkerProcess, frame: &[u8]) -> io::Result<()> {
        let (start, cpu) = (Instant::now(), peer.cpu());
        let mut events = 0u32;
        let mut before = start;
        loop {
            peer.exchange(frame)?;
            let now = Instant::now();
            self.latencies
                .push(u32::try_from((now - before).as_nanos()).unwrap_or(u32::MAX));
            before = now;
            events += 1;
            if now - start >= ROUND {
                break;
            }
        }
        self.rates.push(f64::from(events) / start.elapsed().as_secs_f64());
        self.cpu += peer.cpu() - cpu;
        self.events += u64::from(events);
        Ok(())
    }

    /// Returns medians: requests per second, p50 and p99 in µs, and CPU time per event in µs.
    fn summary(&mut self) -> [f64; 4] {
        self.latencies.sort_unstable();
        let micros = |percent| f64::from(percentile(&self.latencies, percent)) / 1e3;
        let cpu = self.cpu.as_secs_f64() * 1e6 / self.events.max(1) as f64;
        [Spread::of(self.rates.clone()).median, micros(50), micros(99), cpu]
    }
}

fn throughput(rounds: usize, len: usize, name: &str, driver_cpu: usize) -> io::Result<()> {
    let frame = event(len);
    // Child processes inherit the affinity.
    pin([WORKER_CPU])?;
    let copies = [
        ProgramCopy::of(&program("floor", "lean")?)?,
        ProgramCopy::of(&program(name, "lean")?)?,
    ];
    let mut peers = [
        WorkerProcess::start(copies[0].path(), len)?,
        WorkerProcess::start(copies[1].path(), len)?,
    ];
    pin([driver_cpu])?;
    let mut measured = [WorkerRounds::default(), WorkerRounds::default()];
    for peer in &mut peers {
        peer.check(&frame)?;
        for _ in 0..1000 {
            peer.exchange(&frame)?;
        }
    }
    for round in 0..rounds {
        // The order alternates, so that a drift of the machine affects both alike.
        for turn in [round % 2, 1 - round % 2] {
            measured[turn].round(&mut peers[turn], &frame)?;
        }
    }
    let ratios = measured[1]
        .rates
        .iter()
        .zip(&measured[0].rates)
        .map(|(worker, floor)| worker / floor);
    let ratio = Spread::of(ratios.collect());
    let [floor, worker] = &mut measured;
    let (floor, worker) = (floor.summary(), worker.summary());
    println!(
        "| {len} | {:.0} | {:.0} | {ratio} | {:.1} / {:.1} | {:.1} / {:.1} | {:.2} / {:.2} |",
        floor[0], worker[0], floor[1], worker[1], floor[2], worker[2], floor[3], worker[3]
    );
    Ok(())
}

fn starts(rounds: usize) -> io::Result<()> {
    println!("\n| | start to pid, ms | peak memory, KiB | after 10,000 events |\n|---|---|---|---|");
    let frame = event(64);
    for name in ["floor", "worker", "hundred", "lean"] {
        let (mut times, mut memory, mut later) = (Vec::new(), 0, 0);
        for round in 0..rounds {
            let mut peer = WorkerProcess::start(&program(name, "lean")?, 64)?;
            times.push(peer.started.as_secs_f64() * 1e3);
            memory = memory.max(peer.peak_memory());
            if round == 0 {
                for _ in 0..10_000 {
                    peer.exchange(&frame)?;
                }
                later = peer.peak_memory();
            }
        }
        println!("| {name} | {} | {memory} | {later} |", Spread::of(times));
    }
    Ok(())
}

/// Usage: `speed [ROUNDS [LAYOUT [BYTES]]]`. Measures everything, one layout (`own` or `same`), or one size in a layout.
fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let rounds = arguments
        .next()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(60);
    let layout = arguments.next();
    let only: Option<usize> = arguments.next().and_then(|bytes| bytes.parse().ok());
    println!("{rounds} rounds of {ROUND:?} each; medians, spread from p10 to p90; floor / worker");
    for (driver_cpu, name, place) in [
        (WORKER_CPU, "same", "the same CPU"),
        (0, "own", "a CPU of its own"),
    ] {
        if layout.as_ref().is_some_and(|layout| layout != name) {
            continue;
        }
        println!(
            "\nBoth workers on one CPU, the driver on {place}:\n\n\
             | bytes of data | floor, req/s | worker, req/s | ratio | p50, µs | p99, µs | CPU, µs per event |\n\
             |---|---|---|---|---|---|---|"
        );
        for len in [64, 1024, 65_536] {
            if only.is_none_or(|only| only == len) {
                throughput(rounds, len, "worker", driver_cpu)?;
            }
        }
    }
    if layout.is_none() {
        starts(rounds)?;
    }
    Ok(())
}
