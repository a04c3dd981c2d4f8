//! The methods of the server API: their names on each transport and their messages.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use centrifugo_proto::api::{self as proto, Command, Reply};
use prost::Message;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::call_target::CallTarget;
use super::error::Error;

/// The names of a method on each transport.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// In Centrifugo's schema.
    pub(crate) name: &'static str,
    /// Over RoadRunner's RPC, where it is offered.
    pub(crate) roadrunner: Option<&'static str>,
    /// Over gRPC.
    pub(crate) grpc: &'static str,
    /// Over HTTP.
    pub(crate) http: &'static str,
}

impl Names {
    pub(crate) const BATCH: Self = Self {
        name: "Batch",
        roadrunner: Some("centrifuge.Batch"),
        grpc: "/centrifugal.centrifugo.api.CentrifugoApi/Batch",
        http: "batch",
    };
}

pub trait Sealed {}

/// A method of the server API: the markers in [`method`](crate::api::method).
pub trait Method: Sealed + Sized + Send + Sync + 'static {
    /// The request message.
    type Request: Message + Clone + Default + PartialEq + Serialize + 'static;
    /// The response message, with an error or a result.
    type Response: Message + Default + DeserializeOwned + 'static;
    /// The result in the response.
    type Result: Message + Clone + Default + PartialEq + 'static;
    /// The output of a call.
    type Output: fmt::Debug + Send + 'static;

    #[doc(hidden)]
    const NAMES: Names;
    #[doc(hidden)]
    fn into_parts(response: Self::Response) -> (Option<proto::Error>, Option<Self::Result>);
    #[doc(hidden)]
    fn response(result: Result<Self::Result, proto::Error>) -> Self::Response;
    #[doc(hidden)]
    fn command(request: Self::Request) -> Command;
    #[doc(hidden)]
    fn reply(reply: Reply) -> (Option<proto::Error>, Option<Self::Result>);
    #[doc(hidden)]
    fn target(request: Self::Request) -> CallTarget;
    #[doc(hidden)]
    fn output(result: Self::Result, target: &CallTarget) -> Self::Output;
    /// Whether a part of the output is an error that another attempt may not have.
    #[doc(hidden)]
    fn is_partly_temporary(_: &Self::Output) -> bool {
        false
    }
    /// The key that makes repeating the call safe. It is empty if there is none.
    #[doc(hidden)]
    fn idempotency_key(_: &Self::Request) -> &str {
        ""
    }
    /// Moves bytes that are not JSON to the fields for base64.
    #[doc(hidden)]
    fn for_json(_: &mut Self::Request) {}
}

/// Moves bytes that are not JSON to the field for base64.
fn binary(data: &mut Bytes, b64data: &mut String) {
    let is_json = serde_json::from_slice::<&RawValue>(data).is_ok_and(|raw| raw.get().len() == data.len());
    if !data.is_empty() && !is_json {
        *b64data = STANDARD.encode(std::mem::take(data));
    }
}

macro_rules! offered {
    (RoadRunner, $name:literal) => {
        Some(concat!("centrifuge.", $name))
    };
    (nowhere, $name:literal) => {
        None
    };
}

macro_rules! target {
    ($request:ident, none) => {
        CallTarget::None
    };
    ($request:ident, channels) => {
        CallTarget::Channels($request.channels)
    };
    ($request:ident, $words:literal $field:ident) => {
        CallTarget::Name($words, $request.$field)
    };
}

macro_rules! output {
    ($method:ident, $result:ident,) => {
        type Output = proto::$result;
        fn output(result: Self::Result, _: &CallTarget) -> Self::Output {
            result
        }
    };
    ($method:ident, $result:ident, nothing) => {
        type Output = ();
        fn output(_: Self::Result, _: &CallTarget) {}
    };
    ($method:ident, $result:ident, each) => {
        type Output = Vec<Result<proto::PublishResult, Error>>;
        fn output(result: Self::Result, target: &CallTarget) -> Self::Output {
            let each = |(index, response): (usize, proto::PublishResponse)| match (
                response.error,
                response.result,
            ) {
                (Some(error), _) => {
                    Err(Error::answered($method::NAMES.name, error).with_target(&target.channel(index)))
                }
                (None, result) => Ok(result.unwrap_or_default()),
            };
            result.responses.into_iter().enumerate().map(each).collect()
        }
        fn is_partly_temporary(output: &Self::Output) -> bool {
            output
                .iter()
                .any(|result| result.as_ref().is_err_and(Error::is_temporary))
        }
    };
}

