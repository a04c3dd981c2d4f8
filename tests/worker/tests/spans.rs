//! The span and the log line of each event, with its outcome. There are none below the level of the subscriber.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

mod support;

use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use centrifugo::Error;
use centrifugo::testing::{Host, TestClient};
use support::{Log, worker};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

#[centrifugo::rpc("sum/{a}")]
async fn sum(a: u32) -> centrifugo::Json<u32> {
    tokio::task::yield_now().await;
    tracing::info!("inside");
    centrifugo::Json(a + 1)
}

#[centrifugo::rpc("fails")]
fn fails() -> Result<(), Error> {
    Err(Error::internal("a reason"))
}

#[centrifugo::rpc("blocks", blocking)]
fn blocks() {}

/// The fields of a span, and how often it was entered.
#[derive(Default)]
struct RecordedSpan {
    fields: BTreeMap<&'static str, String>,
    entered: usize,
}

impl Visit for RecordedSpan {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.fields
            .insert(field.name(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

/// A subscriber that records spans.
#[derive(Clone)]
struct SpanRecorder {
    level: Level,
    seen: Arc<Mutex<Vec<RecordedSpan>>>,
}

impl Subscriber for SpanRecorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.level
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut seen = self.seen.lock().unwrap();
        let mut fields = RecordedSpan::default();
        span.record(&mut fields);
        seen.push(fields);
        Id::from_u64(seen.len() as u64)
    }
    fn record(&self, span: &Id, values: &Record<'_>) {
        values.record(&mut self.seen.lock().unwrap()[span.into_u64() as usize - 1]);
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
    fn enter(&self, span: &Id) {
        self.seen.lock().unwrap()[span.into_u64() as usize - 1].entered += 1;
    }
    fn exit(&self, _: &Id) {}
}

async fn spans(level: Level) -> Vec<RecordedSpan> {
    let spans = SpanRecorder {
        level,
        seen: Arc::default(),
    };
    let _guard = tracing::subscriber::set_default(spans.clone());
    let t = TestClient::builder().build().await.unwrap();
    assert_eq!(t.rpc("sum/7").user("42").await.json::<u32>().unwrap(), 8);
    assert_eq!(t.rpc("fails").await.error().unwrap().code, 100);
    std::mem::take(&mut spans.seen.lock().unwrap())
}

#[tokio::test]
async fn records_one_span_per_event() {
    let seen = spans(Level::DEBUG).await;
    let [sum, fails] = seen.as_slice() else {
        panic!("{} spans", seen.len());
    };
    let expected = [
        ("client", "00000000-0000-4000-8000-000000000000"),
        ("handler", "sum"),
        ("kind", "rpc"),
        ("method", "sum/7"),
        ("outcome", "ok"),
        ("pattern", "sum/{a}"),
        ("user", "42"),
    ];
    for (key, value) in expected {
        assert_eq!(sum.fields[key], value, "{key}");
    }
    assert!(sum.fields["duration"].ends_with('s'), "{:?}", sum.fields);
    assert_eq!(fails.fields["outcome"], "internal");

    let seen = spans(Level::INFO).await;
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].entered, 2, "not entered once for each poll");
    assert!(
        spans(Level::WARN).await.is_empty(),
        "a span below the level of the subscriber"
    );
}

/// Collects the threads that enter spans.
struct Threads(Arc<Mutex<HashSet<ThreadId>>>);

impl<S: Subscriber> Layer<S> for Threads {
    fn on_enter(&self, _: &Id, _: Context<'_, S>) {
        self.0.lock().unwrap().insert(thread::current().id());
    }
}

#[tokio::test]
async fn the_thread_of_a_blocking_handler_is_inside_of_the_span() {
    let threads = Arc::<Mutex<HashSet<ThreadId>>>::default();
    let layer = Threads(threads.clone());
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let t = TestClient::builder().build().await.unwrap();
    assert!(t.rpc("blocks").await.error().is_none());
    // The thread that polls the event, and that of the handler.
    assert_eq!(threads.lock().unwrap().len(), 2);
}

/// Collects the messages of events with the handler in whose span they are.
struct Lines(Arc<Mutex<Vec<(String, String)>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Lines {
    fn on_new_span(&self, span: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        let mut fields = RecordedSpan::default();
        span.record(&mut fields);
        cx.span(id).unwrap().extensions_mut().insert(fields);
    }
    fn on_event(&self, event: &tracing::Event<'_>, cx: Context<'_, S>) {
        let mut fields = RecordedSpan::default();
        event.record(&mut fields);
        let handler = cx.lookup_current().map_or(String::new(), |span| {
            span.extensions().get::<RecordedSpan>().unwrap().fields["handler"].clone()
        });
        let message = fields.fields.remove("message").unwrap();
        self.0.lock().unwrap().push((message, handler));
    }
}

struct LogOnDrop;

impl Drop for LogOnDrop {
    fn drop(&mut self) {
        tracing::info!("dropped");
    }
}

#[centrifugo::rpc("hangs", timeout = "50ms")]
async fn hangs() {
    let _guard = LogOnDrop;
    std::future::pending::<()>().await;
}

#[centrifugo::rpc("waits")]
async fn waits() {
    let _guard = LogOnDrop;
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_handler_that_times_out_or_is_cancelled_is_dropped_inside_of_its_span() {
    let lines = Arc::<Mutex<Vec<_>>>::default();
    let layer = Lines(lines.clone());
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let t = TestClient::builder().build().await.unwrap();
    assert_eq!(t.rpc("hangs").await.error().unwrap().code, 100);
    let cancelled = tokio::time::timeout(Duration::from_millis(10), t.rpc("waits").into_future());
    assert!(cancelled.await.is_err());
    let lines = std::mem::take(&mut *lines.lock().unwrap());
    let dropped: Vec<_> = lines.iter().filter(|line| line.0 == "dropped").collect();
    let expected = ["hangs", "waits"].map(|handler| ("dropped".to_owned(), handler.to_owned()));
    assert_eq!(dropped, [&expected[0], &expected[1]], "{lines:?}");
}

#[test]
fn logs_one_line_per_event_at_level_debug() {
    let log = Log::new("stderr");
    let mut command = worker("all_events");
    command.env("RUST_LOG", "centrifugo=debug").stderr(log.create());
    let mut host = Host::spawn(command).unwrap();
    for method in ["echo", "hang", "nowhere"] {
        host.rpc(method).data("1").send().unwrap();
    }
    let log = log.wait_for("method=\"nowhere\"");
    drop(host);
    let lines: Vec<_> = log
        .lines()
        .filter(|line| line.contains("event answered"))
        .collect();
    assert_eq!(lines.len(), 3, "{log}");
    for (line, parts) in lines.iter().zip([
        [
            "kind=rpc",
            "handler=\"echo\"",
            "method=\"echo\"",
            "outcome=ok",
            "duration=",
        ],
        [
            "kind=rpc",
            "handler=\"hang\"",
            "method=\"hang\"",
            "outcome=timeout",
            "duration=",
        ],
        [
            "kind=rpc",
            "handler=\"none\"",
            "method=\"nowhere\"",
            "outcome=refused",
            "client=",
        ],
    ]) {
        for part in parts {
            assert!(line.contains(part), "{part} in {line}");
        }
    }
}
