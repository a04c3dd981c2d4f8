//! Finds the handler of an event in a description.

use std::time::Duration;

use crate::description::{Description, Event, Need};
use crate::pattern::{Pattern, Precedence};

/// The handlers of a program, the ones with the highest precedence first.
#[derive(Default)]
pub(crate) struct HandlerIndex {
    entries: Vec<Entry>,
    default_timeout_ms: u64,
}

struct Entry {
    kind: Event,
    pattern: Option<(Pattern, Precedence)>,
    handler: FoundHandler,
}

/// The handler of an event.
#[derive(Clone, Debug)]
pub(crate) struct FoundHandler {
    pub(crate) name: String,
    pub(crate) pattern: Option<String>,
    pub(crate) timeout_ms: u64,
    /// Whether the handler takes a stream in both directions.
    pub(crate) two_way: bool,
}

impl HandlerIndex {
    pub(crate) fn new(description: &Description) -> Self {
        let mut entries: Vec<_> = description
            .handlers
            .iter()
            .map(|handler| Entry {
                kind: handler.event,
                pattern: handler.pattern.as_deref().map(|text| {
                    let pattern = Pattern::parse(text);
                    let precedence = pattern.precedence();
                    (pattern, precedence)
                }),
                handler: FoundHandler {
                    name: handler.handler.clone(),
                    pattern: handler.pattern.clone(),
                    timeout_ms: handler.timeout_ms.unwrap_or(description.handler_timeout_ms),
                    two_way: handler.has_need(Need::ClientStream),
                },
            })
            .collect();
        entries.sort_by(|a, b| {
            let precedence = |entry: &Entry| entry.pattern.as_ref().map(|(_, precedence)| *precedence);
            precedence(b).cmp(&precedence(a))
        });
        Self {
            entries,
            default_timeout_ms: description.handler_timeout_ms,
        }
    }

    /// Returns the handler for a channel or a method. Kinds without a pattern have at most one handler.
    pub(crate) fn find(&self, kind: Event, target: &str) -> Option<&FoundHandler> {
        self.entries
            .iter()
            .filter(|entry| entry.kind == kind)
            .find(|entry| match &entry.pattern {
                None => true,
                Some((pattern, _)) => pattern.matches(target),
            })
            .map(|entry| &entry.handler)
    }

    /// Returns how long an event may take, or `None` while no program is known.
    pub(crate) fn time_limit(&self, kind: Event, target: &str) -> Option<Duration> {
        let found = self.find(kind, target);
        let limit_ms = found.map_or(self.default_timeout_ms, |handler| handler.timeout_ms);
        (limit_ms > 0).then(|| Duration::from_millis(limit_ms))
    }
}