macro_rules! methods {
    ($($method:ident $name:literal $field:ident $http:literal $by:ident [$($target:tt)*] ($request:ident, $response:ident, $result:ident) $($output:ident)? $({ $($own:item)* })?;)*) => {
        /// Markers of the methods, named as in Centrifugo's schema.
        pub mod method {
            $(
                #[doc = concat!("`", $name, "`.")]
                #[derive(Clone, Copy, Debug)]
                pub enum $method {}
            )*
        }

        use method::*;

        $(
            impl Sealed for $method {}

            impl Method for $method {
                type Request = proto::$request;
                type Response = proto::$response;
                type Result = proto::$result;
                output!($method, $result, $($output)?);

                const NAMES: Names = Names {
                    name: $name,
                    roadrunner: offered!($by, $name),
                    grpc: concat!("/centrifugal.centrifugo.api.CentrifugoApi/", $name),
                    http: $http,
                };

                fn into_parts(response: Self::Response) -> (Option<proto::Error>, Option<Self::Result>) {
                    (response.error, response.result)
                }

                fn response(result: Result<Self::Result, proto::Error>) -> Self::Response {
                    match result {
                        Ok(result) => proto::$response { error: None, result: Some(result) },
                        Err(error) => proto::$response { error: Some(error), result: None },
                    }
                }

                #[allow(unused_variables, reason = "some methods have no target")]
                fn target(request: Self::Request) -> CallTarget {
                    target!(request, $($target)*)
                }

                fn command(request: Self::Request) -> Command {
                    Command { $field: Some(request), ..Default::default() }
                }

                fn reply(reply: Reply) -> (Option<proto::Error>, Option<Self::Result>) {
                    (reply.error, reply.$field)
                }

                $($($own)*)?
            }
        )*

        /// The method of a batch's call, and its request.
        #[cfg(feature = "testing")]
        pub(crate) fn unfold(command: &Command) -> Option<(&'static str, Bytes)> {
            $(if let Some(request) = &command.$field {
                return Some(($name, request.encode_to_vec().into()));
            })*
            None
        }

        /// A response as the reply to a batch's call.
        #[cfg(feature = "testing")]
        pub(crate) fn fold(name: &str, response: &[u8]) -> Result<Reply, prost::DecodeError> {
            match name {
                $($name => {
                    let response = proto::$response::decode(response)?;
                    Ok(Reply { error: response.error, $field: response.result, ..Default::default() })
                })*
                _ => Ok(Reply::default()),
            }
        }

        #[cfg(test)]
        pub(crate) const ALL: &[Names] = &[$($method::NAMES,)*];
    };
}

