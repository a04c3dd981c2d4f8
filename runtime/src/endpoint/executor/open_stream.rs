//! Answers events that open a stream.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_core::Stream;
use tracing::Span;

use super::buffered_publications::BufferedPublications;
use super::executor::Executor;
use super::job::Job;
use super::unanswered::Unanswered;
use super::work::Work;
use crate::dispatch::{StreamOutcome, TimeLimit};
use crate::event::{Event, Metadata};
use crate::handler::OutcomeSummary;
use crate::metrics::EventOutcome;

/// What the transport sends for an event that opens a stream.
pub(crate) enum StreamReply {
    /// The first message, and the publications that follow.
    Open(Bytes, BufferedPublications),
    /// The only message.
    Refused(Bytes),
    Failed(Cow<'static, str>),
    ShuttingDown,
    Unreadable(String),
}

impl Executor {
    /// Answers an event that opens a stream. The time limit of the handler covers only its decision, not the publications.
    pub(crate) async fn open_stream<S>(&self, event: Event, incoming: Option<S>) -> StreamReply
    where
        S: Stream<Item = Bytes> + Send + 'static,
    {
        let _active = self.shutdown.begin_event();
        let (kind, metadata, deadline) = (event.kind(), event.shared_metadata(), event.deadline());
        let received = event.received();
        let request = event.request().clone();
        let decision = self.dispatcher.stream_decision(event, incoming);
        let (handler, handed_over) = (decision.handler, decision.handed_over);
        let (pool, open_streams) = (self.pool.clone(), self.shutdown.open_streams().clone());
        let publications_request = request.clone();
        // Each poll of the publications has the whole limit of the handler. Without a handler, no stream opens.
        let publications_limit = handed_over.as_ref().map_or_else(
            || TimeLimit::of_handler(None, Duration::ZERO),
            |(_, limit)| *limit,
        );
        let decide = async move {
            match decision.future.await {
                StreamOutcome::Open(first, publications) => {
                    let job = Job::new(Some(kind), handler, publications_limit, Instant::now())
                        .for_event(usize::MAX, publications_request, Span::none())
                        .with_limit_per_poll();
                    let publications =
                        BufferedPublications::new(publications, Arc::new(job), pool, open_streams);
                    (StreamReply::Open(first, publications), EventOutcome::Ok.into())
                }
                StreamOutcome::Refused(first, error) => {
                    (StreamReply::Refused(first), OutcomeSummary::of(&error))
                }
                StreamOutcome::Failed(reason, error) => {
                    let summary = match &error {
                        Some(error) => OutcomeSummary::of(error),
                        None => EventOutcome::Internal.into(),
                    };
                    (StreamReply::Failed(reason), summary)
                }
                StreamOutcome::Unreadable(reason) => {
                    (StreamReply::Unreadable(reason), EventOutcome::Unreadable.into())
                }
            }
        };
        let reply = match handed_over {
            // Without a handler, no code of the program runs.
            None => decide.await.0,
            Some((record, limit)) => {
                let limit = limit.until(deadline, received);
                let job = Job::new(Some(kind), handler, limit, received);
                let record = record.move_span(|span| Arc::new(job.for_event(usize::MAX, request, span)));
                let decided = if self.shutdown.is_stopped() {
                    Err(Unanswered::ShuttingDown)
                } else {
                    self.run(record.span_owner(), Work::new(Box::pin(decide))).await
                };
                let (reply, summary) = match decided {
                    Ok(decided) => decided,
                    Err(unanswered) => {
                        let summary = unanswered.outcome().into();
                        let reply = match unanswered {
                            // A failure, since Centrifugo drops the `temporary` flag of an error here. After a failure the
                            // client retries.
                            Unanswered::TooMany => StreamReply::Failed("too many requests".into()),
                            Unanswered::TimedOut(reason) | Unanswered::Panicked(reason) => {
                                StreamReply::Failed(reason)
                            }
                            Unanswered::ShuttingDown | Unanswered::Aborted => StreamReply::ShuttingDown,
                        };
                        (reply, summary)
                    }
                };
                record.end_stream(summary);
                reply
            }
        };
        if let StreamReply::Unreadable(reason) = &reply {
            self.call_invalid_function(reason.clone(), kind, Metadata::clone(&metadata));
        }
        reply
    }
}
