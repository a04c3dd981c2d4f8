//! The kinds of events.

use proc_macro2::{Ident, Span};

/// A kind of event.
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
    /// Returns the name of the attribute.
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

    /// Returns the name that the variant of `Kind` and the marker type have in the runtime.
    pub(crate) fn ident(self) -> Ident {
        Ident::new(&format!("{self:?}"), Span::call_site())
    }

    /// Returns the name of the trait of the types that a handler of a channel type returns, if the reply carries data of the
    /// channel.
    pub(crate) fn channel_reply_trait(self) -> Option<Ident> {
        let name = match self {
            Self::Publish => "ChannelPublishReply",
            Self::SubscribeStream => "ChannelStreamReply",
            Self::MapPublish => "ChannelMapPublishReply",
            Self::SharedPollRefresh => "ChannelSharedPollReply",
            _ => return None,
        };
        Some(Ident::new(name, Span::call_site()))
    }

    /// Returns whether replies to events of this kind can set what other clients see of the connection or the subscription.
    pub(crate) fn reply_has_info(self) -> bool {
        matches!(
            self,
            Self::Connect | Self::Refresh | Self::Subscribe | Self::SubRefresh | Self::SubscribeStream
        )
    }

    /// Returns the name of the trait of the types that a handler of this kind returns.
    pub(crate) fn reply_trait(self) -> Ident {
        Ident::new(&format!("{self:?}Reply"), Span::call_site())
    }
}
