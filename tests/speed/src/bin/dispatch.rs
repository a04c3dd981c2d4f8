//! Measures the look-up of a handler and the dispatch of an event, with 10 to 10,000 handlers.
//!
//! Handlers are registered through the hidden constructor `generated::dispatcher`. Each has its own route and pattern, but
//! all share the code of the two functions in this file, because ten thousand attributes take minutes to compile. The
//! numbers therefore contain the cache misses of the table and the routes, but not those of ten thousand functions.
//!
//! All runs have the same 10,000 events in the same shuffled order, so that only the table differs.

#![allow(clippy::print_stdout, reason = "prints the measurements")]

use std::future::Future;
use std::hint::black_box;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use allocation_counter::measure;
use bytes::BytesMut;
use centrifugo::__private::{Dispatcher, generated_dispatcher as generated};
use centrifugo::event::{Event, Kind};
use centrifugo::layer::Outcome;
use centrifugo::{Data, Metadata};
use rustix::thread::{CpuSet, sched_setaffinity};
use rustix::time::{ClockId, clock_gettime};
use speed::Spread;

const COUNTS: [usize; 4] = [10, 100, 1_000, 10_000];
const EVENTS: usize = 10_000;

/// An `RPCRequest` without its method: client, transport, protocol, encoding, user and data.
const BODY: &[u8] = b"\x0a\x240a2c9f9e-7f0f-4a5e-8d5e-2f4f4a1b7c33\x12\x09websocket\x1a\x04json\x22\x04json\x52\x0242\x62\x10{\"text\":\"hello\"}";

#[centrifugo::rpc("plain")]
fn plain(data: Data) -> Data {
    data
}

#[centrifugo::rpc("named/{id}")]
fn named(id: u64, data: Data) -> Data {
    black_box(id);
    data
}

/// A shape of patterns, with a matching target for each.
struct Shape {
    name: &'static str,
    handler: &'static str,
    pattern: fn(usize) -> String,
    target: fn(usize) -> String,
}

const SHAPES: [Shape; 5] = [
    Shape {
        name: "exact",
        handler: "plain",
        pattern: |n| format!("service{n}/get"),
        target: |n| format!("service{n}/get"),
    },
    Shape {
        name: "`{id}`, prefixes differ",
        handler: "named",
        pattern: |n| format!("service{n}/{{id}}"),
        target: |n| format!("service{n}/{}", n * 7),
    },
    Shape {
        name: "`*`, prefixes differ",
        handler: "plain",
        pattern: |n| format!("service{n}/*"),
        target: |n| format!("service{n}/{}", n * 7),
    },
    Shape {
        name: "`{id}`, prefixes of 40 lengths",
        handler: "named",
        pattern: |n| format!("{}{n}/{{id}}", "x".repeat(n % 40)),
        target: |n| format!("{}{n}/{}", "x".repeat(n % 40), n * 7),
    },
    Shape {
        name: "`{id}`, one prefix",
        handler: "named",
        pattern: |n| format!("tenant/{{id}}/method{n}"),
        target: |n| format!("tenant/{}/method{n}", n * 7),
    },
];

/// A dispatch table and the targets to look up. Like a transport, it reads each event into a reused buffer; ten thousand
/// separate events would displace the table from the caches.
struct Case {
    dispatcher: Dispatcher,
    metadata: Arc<Metadata>,
    /// All targets concatenated, with the end of each in `ends`.
    targets: String,
    ends: Vec<usize>,
    buffer: BytesMut,
    find: Vec<f64>,
    dispatch: Vec<f64>,
}

impl Case {
    fn new(shape: &Shape, count: usize) -> io::Result<Self> {
        let patterns = (0..count).map(|n| (shape.handler, (shape.pattern)(n)));
        let dispatcher = poll_ready_now(generated::dispatcher(patterns))?.map_err(io::Error::other)?;
        let mut targets = String::new();
        let mut ends = Vec::new();
        for n in shuffled() {
            targets += &(shape.target)(n % count);
            ends.push(targets.len());
        }
        Ok(Self {
            dispatcher,
            metadata: Arc::default(),
            targets,
            ends,
            buffer: BytesMut::with_capacity(4096),
            find: Vec::new(),
            dispatch: Vec::new(),
        })
    }

