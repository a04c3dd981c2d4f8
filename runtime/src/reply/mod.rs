//! Replies: the types that handlers can return.

#[macro_use]
mod builder_macros;

mod cache_empty;
mod channel_reply_traits;
mod connect;
#[cfg(feature = "schema")]
mod described_replies;
mod expiry;
mod map;
mod payload;
mod publication;
mod publish;
mod refresh;
mod reply_traits;
mod rpc;
mod seal;
mod shared_poll;
mod stream;
mod subscribe;
mod unit;
mod untyped;

pub use cache_empty::CacheEmpty;
pub use channel_reply_traits::{
    ChannelMapPublishReply, ChannelPublishReply, ChannelSharedPollReply, ChannelStreamReply,
};
pub use connect::Connect;
pub use map::{MapPublish, MapRemove};
pub use publication::{IntoPublication, IntoTypedPublication, Publication};
pub use publish::Publish;
pub use refresh::{Refresh, SubRefresh};
pub use reply_traits::{
    ConnectReply, MapPublishReply, MapRemoveReply, NotifyCacheEmptyReply, NotifyChannelStateReply,
    PublishReply, RefreshReply, RpcReply, SharedPollRefreshReply, SubRefreshReply, SubscribeReply,
    SubscribeStreamReply,
};
pub use shared_poll::SharedPoll;
pub use stream::Stream;
pub use subscribe::{Subscribe, SubscribeOptions};
pub use untyped::{Carries, IsDataOf, Untyped};

pub use crate::event::{OpenedStream, PublicationStream};
pub use crate::handler::{IntoReply, Protocol};
pub use crate::time::Time;
