//! Times of expiry in replies.

use crate::error::Error;
use crate::time::Time;

/// The time of expiry in a builder, if it was set. The time is checked when the builder becomes a result.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Expiry(Option<Time>);

impl Expiry {
    pub(super) fn at(time: impl Into<Time>) -> Self {
        Self(Some(time.into()))
    }

    /// Returns the time in Unix seconds, 0 if none was set, or an internal error if the time is not in the future.
    ///
    /// Centrifugo interprets 0 and less as "never expires" in some replies, and as "has expired" in others. A time in
    /// the past is an error of the handler in all of them.
    pub(super) fn finish(self, builder: &str) -> Result<i64, Error> {
        match self.0 {
            None => Ok(0),
            Some(time) if time.is_in_the_future() => Ok(time.unix_seconds()),
            Some(time) => Err(Error::internal(format!(
                "the time of expiry in `{builder}` is not in the future: {} Unix seconds",
                time.unix_seconds()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use super::*;
    use crate::event::EventKind;
    use crate::event::markers;
    use crate::handler::{IntoReply, Protocol};
    use crate::reply::{Connect, Refresh, SubRefresh, Subscribe, SubscribeOptions};

    fn error<K: EventKind, R: IntoReply<K>>(reply: R) -> Option<Error> {
        reply.into_reply(Protocol { is_json: true }).err()
    }

    /// Returns the errors of all replies that have a time of expiry.
    fn errors(time: Time) -> [Option<Error>; 6] {
        let options = || SubscribeOptions::new().expires_at(time);
        [
            error::<markers::Connect, _>(Connect::user("42").expires_at(time)),
            error::<markers::Connect, _>(Connect::anonymous().expires_at(time)),
            error::<markers::Connect, _>(Connect::user("42").subscribe("news", options())),
            error::<markers::Subscribe, _>(Subscribe::allow().expires_at(time)),
            error::<markers::Refresh, _>(Refresh::extend_to(time)),
            error::<markers::SubRefresh, _>(SubRefresh::extend_to(time)),
        ]
    }

    #[test]
    fn refuses_a_time_that_is_not_in_the_future_in_every_reply() {
        let now = SystemTime::now();
        for time in [
            Time::from_unix_seconds(0),
            Time::from_unix_seconds(-1),
            Time::from_unix_seconds(3600),
            Time::from(now),
            Time::from(now - Duration::from_secs(60)),
            Time::from(UNIX_EPOCH),
            Time::after(Duration::ZERO),
        ] {
            for error in errors(time) {
                assert!(error.is_some_and(|error| error.is_internal()), "{time:?}");
            }
        }
    }

    #[test]
    fn accepts_a_time_in_the_future_in_every_reply() {
        for time in [Time::after(Duration::from_secs(60)), Time::after(Duration::MAX)] {
            assert!(errors(time).iter().all(Option::is_none), "{time:?}");
        }
        let reply = Connect::user("42").expires_in(Duration::MAX);
        let result = IntoReply::<markers::Connect>::into_reply(reply, Protocol { is_json: true });
        assert_eq!(result.map(|result| result.expire_at).ok(), Some(253_402_300_799));
    }

    #[test]
    fn accepts_a_reply_without_a_time() {
        assert!(error::<markers::Connect, _>(Connect::user("42")).is_none());
        assert!(error::<markers::Subscribe, _>(Subscribe::allow()).is_none());
        assert!(error::<markers::Refresh, _>(Refresh::expired()).is_none());
        assert!(error::<markers::SubRefresh, _>(SubRefresh::expired()).is_none());
    }
}
