//! The kinds of subscriptions of centrifuge-js.

use crate::description::{Channel, Event, Handler};

/// A kind of subscription of centrifuge-js.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SubscriptionKind {
    Stream,
    Map,
    SharedPoll,
}

impl SubscriptionKind {
    pub(super) fn of<'a>(channel: &Channel, handler: &impl Fn(&[Event]) -> Option<&'a Handler>) -> Self {
        let has_options = |prefix: &str| channel.options.keys().any(|key| key.starts_with(prefix));
        match channel
            .options
            .get("subscription_type")
            .and_then(|value| value.as_str())
        {
            Some("map") => Self::Map,
            Some("shared_poll") => Self::SharedPoll,
            Some(_) => Self::Stream,
            None if handler(&[Event::MapPublish, Event::MapRemove]).is_some() || has_options("map.") => {
                Self::Map
            }
            None if handler(&[Event::SharedPollRefresh]).is_some() || has_options("shared_poll.") => {
                Self::SharedPoll
            }
            None => Self::Stream,
        }
    }

    pub(super) fn options(self) -> &'static str {
        match self {
            Self::Stream => "SubscriptionOptions",
            Self::Map => "MapSubscriptionOptions",
            Self::SharedPoll => "SharedPollSubscriptionOptions",
        }
    }

    pub(super) fn subscription(self) -> &'static str {
        match self {
            Self::Stream => "TypedSubscription",
            Self::Map => "TypedMapSubscription",
            Self::SharedPoll => "TypedSharedPollSubscription",
        }
    }

    pub(super) fn constructor(self) -> &'static str {
        match self {
            Self::Stream => "newSubscription",
            Self::Map => "newMapSubscription",
            Self::SharedPoll => "newSharedPollSubscription",
        }
    }
}
