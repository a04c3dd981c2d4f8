//! `()` as a reply to rpc events, whose clients then receive no data, and to notifications.
//!
//! `()` is not a reply to other events, so that a handler that returns early does not allow an action by accident.

use centrifugo_proto::proxy::{NotifyCacheEmptyResult, NotifyChannelStateResult, RpcResult};

use super::reply_traits::{NotifyCacheEmptyReply, NotifyChannelStateReply, RpcReply};
use crate::error::Error;
use crate::handler::Protocol;
use crate::schema::reply_types;

#[diagnostic::do_not_recommend]
impl RpcReply for () {
    reply_types!(Nothing());

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
