//! The kinds of events.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "each is the event of that name")]
pub enum Event {
    Connect,
    Refresh,
    Subscribe,
    Publish,
    SubRefresh,
    Rpc,
    NotifyChannelState,
    NotifyCacheEmpty,
    MapPublish,
    MapRemove,
    SharedPollRefresh,
    SubscribeStream,
}

impl Event {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::Connect,
        Self::Refresh,
        Self::Subscribe,
        Self::Publish,
        Self::SubRefresh,
        Self::Rpc,
        Self::NotifyChannelState,
        Self::NotifyCacheEmpty,
        Self::MapPublish,
        Self::MapRemove,
        Self::SharedPollRefresh,
        Self::SubscribeStream,
    ];

    /// The name, as in descriptions and in Centrifugo's configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Refresh => "refresh",
            Self::Subscribe => "subscribe",
            Self::Publish => "publish",
            Self::SubRefresh => "sub_refresh",
            Self::Rpc => "rpc",
            Self::NotifyChannelState => "notify_channel_state",
            Self::NotifyCacheEmpty => "notify_cache_empty",
            Self::MapPublish => "map_publish",
            Self::MapRemove => "map_remove",
            Self::SharedPollRefresh => "shared_poll_refresh",
            Self::SubscribeStream => "subscribe_stream",
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
