//! Events that have ended, to which log lines may still belong.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::RequestView;
use crate::description::Event;
use crate::dev::proxy::EventId;
use crate::invoke::LogLine;

/// Log lines that come this long after the end of an event may belong to it.
const LOG_DELAY: Duration = Duration::from_secs(5);
/// Ended events to which log lines may belong.
const MAX_RECENT: usize = 256;

/// The last events that have ended.
#[derive(Default)]
pub(super) struct RecentEvents(VecDeque<RecentEvent>);

/// What log lines say about an event.
struct RecentEvent {
    id: EventId,
    kind: Event,
    client: String,
    target: String,
    ended: Instant,
}

impl RecentEvents {
    /// Adds an event that ends now.
    pub(super) fn add(&mut self, id: EventId, kind: Event, request: RequestView) {
        if self.0.len() == MAX_RECENT {
            self.0.pop_front();
        }
        self.0.push_back(RecentEvent {
            id,
            kind,
            target: request.target().to_owned(),
            client: request.client,
            ended: Instant::now(),
        });
    }

    /// Returns the newest event to which a log line may belong.
    pub(super) fn find(&self, line: &LogLine) -> Option<EventId> {
        let found = self.0.iter().rev().find(|event| {
            event.ended.elapsed() < LOG_DELAY && is_of_event(line, event.kind, &event.client, &event.target)
        });
        found.map(|event| event.id)
    }
}

/// Returns whether a log line may belong to an event of this kind, client and target.
pub(super) fn is_of_event(line: &LogLine, kind: Event, client: &str, target: &str) -> bool {
    line.kind.as_deref() == Some(kind.name())
        && line.client.as_deref().is_none_or(|of| of == client)
        && line.target.as_deref().is_none_or(|of| of == target)
}