    fn targets(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, end)| &self.targets[start..*end])
    }

    fn find(&self) -> usize {
        self.targets()
            .filter_map(|target| generated::find(&self.dispatcher, Kind::Rpc, black_box(target)))
            .count()
    }

    /// Creates an event for each target and passes it to `each`.
    fn events(&mut self, mut each: impl FnMut(&Dispatcher, Event) -> io::Result<()>) -> io::Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        for target in self.targets() {
            buffer.reserve(512);
            buffer.extend_from_slice(BODY);
            // The method is field 11, a string.
            buffer.extend_from_slice(&[0x5a, target.len() as u8]);
            buffer.extend_from_slice(target.as_bytes());
            let event = Event::new(Kind::Rpc, self.metadata.clone(), buffer.split().freeze());
            each(&self.dispatcher, event)?;
        }
        self.buffer = buffer;
        Ok(())
    }

    fn create_events(&mut self) -> io::Result<()> {
        self.events(|_, event| {
            black_box(event);
            Ok(())
        })
    }

    fn dispatch(&mut self) -> io::Result<()> {
        self.events(|dispatcher, event| {
            let outcome = poll_ready_now(dispatcher.dispatch(event))?;
            match black_box(&outcome) {
                Outcome::Reply(_) => Ok(()),
                outcome => Err(io::Error::other(format!("no reply: {outcome:?}"))),
            }
        })
    }

    fn round(&mut self) -> io::Result<()> {
        let start = cpu();
        if self.find() != EVENTS {
            return Err(io::Error::other("a target has no handler"));
        }
        self.find.push(nanos(start));
        let start = cpu();
        self.create_events()?;
        let made = nanos(start);
        let start = cpu();
        self.dispatch()?;
        self.dispatch.push(nanos(start) - made);
        Ok(())
    }
}

/// Returns the CPU time of this thread, which excludes that of other threads.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Returns the CPU time per event since `start`, in nanoseconds.
fn nanos(start: Duration) -> f64 {
    (cpu() - start).as_nanos() as f64 / EVENTS as f64
}

/// Polls a future that must be poll_ready_now at once.
fn poll_ready_now<F: Future>(future: F) -> io::Result<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => Err(io::Error::other("a handler waits")),
    }
}

/// Returns all numbers below `EVENTS` in a shuffled order that defeats prefetching.
fn shuffled() -> impl Iterator<Item = usize> {
    let mut numbers: Vec<_> = (0..EVENTS).collect();
    numbers.sort_by_key(|n| {
        let mixed = (*n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
    });
    numbers.into_iter()
}

/// The number of times that each table is built, because cache hits depend on where its memory happens to be.
const TABLES: usize = 5;

/// Tables of one size, and the measurements of all rounds.
struct Row {
    count: usize,
    cases: Vec<Case>,
    made: Vec<f64>,
}

impl Row {
    /// Builds another table. Earlier tables keep their memory.
    fn make(&mut self, shape: &Shape) -> io::Result<()> {
        let start = Instant::now();
        self.cases.push(Case::new(shape, self.count)?);
        self.made.push(start.elapsed().as_secs_f64() * 1e3);
        Ok(())
    }

    fn round(&mut self) -> io::Result<()> {
        self.cases.last_mut().map_or(Ok(()), Case::round)
    }

    /// Discards the measurements of the warm-up.
    fn discard_warm_up(&mut self) {
        if let Some(case) = self.cases.last_mut() {
            case.find.clear();
            case.dispatch.clear();
        }
    }

    fn median(&self, times: impl Fn(&Case) -> &[f64]) -> f64 {
        Spread::of(self.cases.iter().flat_map(times).copied().collect()).median
    }
}

fn shape(shape: &Shape, rounds: usize) -> io::Result<()> {
    let mut rows = COUNTS.map(|count| Row {
        count,
        cases: Vec::new(),
        made: Vec::new(),
    });
    for _ in 0..TABLES {
        for row in &mut rows {
            row.make(shape)?;
        }
        for round in 0..=rounds.div_ceil(TABLES) {
            for row in &mut rows {
                row.round()?;
                if round == 0 {
                    row.discard_warm_up();
                }
            }
        }
    }
    let base = rows[0].median(|case| &case.dispatch);
    for row in &mut rows {
        let find = row.median(|case| &case.find);
        let dispatch = row.median(|case| &case.dispatch);
        let made = Spread::of(row.made.clone()).median;
        let Some(case) = row.cases.last_mut() else {
            continue;
        };
        println!(
            "| {} | {} | {find:.0} | {dispatch:.0} | {:.2} | {:.2} | {:.2} | {made:.1} |",
            shape.name,
            row.count,
            dispatch / base,
            allocations(|| _ = black_box(case.find())),
            allocations(|| _ = black_box(case.dispatch())),
        );
    }
    Ok(())
}

/// Returns the number of allocations per event.
fn allocations(run: impl FnOnce()) -> f64 {
    measure(run).count_total as f64 / EVENTS as f64
}

/// Usage: `dispatch [ROUNDS]`.
fn main() -> io::Result<()> {
    let rounds = std::env::args()
        .nth(1)
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(40);
    let mut cpus = CpuSet::new();
    cpus.set(1);
    sched_setaffinity(None, &cpus)?;
    println!(
        "{rounds} rounds of {EVENTS} events each, all handlers in turn in a shuffled order, {TABLES} tables; medians of CPU time\n"
    );
    println!(
        "| patterns | handlers | look-up, ns | event, ns | event beside 10 handlers | allocations of a look-up | of an event | made in, ms |\n\
         |---|---|---|---|---|---|---|---|"
    );
    SHAPES.iter().try_for_each(|patterns| shape(patterns, rounds))
}
