//! Sends recorded events, and compares the answers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde::Deserialize;
use tokio::task::JoinSet;
use tonic::metadata::MetadataMap;

use super::free_connections::FreeConnections;
use super::{ChangedAnswer, FailedEvent, IgnoredPaths, ReplayFinding, Summary, differences};
use crate::description::Event;
use crate::invoke::{InvokeError, Method, ProgramClient, Response, is_of_transport, request_bytes};
use crate::recording::{InvalidRecording, RecordedEvent, Removed};

/// The most events at once on each connection if there is a rate.
const EVENTS_PER_CONNECTION: usize = 64;

/// How a recording is replayed.
#[derive(Clone, Debug, Default)]
pub struct ReplayOptions {
    /// The parts of answers that are not compared.
    pub ignored: IgnoredPaths,
    /// What is left out of new values.
    pub removed: Removed,
    /// The events per second. Without a rate, each connection sends an event after the answer to the one before.
    pub rate: Option<f64>,
    /// The time limit of each event.
    pub timeout: Option<Duration>,
    /// When no further events are sent.
    pub end: Option<Instant>,
}

/// Replays events, which come with the numbers of their lines, over all connections. `report` gets each answer that differs from
/// the recorded one, and each event that fails. Events whose data is left out of the recording are not sent.
///
/// # Errors
///
/// Returns an error if the recording is invalid.
pub async fn replay(
    events: impl Iterator<Item = Result<(u64, RecordedEvent), InvalidRecording>>,
    clients: &[ProgramClient],
    options: &ReplayOptions,
    summary: &Arc<Mutex<Summary>>,
    report: impl Fn(ReplayFinding) + Send + Sync + 'static,
) -> Result<(), InvalidRecording> {
    let report = Arc::new(report);
    let per_connection = options.rate.map_or(1, |_| EVENTS_PER_CONNECTION);
    let mut connections = FreeConnections::new(clients, per_connection);
    let interval = options.rate.map(|rate| Duration::from_secs_f64(1.0 / rate));
    let start = Instant::now();
    let mut calls = JoinSet::new();
    let mut due = start;
    for event in events {
        let (line, event) = event?;
        if !event.removed.is_empty() {
            lock(summary).skipped += 1;
            // A recording of nothing else that is repeated must not keep this thread.
            tokio::task::yield_now().await;
            if options.end.is_some_and(|end| Instant::now() >= end) {
                break;
            }
            continue;
        }
        if let Some(interval) = interval {
            tokio::time::sleep_until(due.into()).await;
            due += interval;
        }
        if options.end.is_some_and(|end| Instant::now() >= end) {
            break;
        }
        let Some(connection) = connections.next().await else {
            break;
        };
        while calls.try_join_next().is_some() {}
        let started = interval.map_or_else(Instant::now, |interval| due - interval);
        let (report, options, summary) = (report.clone(), options.clone(), summary.clone());
        calls.spawn(async move {
            let kind = event.kind;
            let result = match Call::new(ProgramClient::clone(&connection), event, line) {
                Ok(call) => call.run(started, &options, &summary).await,
                Err(error) => Err(error),
            };
            match result {
                Ok(None) => {}
                Ok(Some(changed)) => report(ReplayFinding::Changed(changed)),
                Err(error) => {
                    lock(&summary).failed += 1;
                    report(ReplayFinding::Failed(FailedEvent {
                        line,
                        kind,
                        problem: error.to_string(),
                    }));
                }
            }
            // After the report, so that one connection reports in the order of the events.
            drop(connection);
        });
    }
    while calls.join_next().await.is_some() {}
    lock(summary).elapsed += start.elapsed();
    Ok(())
}

fn lock(summary: &Mutex<Summary>) -> MutexGuard<'_, Summary> {
    summary.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A call for a recorded event.
struct Call {
    client: ProgramClient,
    event: RecordedEvent,
    line: u64,
    body: Bytes,
    metadata: MetadataMap,
    expected: Response,
}

/// The members of requests that say which event it is.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Request {
    channel: Option<String>,
    method: Option<String>,
    user: Option<String>,
}

impl Call {
    fn new(client: ProgramClient, event: RecordedEvent, line: u64) -> Result<Self, InvokeError> {
        let entries = event
            .metadata
            .iter()
            .filter(|(name, _)| is_sent(name))
            .flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())));
        Ok(Self {
            line,
            body: request_bytes(event.kind, event.request.get())?,
            metadata: client.metadata(entries)?,
            client,
            expected: event.answer.response()?,
            event,
        })
    }

    async fn run(
        self,
        started: Instant,
        options: &ReplayOptions,
        summary: &Mutex<Summary>,
    ) -> Result<Option<ChangedAnswer>, InvokeError> {
        let method = Method {
            kind: self.event.kind,
            is_two_way: self.event.two_way && self.event.kind == Event::SubscribeStream,
        };
        let answer = self
            .client
            .send(method, self.body, self.metadata, options.timeout)
            .await?;
        let differences = differences(&self.expected, &answer.answer, &options.ignored, &options.removed);
        let mut summary = lock(summary);
        *summary.outcomes.entry(answer.outcome).or_default() += 1;
        summary.latencies.add(started.elapsed());
        if differences.is_empty() {
            return Ok(None);
        }
        summary.changed += 1;
        let request: Request = serde_json::from_str(self.event.request.get()).unwrap_or_default();
        Ok(Some(ChangedAnswer {
            line: self.line,
            kind: self.event.kind,
            target: request.channel.or(request.method),
            user: request.user,
            differences,
        }))
    }
}

/// Returns whether a header of the recorded call is one of the event, and can be sent as text.
fn is_sent(name: &str) -> bool {
    !name.starts_with(':') && !name.ends_with("-bin") && !is_of_transport(name)
}
