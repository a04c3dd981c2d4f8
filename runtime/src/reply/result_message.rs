//! Result messages of Centrifugo's protocol as replies. They are passed on unchecked.

use centrifugo_proto::proxy;

use super::answered_by::AnsweredBy;
use crate::error::Error;
use crate::event::markers;
use crate::handler::Protocol;

macro_rules! result_messages {
    ($($kind:ident: $result:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl AnsweredBy<proxy::$result> for markers::$kind {
            fn result(reply: proxy::$result, _: Protocol) -> Result<proxy::$result, Error> {
                Ok(reply)
            }
        }

        into_reply_by_event!(proxy::$result);
    )*};
}

result_messages! {
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
