//! A layer that limits the rate of events of each user or client.

use std::convert::Infallible;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::future::BoxFuture;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tower_layer::Layer;
use tower_service::Service;

use crate::error::Error;
use crate::event::{Event, Kind};
use crate::handler::{Next, Outcome};
use crate::metrics::{Refusal, event_refused};

/// The number of tracked keys that starts the first cleanup. A cleanup removes the keys whose limit is fully restored.
const FIRST_CLEANUP: usize = 1_024;

/// A layer that refuses the events of users or clients that send too many, with error 111 (temporary).
///
/// The limit is a token bucket for each key in this process: it allows a burst of the whole number, and restores one event
/// at a time. Keys whose bucket is full take no memory.
///
/// ```standalone_crate
/// use std::time::Duration;
/// use centrifugo::event::Kind;
/// use centrifugo::layer::RateLimit;
/// use centrifugo::testing::TestClient;
///
/// #[centrifugo::rpc("ping")]
/// fn ping() {}
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let limit = RateLimit::per_user(2, Duration::from_secs(60)).kinds([Kind::Rpc, Kind::Publish]);
/// let t = TestClient::builder().layer(limit).build().await?;
/// for code in [None, None, Some(111)] {
///     assert_eq!(t.rpc("ping").user("7").await.error().map(|error| error.code), code);
/// }
/// assert!(t.rpc("ping").user("8").await.error().is_none());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct RateLimit {
    limiter: Arc<Limiter>,
    key: Key,
    kinds: Option<Arc<[Kind]>>,
}

#[derive(Clone, Copy, Debug)]
enum Key {
    User,
    Client,
}

struct Limiter {
    limiter: DefaultKeyedRateLimiter<String>,
    /// The number of tracked keys that starts the next cleanup.
    cleanup_at: AtomicUsize,
}

impl RateLimit {
    /// Allows `events` events of a user in each period of `time`. An anonymous user is identified by its client ID.
    ///
    /// The least values are one event and one nanosecond: 0 is raised to them.
    pub fn per_user(events: u32, time: Duration) -> Self {
        Self::new(events, time, Key::User)
    }

    /// Allows `events` events of a client, which is one connection, in each period of `time`.
    ///
    /// The least values are one event and one nanosecond: 0 is raised to them.
    pub fn per_client(events: u32, time: Duration) -> Self {
        Self::new(events, time, Key::Client)
    }

    fn new(events: u32, time: Duration, key: Key) -> Self {
        let events = NonZeroU32::new(events).unwrap_or(NonZeroU32::MIN);
        let period = (time / events.get()).max(Duration::from_nanos(1));
        let quota = Quota::with_period(period).unwrap_or(Quota::per_second(events));
        Self {
            limiter: Arc::new(Limiter {
                limiter: RateLimiter::keyed(quota.allow_burst(events)),
                cleanup_at: AtomicUsize::new(FIRST_CLEANUP),
            }),
            key,
            kinds: None,
        }
    }

    /// Limits only events of these kinds. By default, all events that have a client are limited.
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = Kind>) -> Self {
        self.kinds = Some(kinds.into_iter().collect());
        self
    }

    fn admits(&self, event: &Event) -> bool {
        let is_limited = self
            .kinds
            .as_deref()
            .is_none_or(|kinds| kinds.contains(&event.kind()));
        if !is_limited {
            return true;
        }
        let key = match self.key {
            Key::User if !event.user().is_empty() => event.user(),
            Key::User | Key::Client => event.client(),
        };
        key.is_empty() || self.limiter.admits(key)
    }
}

impl Limiter {
    fn admits(&self, key: &str) -> bool {
        let is_admitted = self.limiter.check_key(&key.to_owned()).is_ok();
        if self.limiter.len() >= self.cleanup_at.load(Ordering::Relaxed) {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
            let left = self.limiter.len();
            self.cleanup_at
                .store(FIRST_CLEANUP.max(2 * left), Ordering::Relaxed);
        }
        is_admitted
    }
}

impl fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimit")
            .field("key", &self.key)
            .field("kinds", &self.kinds)
            .finish_non_exhaustive()
    }
}

impl Layer<Next> for RateLimit {
    type Service = RateLimitService;

    fn layer(&self, next: Next) -> RateLimitService {
        RateLimitService {
            limit: self.clone(),
            next,
        }
    }
}

/// The service of a [`RateLimit`].
#[derive(Clone, Debug)]
pub struct RateLimitService {
    limit: RateLimit,
    next: Next,
}

impl Service<Event> for RateLimitService {
    type Response = Outcome;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Outcome, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, event: Event) -> Self::Future {
        if self.limit.admits(&event) {
            self.next.call(event)
        } else {
            event_refused(Refusal::RateLimit);
            Box::pin(async { Ok(Outcome::Error(Error::too_many_requests())) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_keys_whose_limit_is_restored() {
        let limit = RateLimit::per_client(1, Duration::from_nanos(1));
        for number in 0..10 * FIRST_CLEANUP {
            assert!(limit.limiter.admits(&number.to_string()));
        }
        let len = limit.limiter.limiter.len();
        assert!(len <= 2 * FIRST_CLEANUP, "{len} keys are tracked");
    }
}
