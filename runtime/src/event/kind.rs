//! The kinds of events.

use std::fmt;

use super::layout::{KEY, Layout};

/// The kind of an event.
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
    /// Channels were occupied or vacated (Centrifugo PRO).
    NotifyChannelState,
    /// A channel in cache recovery mode is empty. RoadRunner delivers it from version 3 on.
    NotifyCacheEmpty,
    /// A client publishes a key into a map channel. RoadRunner does not deliver it.
    MapPublish,
    /// A client removes a key from a map channel. RoadRunner does not deliver it.
    MapRemove,
    /// The items of a shared poll channel are due for a refresh. RoadRunner does not deliver it.
    SharedPollRefresh,
    /// A client subscribes to a channel whose publications the handler streams. RoadRunner does not deliver it.
    SubscribeStream,
}

impl Kind {
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

    /// Returns the name of the attribute, such as `sub_refresh`.
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

    /// Returns the name that RoadRunner's plugin writes into the context (`proxy.go` of
    /// `roadrunner-server/centrifuge`), or `None` if it does not deliver the kind.
    pub(crate) fn relay_name(self) -> Option<&'static str> {
        match self {
            Self::SubRefresh => Some("subrefresh"),
            Self::NotifyChannelState => Some("notifychannelstate"),
            Self::NotifyCacheEmpty => Some("notifycacheempty"),
            Self::MapPublish | Self::MapRemove | Self::SharedPollRefresh | Self::SubscribeStream => None,
            other => Some(other.name()),
        }
    }

    pub(crate) fn from_relay_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.relay_name() == Some(name))
    }

    /// Returns the method of Centrifugo's gRPC service (`proxy.proto`).
    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::Connect => "Connect",
            Self::Refresh => "Refresh",
            Self::Subscribe => "Subscribe",
            Self::Publish => "Publish",
            Self::SubRefresh => "SubRefresh",
            Self::Rpc => "RPC",
            Self::NotifyChannelState => "NotifyChannelState",
            Self::NotifyCacheEmpty => "NotifyCacheEmpty",
            Self::MapPublish => "MapPublish",
            Self::MapRemove => "MapRemove",
            Self::SharedPollRefresh => "SharedPollRefresh",
            // The gRPC service handles the other method, `SubscribeBidirectional`.
            Self::SubscribeStream => "SubscribeUnidirectional",
        }
    }

    #[cfg(feature = "grpc")]
    pub(crate) fn from_method(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.method() == name)
    }

    /// Returns the last segment of the path on the HTTP endpoint, as Centrifugo's docs name it, or `None` for a stream.
    pub(crate) fn path(self) -> Option<&'static str> {
        match self {
            Self::NotifyChannelState => Some("channel_events"),
            Self::NotifyCacheEmpty => Some("cache_empty"),
            Self::SubscribeStream => None,
            other => Some(other.name()),
        }
    }

    /// Returns the field numbers of the request message.
    pub(crate) fn layout(self) -> &'static Layout {
        static CONNECT: Layout = Layout::of_client().data(10).texts(&[12, 13]).nested(14);
        static REFRESH: Layout = Layout::of_user().meta(11);
        static SUBSCRIBE: Layout = Layout::of_user()
            .target(11)
            .texts(&[12])
            .meta(13)
            .data(14)
            .nested(16);
        static PUBLISH: Layout = Layout::of_user().target(11).data(12).meta(14);
        static SUB_REFRESH: Layout = Layout::of_user().target(11).meta(12);
        static RPC: Layout = Layout::of_user().target(11).data(12).meta(14);
        static NOTIFY_CHANNEL_STATE: Layout = Layout::new().nested(1);
        static NOTIFY_CACHE_EMPTY: Layout = Layout::new().target(1);
        static MAP_PUBLISH: Layout = Layout::of_user().target(11).texts(&[KEY]).data(13).meta(15);
        static MAP_REMOVE: Layout = Layout::of_user().target(11).texts(&[KEY]).meta(13);
        static SHARED_POLL_REFRESH: Layout = Layout::new().target(1).nested(2);
        match self {
            Self::Connect => &CONNECT,
            Self::Refresh => &REFRESH,
            Self::Subscribe | Self::SubscribeStream => &SUBSCRIBE,
            Self::Publish => &PUBLISH,
            Self::SubRefresh => &SUB_REFRESH,
            Self::Rpc => &RPC,
            Self::NotifyChannelState => &NOTIFY_CHANNEL_STATE,
            Self::NotifyCacheEmpty => &NOTIFY_CACHE_EMPTY,
            Self::MapPublish => &MAP_PUBLISH,
            Self::MapRemove => &MAP_REMOVE,
            Self::SharedPollRefresh => &SHARED_POLL_REFRESH,
        }
    }

    /// Returns whether an internal error must fail the call, because Centrifugo reads an answer with an error as
    /// "expired".
    pub(crate) fn fails_with_grace(self) -> bool {
        matches!(self, Self::Refresh | Self::SubRefresh)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
