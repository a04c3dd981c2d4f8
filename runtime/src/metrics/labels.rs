//! The values of labels. Each label has few values: no text of a client and no code of a program is one.

/// The outcome of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventOutcome {
    /// The handler replied.
    Ok,
    /// The event was answered with an error for the client.
    Error,
    /// The event was answered with a disconnect.
    Disconnect,
    /// The handler returned an internal error.
    Internal,
    /// The handler had no reply at its time limit.
    Timeout,
    /// The handler panicked.
    Panic,
    /// No handler ran: there is none, or the program is overloaded or shutting down.
    Refused,
    /// The event could not be read.
    Unreadable,
    /// The caller stopped waiting before the handler replied.
    Cancelled,
}

impl EventOutcome {
    /// The number of outcomes.
    #[cfg(feature = "metrics")]
    pub(super) const COUNT: usize = Self::Cancelled as usize + 1;

    /// Returns the value of the label.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::Disconnect => "disconnect",
            Self::Internal => "internal",
            Self::Timeout => "timeout",
            Self::Panic => "panic",
            Self::Refused => "refused",
            Self::Unreadable => "unreadable",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The reason why an event, a call or a connection is refused before a handler runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No handler matches the event.
    NoHandler,
    /// `WORKER_CONCURRENCY` events are active.
    Concurrency,
    /// Handlers block all threads.
    Threads,
    /// The queue of calls is full.
    Queue,
    /// `RateLimit` refuses the event.
    RateLimit,
    /// The secret is missing or wrong.
    Secret,
    /// The event cannot be read.
    Unreadable,
    /// The call has too many headers.
    Headers,
    /// `WORKER_MAX_CONNECTIONS` connections are open.
    Connections,
}

impl Refusal {
    /// Returns the value of the label.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::NoHandler => "no_handler",
            Self::Concurrency => "concurrency",
            Self::Threads => "threads",
            Self::Queue => "queue",
            Self::RateLimit => "rate_limit",
            Self::Secret => "secret",
            Self::Unreadable => "unreadable",
            Self::Headers => "headers",
            Self::Connections => "connections",
        }
    }
}
