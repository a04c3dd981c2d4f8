//! The kinds of events, as attributes know them.

use proc_macro2::{Ident, Span};

/// Which of the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
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

impl Kind {
    /// The attribute's name.
    pub(crate) fn attribute(self) -> &'static str {
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

    /// The name of the value `Kind::_` and of the marker `kind::_`.
    pub(crate) fn ident(self) -> Ident {
        Ident::new(&format!("{self:?}"), Span::call_site())
    }

    /// Returns the name of the trait of the types that a handler of this kind returns.
    pub(crate) fn reply_trait(self) -> Ident {
        Ident::new(&format!("{self:?}Reply"), Span::call_site())
    }
}
