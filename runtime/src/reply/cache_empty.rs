//! The reply to an empty cache.

use centrifugo_proto::proxy::NotifyCacheEmptyResult;

use super::{AnsweredBy, Client, IntoReply};
use crate::error::Error;
use crate::event::kind;

/// Says whether the handler filled the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheEmpty {
    populated: bool,
}

impl CacheEmpty {
    /// The handler published what the channel should show.
    pub fn populated() -> Self {
        Self { populated: true }
    }

    /// There is nothing to show.
    pub fn not_populated() -> Self {
        Self { populated: false }
    }
}

#[diagnostic::do_not_recommend]
impl AnsweredBy<CacheEmpty> for kind::NotifyCacheEmpty {
    fn result(reply: CacheEmpty, _: Client) -> Result<NotifyCacheEmptyResult, Error> {
        Ok(NotifyCacheEmptyResult {
            populated: reply.populated,
        })
    }
}

impl<K: AnsweredBy<Self>> IntoReply<K> for CacheEmpty {
    fn into_reply(self, client: Client) -> Result<K::Reply, Error> {
        K::result(self, client)
    }
}
