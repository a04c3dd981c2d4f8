//! Replies to an rpc: `Json<T>`, `Data`, `Protobuf<T>`, `()`.

use centrifugo_proto::proxy::RpcResult;
use serde::Serialize;

use super::{Client, IntoReply, Payload};
use crate::error::Error;
use crate::event::kind;
use crate::extract::{Data, Json};

impl<T: Serialize> IntoReply<kind::Rpc> for Json<T> {
    fn into_reply(self, client: Client) -> Result<RpcResult, Error> {
        Ok(RpcResult {
            data: Payload::json(&self.0).finish("data", client)?,
            ..Default::default()
        })
    }
}

#[diagnostic::do_not_recommend]
impl IntoReply<kind::Rpc> for Data {
    fn into_reply(self, client: Client) -> Result<RpcResult, Error> {
        let is_json = self.is_from_event();
        Ok(RpcResult {
            data: Payload::bytes(self.into_bytes(), is_json).finish("data", client)?,
            ..Default::default()
        })
    }
}

#[cfg(feature = "protobuf")]
#[diagnostic::do_not_recommend]
impl<T: prost::Message> IntoReply<kind::Rpc> for crate::extract::Protobuf<T> {
    fn into_reply(self, client: Client) -> Result<RpcResult, Error> {
        let bytes = self.0.encode_to_vec().into();
        Ok(RpcResult {
            data: Payload::bytes(bytes, false).finish("data", client)?,
            ..Default::default()
        })
    }
}

#[diagnostic::do_not_recommend]
impl IntoReply<kind::Rpc> for () {
    fn into_reply(self, _: Client) -> Result<RpcResult, Error> {
        Ok(RpcResult::default())
    }
}
