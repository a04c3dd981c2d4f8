//! Replies to rpc events: `Json<T>`, `Data` and `Protobuf<T>`.

use centrifugo_proto::proxy::RpcResult;
use serde::Serialize;

use super::answered_by::AnsweredBy;
use super::payload::Payload;
use crate::error::Error;
use crate::event::markers;
use crate::extract::{Data, Json};
use crate::handler::{IntoReply, Protocol};

impl<T: Serialize> AnsweredBy<Json<T>> for markers::Rpc {
    fn result(reply: Json<T>, client: Protocol) -> Result<RpcResult, Error> {
        Ok(RpcResult {
            data: Payload::json(&reply.0).finish("data", client)?,
            ..Default::default()
        })
    }
}

into_reply_by_event!(Data);

#[diagnostic::do_not_recommend]
impl AnsweredBy<Data> for markers::Rpc {
    fn result(reply: Data, client: Protocol) -> Result<RpcResult, Error> {
        let is_json = reply.is_from_event();
        Ok(RpcResult {
            data: Payload::bytes(reply.into_bytes(), is_json).finish("data", client)?,
            ..Default::default()
        })
    }
}

#[cfg(feature = "protobuf")]
#[diagnostic::do_not_recommend]
impl<T: prost::Message> AnsweredBy<crate::extract::Protobuf<T>> for markers::Rpc {
    fn result(reply: crate::extract::Protobuf<T>, client: Protocol) -> Result<RpcResult, Error> {
        let bytes = reply.0.encode_to_vec().into();
        Ok(RpcResult {
            data: Payload::bytes(bytes, false).finish("data", client)?,
            ..Default::default()
        })
    }
}

impl<K: AnsweredBy<Self>, T> IntoReply<K> for Json<T> {
    fn into_reply(self, client: Protocol) -> Result<K::Reply, Error> {
        K::result(self, client)
    }
}

#[cfg(feature = "protobuf")]
impl<K: AnsweredBy<Self>, T> IntoReply<K> for crate::extract::Protobuf<T> {
    fn into_reply(self, client: Protocol) -> Result<K::Reply, Error> {
        K::result(self, client)
    }
}