methods! {
    Publish "Publish" publish "publish" RoadRunner [" to " channel] (PublishRequest, PublishResponse, PublishResult) {
        fn idempotency_key(request: &Self::Request) -> &str { &request.idempotency_key }
        fn for_json(request: &mut Self::Request) { binary(&mut request.data, &mut request.b64data) }
    };
    Broadcast "Broadcast" broadcast "broadcast" RoadRunner [channels] (BroadcastRequest, BroadcastResponse, BroadcastResult) each {
        fn idempotency_key(request: &Self::Request) -> &str { &request.idempotency_key }
        fn for_json(request: &mut Self::Request) { binary(&mut request.data, &mut request.b64data) }
    };
    Subscribe "Subscribe" subscribe "subscribe" RoadRunner [" to " channel] (SubscribeRequest, SubscribeResponse, SubscribeResult) nothing {
        fn for_json(request: &mut Self::Request) {
            binary(&mut request.data, &mut request.b64data);
            binary(&mut request.info, &mut request.b64info);
        }
    };
    Unsubscribe "Unsubscribe" unsubscribe "unsubscribe" RoadRunner [" from " channel] (UnsubscribeRequest, UnsubscribeResponse, UnsubscribeResult) nothing;
    Disconnect "Disconnect" disconnect "disconnect" RoadRunner [" of user " user] (DisconnectRequest, DisconnectResponse, DisconnectResult) nothing;
    Presence "Presence" presence "presence" RoadRunner [" of " channel] (PresenceRequest, PresenceResponse, PresenceResult);
    PresenceStats "PresenceStats" presence_stats "presence_stats" RoadRunner [" of " channel] (PresenceStatsRequest, PresenceStatsResponse, PresenceStatsResult);
    History "History" history "history" RoadRunner [" of " channel] (HistoryRequest, HistoryResponse, HistoryResult);
    HistoryRemove "HistoryRemove" history_remove "history_remove" RoadRunner [" of " channel] (HistoryRemoveRequest, HistoryRemoveResponse, HistoryRemoveResult) nothing;
    Info "Info" info "info" RoadRunner [none] (InfoRequest, InfoResponse, InfoResult);
    Rpc "RPC" rpc "rpc" RoadRunner [" " method] (RpcRequest, RpcResponse, RpcResult);
    Refresh "Refresh" refresh "refresh" RoadRunner [" of user " user] (RefreshRequest, RefreshResponse, RefreshResult) nothing;
    Channels "Channels" channels "channels" RoadRunner [none] (ChannelsRequest, ChannelsResponse, ChannelsResult);
    Connections "Connections" connections "connections" RoadRunner [none] (ConnectionsRequest, ConnectionsResponse, ConnectionsResult);
    UpdateUserStatus "UpdateUserStatus" update_user_status "update_user_status" RoadRunner [none] (UpdateUserStatusRequest, UpdateUserStatusResponse, UpdateUserStatusResult) nothing;
    GetUserStatus "GetUserStatus" get_user_status "get_user_status" RoadRunner [none] (GetUserStatusRequest, GetUserStatusResponse, GetUserStatusResult);
    DeleteUserStatus "DeleteUserStatus" delete_user_status "delete_user_status" RoadRunner [none] (DeleteUserStatusRequest, DeleteUserStatusResponse, DeleteUserStatusResult) nothing;
    BlockUser "BlockUser" block_user "block_user" RoadRunner [" of user " user] (BlockUserRequest, BlockUserResponse, BlockUserResult) nothing;
    UnblockUser "UnblockUser" unblock_user "unblock_user" RoadRunner [" of user " user] (UnblockUserRequest, UnblockUserResponse, UnblockUserResult) nothing;
    RevokeToken "RevokeToken" revoke_token "revoke_token" RoadRunner [none] (RevokeTokenRequest, RevokeTokenResponse, RevokeTokenResult) nothing;
    InvalidateUserTokens "InvalidateUserTokens" invalidate_user_tokens "invalidate_user_tokens" RoadRunner [" of user " user] (InvalidateUserTokensRequest, InvalidateUserTokensResponse, InvalidateUserTokensResult) nothing;
    DeviceRegister "DeviceRegister" device_register "device_register" RoadRunner [none] (DeviceRegisterRequest, DeviceRegisterResponse, DeviceRegisterResult);
    DeviceUpdate "DeviceUpdate" device_update "device_update" RoadRunner [none] (DeviceUpdateRequest, DeviceUpdateResponse, DeviceUpdateResult) nothing;
    DeviceRemove "DeviceRemove" device_remove "device_remove" RoadRunner [none] (DeviceRemoveRequest, DeviceRemoveResponse, DeviceRemoveResult) nothing;
    DeviceList "DeviceList" device_list "device_list" RoadRunner [none] (DeviceListRequest, DeviceListResponse, DeviceListResult);
    DeviceTopicList "DeviceTopicList" device_topic_list "device_topic_list" RoadRunner [none] (DeviceTopicListRequest, DeviceTopicListResponse, DeviceTopicListResult);
    DeviceTopicUpdate "DeviceTopicUpdate" device_topic_update "device_topic_update" RoadRunner [" of device " device_id] (DeviceTopicUpdateRequest, DeviceTopicUpdateResponse, DeviceTopicUpdateResult) nothing;
    UserTopicList "UserTopicList" user_topic_list "user_topic_list" RoadRunner [none] (UserTopicListRequest, UserTopicListResponse, UserTopicListResult);
    UserTopicUpdate "UserTopicUpdate" user_topic_update "user_topic_update" RoadRunner [" of user " user] (UserTopicUpdateRequest, UserTopicUpdateResponse, UserTopicUpdateResult) nothing;
    SendPushNotification "SendPushNotification" send_push_notification "send_push_notification" RoadRunner [none] (SendPushNotificationRequest, SendPushNotificationResponse, SendPushNotificationResult);
    UpdatePushStatus "UpdatePushStatus" update_push_status "update_push_status" RoadRunner [none] (UpdatePushStatusRequest, UpdatePushStatusResponse, UpdatePushStatusResult) nothing;
    CancelPush "CancelPush" cancel_push "cancel_push" RoadRunner [none] (CancelPushRequest, CancelPushResponse, CancelPushResult) nothing;
    MapPublish "MapPublish" map_publish "map_publish" nowhere [" to " channel] (MapPublishRequest, MapPublishResponse, MapPublishResult) {
        fn idempotency_key(request: &Self::Request) -> &str { &request.idempotency_key }
        fn for_json(request: &mut Self::Request) {
            binary(&mut request.data, &mut request.b64data);
            binary(&mut request.stream_data, &mut request.b64stream_data);
        }
    };
    MapRemove "MapRemove" map_remove "map_remove" nowhere [" from " channel] (MapRemoveRequest, MapRemoveResponse, MapRemoveResult) {
        fn idempotency_key(request: &Self::Request) -> &str { &request.idempotency_key }
    };
    MapReadState "MapReadState" map_read_state "map_read_state" nowhere [" of " channel] (MapReadStateRequest, MapReadStateResponse, MapReadStateResult);
    MapReadStream "MapReadStream" map_read_stream "map_read_stream" nowhere [" of " channel] (MapReadStreamRequest, MapReadStreamResponse, MapReadStreamResult);
    MapStats "MapStats" map_stats "map_stats" nowhere [" of " channel] (MapStatsRequest, MapStatsResponse, MapStatsResult);
    MapClear "MapClear" map_clear "map_clear" nowhere [" of " channel] (MapClearRequest, MapClearResponse, MapClearResult) nothing;
    SharedPollPublish "SharedPollPublish" shared_poll_publish "shared_poll_publish" nowhere [" to " channel] (SharedPollPublishRequest, SharedPollPublishResponse, SharedPollPublishResult) nothing {
        fn for_json(request: &mut Self::Request) { binary(&mut request.data, &mut request.b64data) }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_all_methods_of_the_schema_and_33_for_roadrunner() {
        let schema = include_str!("../../../proto/proto/api.proto");
        let in_schema: Vec<_> = schema
            .lines()
            .filter_map(|line| line.trim().strip_prefix("rpc "))
            .filter_map(|line| line.split('(').next())
            .collect();
        let ours: Vec<_> = std::iter::once(&Names::BATCH)
            .chain(ALL)
            .map(|names| names.name)
            .collect();
        assert_eq!(ours, in_schema);
        assert_eq!(ours.len(), 40);
        let offered = ALL.iter().filter(|names| names.roadrunner.is_some()).count() + 1;
        assert_eq!(offered, 33);
    }

    #[test]
    fn moves_bytes_that_are_not_json_to_base64() {
        for (data, moved) in [
            (&b"{\"a\": 1}"[..], false),
            (b"null", false),
            (b" 1", true),
            (b"\xff\xfe", true),
            (b"{", true),
            (b"", false),
        ] {
            let mut bytes = Bytes::copy_from_slice(data);
            let mut encoded = String::new();
            binary(&mut bytes, &mut encoded);
            assert_eq!(
                encoded,
                if moved {
                    STANDARD.encode(data)
                } else {
                    String::new()
                }
            );
            assert_eq!(bytes.is_empty(), moved || data.is_empty());
        }
    }
}
