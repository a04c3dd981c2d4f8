//! Streams among the events.

use bytes::Bytes;
use futures_core::Stream;

use super::Front;
use super::front::{Handler, Unanswered};
use crate::dispatch::StreamOutcome;
use crate::event::{Event, Metadata};
use crate::state::BoxFuture;

/// Ready when the program stops.
pub(crate) type Stopped = BoxFuture<()>;

impl Front {
    pub(crate) fn stopped(&self) -> Stopped {
        let mut stop = self.stop.subscribe();
        Box::pin(async move {
            // Without a sender there is nobody left to stop.
            let _ = stop.wait_for(|stop| *stop).await;
        })
    }

    /// Answers the event that opens a stream. Its handler has its time limit for the decision.
    pub(crate) async fn open<S>(&self, event: Event, incoming: Option<S>) -> StreamOutcome
    where
        S: Stream<Item = Bytes> + Send + 'static,
    {
        let _active = self.begin();
        let (kind, metadata) = (event.kind(), event.shared_metadata());
        let deciding = self.dispatcher.decide(event, incoming);
        let outcome = match deciding.limit {
            // No handler: there is nothing that could hold this task up.
            None => deciding.future.await,
            Some(limit) => {
                let handler = Handler {
                    kind,
                    name: deciding.handler,
                    index: deciding.route_index,
                    limit,
                };
                match self.run(&handler, deciding.future).await {
                    Ok(outcome) => outcome,
                    // Of an error, Centrifugo drops «temporary»: after a failure the client tries again.
                    Err(Unanswered::TooMany) => StreamOutcome::Failed("too many requests".into(), None),
                    Err(Unanswered::Failed(reason)) => StreamOutcome::Failed(reason, None),
                }
            }
        };
        if let StreamOutcome::Unreadable(reason) = &outcome {
            self.unreadable(reason.clone(), kind, Metadata::clone(&metadata));
        }
        outcome
    }
}
