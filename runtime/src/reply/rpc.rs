//! Replies to rpc events: `Json<T>`, `Data` and `Protobuf<T>`.

use centrifugo_proto::proxy::RpcResult;
use serde::Serialize;

use super::payload::Payload;
use super::reply_traits::RpcReply;
use crate::error::Error;
use crate::extract::{Data, Json};
use crate::handler::Protocol;
use crate::schema::reply_types;

impl<T: Serialize> RpcReply for Json<T> {
    reply_types!(Value T);

    fn into_result(self, client: Protocol) -> Result<RpcResult, Error> {
        Ok(RpcResult {
            data: Payload::json(&self.0).finish("data", client)?,
            ..Default::default()
        })
    }
}

#[diagnostic::do_not_recommend]
impl RpcReply for Data {
    reply_types!(Bytes Self);

    fn into_result(self, client: Protocol) -> Result<RpcResult, Error> {
        let is_json = self.is_from_event();
        Ok(RpcResult {
            data: Payload::bytes(self.into_bytes(), is_json).finish("data", client)?,
            ..Default::default()
        })
    }
}

#[cfg(feature = "protobuf")]
impl<T: prost::Message> RpcReply for crate::extract::Protobuf<T> {
    reply_types!(Bytes Self);

    fn into_result(self, client: Protocol) -> Result<RpcResult, Error> {
        let bytes = self.0.encode_to_vec().into();
        Ok(RpcResult {
            data: Payload::bytes(bytes, false).finish("data", client)?,
            ..Default::default()
        })
    }
}
