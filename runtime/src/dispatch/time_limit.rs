//! How long a handler may take, and where this limit comes from.

use std::fmt;
use std::time::Duration;
#[cfg(any(feature = "_direct", test))]
use std::time::Instant;

/// The time limit of one event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimit {
    pub(crate) duration: Duration,
    pub(crate) source: TimeLimitSource,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeLimitSource {
    /// The `timeout` of the handler's attribute.
    Attribute,
    /// `Server::handler_timeout` or `WORKER_HANDLER_TIMEOUT`.
    Server,
    /// The gRPC deadline of the call, which is the `timeout` of Centrifugo's proxy.
    Caller,
}

impl TimeLimit {
    /// Returns the limit of a handler from its attribute, or else from the server.
    pub(crate) fn of_handler(attribute: Option<Duration>, server: Duration) -> Self {
        match attribute {
            Some(duration) => Self {
                duration,
                source: TimeLimitSource::Attribute,
            },
            None => Self {
                duration: server,
                source: TimeLimitSource::Server,
            },
        }
    }

    /// Returns the limit of a caller that stopped waiting after this time.
    pub(super) fn of_caller(duration: Duration) -> Self {
        Self {
            duration,
            source: TimeLimitSource::Caller,
        }
    }

    /// Returns the time until the caller's deadline if it ends before this limit.
    #[cfg(any(feature = "_direct", test))]
    pub(crate) fn until(self, deadline: Option<Instant>, now: Instant) -> Self {
        let duration = deadline.map(|deadline| deadline.saturating_duration_since(now));
        match duration {
            Some(duration) if duration < self.duration => Self::of_caller(duration),
            _ => self,
        }
    }
}

impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whole milliseconds, since the time until a deadline has nine digits.
        let duration = Duration::from_millis(u64::try_from(self.duration.as_millis()).unwrap_or(u64::MAX));
        write!(f, "{duration:?}, {}", self.source)
    }
}

impl fmt::Display for TimeLimitSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Attribute => "the `timeout` of the handler's attribute",
            Self::Server => "the time limit of handlers (WORKER_HANDLER_TIMEOUT)",
            Self::Caller => "the caller's deadline (the `timeout` of Centrifugo's proxy)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_long_it_is_and_where_it_comes_from() {
        let server = TimeLimit::of_handler(None, Duration::from_secs(10));
        assert_eq!(
            server.to_string(),
            "10s, the time limit of handlers (WORKER_HANDLER_TIMEOUT)"
        );
        let attribute = TimeLimit::of_handler(Some(Duration::from_millis(900)), Duration::from_secs(10));
        assert_eq!(
            attribute.to_string(),
            "900ms, the `timeout` of the handler's attribute"
        );
        let now = Instant::now();
        let in_an_hour = now + Duration::from_secs(3600);
        assert_eq!(
            server.until(Some(in_an_hour), now).source,
            TimeLimitSource::Server
        );
        let caller = server.until(Some(now + Duration::from_secs(1)), now);
        assert_eq!(caller.source, TimeLimitSource::Caller);
        assert!(caller.duration <= Duration::from_secs(1));
        let caller = TimeLimit {
            duration: Duration::from_micros(999_900),
            ..caller
        };
        assert_eq!(
            caller.to_string(),
            "999ms, the caller's deadline (the `timeout` of Centrifugo's proxy)"
        );
    }
}
