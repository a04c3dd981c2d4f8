//! Answers events that open a stream.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;

use super::buffered_publications::BufferedPublications;
use super::executor::{Executor, Unanswered};
use super::job::Job;
use crate::dispatch::{StreamOutcome, TimeLimit};
use crate::event::{Event, Metadata};

/// What the transport sends for an event that opens a stream.
pub(crate) enum StreamReply {
    /// The first message, and the publications that follow.
    Open(Bytes, BufferedPublications),
    /// The only message.
    Refused(Bytes),
    Failed(Cow<'static, str>),
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
        let request = event.request().clone();
        let decision = self.dispatcher.stream_decision(event, incoming);
        let (limit, handler) = (decision.limit, decision.handler);
        let (pool, open_streams) = (self.pool.clone(), self.shutdown.open_streams().clone());
        let publications_request = request.clone();
        // Each poll of the publications has the whole limit of the handler. Without a handler, no stream opens.
        let publications_limit = limit.unwrap_or_else(|| TimeLimit::of_handler(None, Duration::ZERO));
        let decide = async move {
            match decision.future.await {
                StreamOutcome::Open(first, publications) => {
                    let job = Job::new(Some(kind), handler, publications_limit)
                        .for_event(usize::MAX, publications_request)
                        .with_limit_per_poll();
                    StreamReply::Open(
                        first,
                        BufferedPublications::new(publications, Arc::new(job), pool, open_streams),
                    )
                }
                StreamOutcome::Refused(first, _) => StreamReply::Refused(first),
                StreamOutcome::Failed(reason, _) => StreamReply::Failed(reason),
                StreamOutcome::Unreadable(reason) => StreamReply::Unreadable(reason),
            }
        };
        let reply = match limit {
            // Without a handler, no code of the program runs.
            None => decide.await,
            Some(limit) => {
                let job = Job::new(Some(kind), handler, limit.until(deadline)).for_event(usize::MAX, request);
                match self.run(Arc::new(job), decide).await {
                    Ok(reply) => reply,
                    // A failure, since Centrifugo drops the `temporary` flag of an error here. After a failure the client
                    // retries.
                    Err(Unanswered::TooMany) => StreamReply::Failed("too many requests".into()),
                    Err(Unanswered::Failed(reason)) => StreamReply::Failed(reason),
                }
            }
        };
        if let StreamReply::Unreadable(reason) = &reply {
            self.unreadable(reason.clone(), kind, Metadata::clone(&metadata));
        }
        reply
    }
}
