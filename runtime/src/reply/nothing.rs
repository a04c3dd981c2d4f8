//! `()` as a reply: to an rpc, whose client then gets no data, and to notifications. Nowhere else: a handler that
//! returns early must not allow by accident.

use centrifugo_proto::proxy::{NotifyCacheEmptyResult, NotifyChannelStateResult, RpcResult};

use super::{AnsweredBy, Client, IntoReply};
use crate::error::Error;
use crate::event::kind;

impl<K: AnsweredBy<()>> IntoReply<K> for () {
    fn into_reply(self, client: Client) -> Result<K::Reply, Error> {
        K::result(self, client)
    }
}

#[diagnostic::do_not_recommend]
impl AnsweredBy<()> for kind::Rpc {
    fn result((): (), _: Client) -> Result<RpcResult, Error> {
        Ok(RpcResult::default())
    }
}

#[diagnostic::do_not_recommend]
impl AnsweredBy<()> for kind::NotifyChannelState {
    fn result((): (), _: Client) -> Result<NotifyChannelStateResult, Error> {
        Ok(NotifyChannelStateResult {})
    }
}

/// Not populated.
#[diagnostic::do_not_recommend]
impl AnsweredBy<()> for kind::NotifyCacheEmpty {
    fn result((): (), _: Client) -> Result<NotifyCacheEmptyResult, Error> {
        Ok(NotifyCacheEmptyResult { populated: false })
    }
}
