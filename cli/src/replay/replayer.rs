//! Sends recorded events, and compares the answers.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tonic::metadata::MetadataMap;

use super::{ChangedAnswer, IgnoredPaths, Summary, differences};
use crate::description::Event;
use crate::invoke::{InvokeError, Method, ProgramClient, Response, request_bytes};
use crate::recording::{InvalidRecording, RecordedEvent};

/// The most events at once on each connection if there is a rate.
const EVENTS_PER_CONNECTION: usize = 64;

/// How a recording is replayed.
#[derive(Clone, Debug, Default)]
pub struct ReplayOptions {
    /// The parts of answers that are not compared.
    pub ignored: IgnoredPaths,
    /// The events per second. Without a rate, each connection sends an event after the answer to the one before.
    pub rate: Option<f64>,
    /// The time limit of each event.
    pub timeout: Option<Duration>,
    /// When no further events are sent.
    pub end: Option<Instant>,
}

/// Replays events, which come with the numbers of their lines, over all connections. `report` gets each answer that differs from the recorded one.
///
/// # Errors
///
/// Returns an error if the recording is invalid, or an answer is unreadable.
pub async fn replay(
    events: impl Iterator<Item = Result<(u64, RecordedEvent), InvalidRecording>>,
    clients: &[ProgramClient],
    options: &ReplayOptions,
    summary: &Arc<Mutex<Summary>>,
    report: impl Fn(ChangedAnswer) + Send + Sync + 'static,
) -> Result<(), ReplayError> {
    let report = Arc::new(report);
    let per_connection = options.rate.map_or(1, |_| EVENTS_PER_CONNECTION);
    let free = Arc::new(Semaphore::new(per_connection * clients.len()));
    let interval = options.rate.map(|rate| Duration::from_secs_f64(1.0 / rate));
    let start = Instant::now();
    let mut calls = JoinSet::new();
    let mut clients = clients.iter().cycle();
    let mut due = start;
    for event in events {
        let (line, event) = event.map_err(ReplayError::Recording)?;
        if let Some(interval) = interval {
            tokio::time::sleep_until(due.into()).await;
            due += interval;
        }
        if options.end.is_some_and(|end| Instant::now() >= end) {
            break;
        }
        // Closed only when dropped.
        let Ok(permit) = free.clone().acquire_owned().await else {
            break;
        };
        while let Some(call) = calls.try_join_next() {
            call.unwrap_or(Ok(()))?;
        }
        let Some(client) = clients.next() else {
            break;
        };
        let started = interval.map_or_else(Instant::now, |interval| due - interval);
        let call =
            Call::new(client, event, line, permit).map_err(|error| ReplayError::Event { line, error })?;
        let (summary, report, options) = (summary.clone(), report.clone(), options.clone());
        calls.spawn(async move {
            let changed = call.run(started, &options, &summary).await?;
            changed.into_iter().for_each(|changed| report(changed));
            Ok(())
        });
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap_or(Ok(()))?;
    }
    let mut summary = summary.lock().unwrap_or_else(PoisonError::into_inner);
    summary.elapsed += start.elapsed();
    Ok(())
}

/// A call for a recorded event.
struct Call {
    client: ProgramClient,
    event: RecordedEvent,
    line: u64,
    body: Bytes,
    metadata: MetadataMap,
    expected: Response,
    _permit: OwnedSemaphorePermit,
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
    fn new(
        client: &ProgramClient,
        event: RecordedEvent,
        line: u64,
        permit: OwnedSemaphorePermit,
    ) -> Result<Self, InvokeError> {
        let entries = event
            .metadata
            .iter()
            .filter(|(name, _)| is_sent(name))
            .flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())));
        Ok(Self {
            client: client.clone(),
            line,
            body: request_bytes(event.kind, event.request.get())?,
            metadata: client.metadata(entries)?,
            expected: event.answer.response()?,
            event,
            _permit: permit,
        })
    }

    async fn run(
        self,
        started: Instant,
        options: &ReplayOptions,
        summary: &Mutex<Summary>,
    ) -> Result<Option<ChangedAnswer>, ReplayError> {
        let method = Method {
            kind: self.event.kind,
            is_two_way: self.event.two_way && self.event.kind == Event::SubscribeStream,
        };
        let answer = self
            .client
            .send(method, self.body, self.metadata, options.timeout)
            .await;
        let answer = answer.map_err(|error| ReplayError::Event {
            line: self.line,
            error,
        })?;
        let differences = differences(&self.expected, &answer.answer, &options.ignored);
        let mut summary = summary.lock().unwrap_or_else(PoisonError::into_inner);
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

/// Returns whether a header of the recorded call is one of the event, and not of the transport.
fn is_sent(name: &str) -> bool {
    let is_of_transport = name.starts_with([':']) || name.starts_with("grpc-") || name.ends_with("-bin");
    !is_of_transport && !["content-type", "te", "user-agent", "content-length"].contains(&name)
}

/// Why a replay has ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReplayError {
    /// The recording is invalid.
    Recording(InvalidRecording),
    /// An event cannot be sent, or its answer is unreadable.
    Event {
        /// The line of the recording.
        line: u64,
        /// Why.
        error: InvokeError,
    },
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Recording(error) => error.fmt(f),
            Self::Event { line, error } => write!(f, "line {line} of the recording: {error}"),
        }
    }
}

impl std::error::Error for ReplayError {}
