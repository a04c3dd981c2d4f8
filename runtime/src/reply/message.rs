//! The generated result messages are replies as they are.

use centrifugo_proto::proxy;

use super::{Client, IntoReply};
use crate::error::Error;
use crate::event::kind;

macro_rules! results {
    ($($kind:ident: $result:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoReply<kind::$kind> for proxy::$result {
            fn into_reply(self, _: Client) -> Result<Self, Error> {
                Ok(self)
            }
        }
    )*};
}

results! {
    Connect: ConnectResult;
    Refresh: RefreshResult;
    Subscribe: SubscribeResult;
    Publish: PublishResult;
    SubRefresh: SubRefreshResult;
    Rpc: RpcResult;
    NotifyChannelState: NotifyChannelStateResult;
    NotifyCacheEmpty: NotifyCacheEmptyResult;
    MapPublish: MapPublishResult;
    MapRemove: MapRemoveResult;
    SharedPollRefresh: SharedPollRefreshResult;
}
