//! `()` as a reply: to rpc events, whose clients then get no data, and to notifications.
//!
//! Other events have no such reply: a handler that returns early must not allow something by accident.

use centrifugo_proto::proxy::{NotifyCacheEmptyResult, NotifyChannelStateResult, RpcResult};

use super::reply_traits::{NotifyCacheEmptyReply, NotifyChannelStateReply, RpcReply};
use crate::error::Error;
use crate::handler::Protocol;

#[diagnostic::do_not_recommend]
impl RpcReply for () {
    fn into_result(self, _: Protocol) -> Result<RpcResult, Error> {
        Ok(RpcResult::default())
    }
}

#[diagnostic::do_not_recommend]
impl NotifyChannelStateReply for () {
    fn into_result(self, _: Protocol) -> Result<NotifyChannelStateResult, Error> {
        Ok(NotifyChannelStateResult {})
    }
}

#[diagnostic::do_not_recommend]
impl NotifyCacheEmptyReply for () {
    fn into_result(self, _: Protocol) -> Result<NotifyCacheEmptyResult, Error> {
        Ok(NotifyCacheEmptyResult { populated: false })
    }
}
