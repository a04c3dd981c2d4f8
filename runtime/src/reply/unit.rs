//! `()` as a reply: to rpc events, whose clients then get no data, and to notifications.
//!
//! Other events have no such reply: a handler that returns early must not allow something by accident.

use centrifugo_proto::proxy::{NotifyCacheEmptyResult, NotifyChannelStateResult, RpcResult};

use super::answered_by::AnsweredBy;
use crate::error::Error;
use crate::event::markers;
use crate::handler::{IntoReply, Protocol};

impl<K: AnsweredBy<()>> IntoReply<K> for () {
    fn into_reply(self, client: Protocol) -> Result<K::Reply, Error> {
        K::result(self, client)
    }
}

#[diagnostic::do_not_recommend]
impl AnsweredBy<()> for markers::Rpc {
    fn result((): (), _: Protocol) -> Result<RpcResult, Error> {
        Ok(RpcResult::default())
    }
}

#[diagnostic::do_not_recommend]
impl AnsweredBy<()> for markers::NotifyChannelState {
    fn result((): (), _: Protocol) -> Result<NotifyChannelStateResult, Error> {
        Ok(NotifyChannelStateResult {})
    }
}

#[diagnostic::do_not_recommend]
impl AnsweredBy<()> for markers::NotifyCacheEmpty {
    fn result((): (), _: Protocol) -> Result<NotifyCacheEmptyResult, Error> {
        Ok(NotifyCacheEmptyResult { populated: false })
    }
}
