//! Streams among the events.

use bytes::Bytes;
use futures_core::Stream;

use super::Front;
use super::front::{Active, Task};
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
        let _active = Active::new(&self.active);
        let (kind, metadata) = (event.kind(), event.shared_metadata());
        // On a task of its own, so that one that never yields does not hold up its connection.
        let mut task = Task(Some(tokio::spawn(
            self.dispatcher.dispatch_stream(event, incoming),
        )));
        let outcome = (&mut task)
            .await
            .unwrap_or_else(|error| StreamOutcome::Failed(error.to_string().into()));
        if let StreamOutcome::Unreadable(reason) = &outcome {
            self.unreadable(reason.clone(), kind, Metadata::clone(&metadata));
        }
        outcome
    }
}
