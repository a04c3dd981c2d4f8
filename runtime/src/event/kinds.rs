//! The kinds of events.

use std::fmt;

/// Which of the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A client connects.
    Connect,
    /// A connection is about to expire.
    Refresh,
    /// A client subscribes to a channel.
    Subscribe,
    /// A client publishes to a channel.
    Publish,
    /// A subscription is about to expire.
    SubRefresh,
    /// A client calls a method.
    Rpc,
    /// Channels became occupied or vacated (Centrifugo PRO).
    NotifyChannelState,
    /// A channel in cache recovery mode has nothing to show.
    NotifyCacheEmpty,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Connect,
        Self::Refresh,
        Self::Subscribe,
        Self::Publish,
        Self::SubRefresh,
        Self::Rpc,
        Self::NotifyChannelState,
        Self::NotifyCacheEmpty,
    ];

    /// The name of the attribute.
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
        }
    }

    /// The name that RoadRunner's plugin writes into the context (`proxy.go` of `roadrunner-server/centrifuge`).
    pub(crate) fn relay_name(self) -> &'static str {
        match self {
            Self::SubRefresh => "subrefresh",
            Self::NotifyChannelState => "notifychannelstate",
            Self::NotifyCacheEmpty => "notifycacheempty",
            other => other.name(),
        }
    }

    pub(crate) fn from_relay_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.relay_name() == name)
    }

    /// The field of the request that patterns are matched with.
    pub(crate) fn target_field(self) -> Option<u32> {
        match self {
            Self::Subscribe | Self::Publish | Self::SubRefresh | Self::Rpc => Some(11),
            Self::NotifyCacheEmpty => Some(1),
            Self::Connect | Self::Refresh | Self::NotifyChannelState => None,
        }
    }

    /// Whether an internal failure must not be an answer, since Centrifugo would read it as «expired».
    pub(crate) fn fails_with_grace(self) -> bool {
        matches!(self, Self::Refresh | Self::SubRefresh)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
