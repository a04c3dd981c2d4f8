//! The generated result messages are replies as they are.

use centrifugo_proto::proxy;

use super::answered_by::AnsweredBy;
use crate::error::Error;
use crate::event::markers;
use crate::handler::Protocol;

macro_rules! results {
    ($($kind:ident: $result:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl AnsweredBy<proxy::$result> for markers::$kind {
            fn result(reply: proxy::$result, _: Protocol) -> Result<proxy::$result, Error> {
                Ok(reply)
            }
        }

        replies!(proxy::$result);
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
