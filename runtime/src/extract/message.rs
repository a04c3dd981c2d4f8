//! The event's whole request message.

use centrifugo_proto::proxy;

use super::{Extracted, FromEvent};
use crate::event::{TypedEvent, kind};

macro_rules! messages {
    ($($kind:ident: $request:ident;)*) => {$(
        impl FromEvent<kind::$kind> for proxy::$request {
            fn from_event(event: &TypedEvent<kind::$kind>) -> Extracted<'_, Self> {
                Extracted::Now(Ok(event.request().clone()))
            }
        }
    )*};
}

messages! {
    Connect: ConnectRequest;
    Refresh: RefreshRequest;
    Subscribe: SubscribeRequest;
    Publish: PublishRequest;
    SubRefresh: SubRefreshRequest;
    Rpc: RpcRequest;
    NotifyChannelState: NotifyChannelStateRequest;
    NotifyCacheEmpty: NotifyCacheEmptyRequest;
    MapPublish: MapPublishRequest;
    MapRemove: MapRemoveRequest;
    SharedPollRefresh: SharedPollRefreshRequest;
    SubscribeStream: SubscribeRequest;
}
