//! Kinds as types, for [`FromEvent`](trait@crate::FromEvent) and [`IntoReply`](crate::IntoReply).

use centrifugo_proto::proxy;

use super::capability::{
    EventKind, HasChannel, HasConnection, HasData, HasKey, HasMeta, HasMethod, HasPattern, HasUser, sealed,
};
use super::kind::Kind;
use super::opened_stream::{OpenedStream, PublicationStream};

macro_rules! kinds {
    ($($kind:ident: $request:ident -> $result:ident in $response:ident [$($error:ident)?] $($reply:ident)?;)*) => {$(
        #[doc = concat!("[`Kind::", stringify!($kind), "`] as a type.")]
        #[derive(Clone, Copy, Debug)]
        pub enum $kind {}

        impl sealed::Sealed for $kind {}

        impl EventKind for $kind {
            const KIND: Kind = Kind::$kind;
            type Request = proxy::$request;
            type Result = proxy::$result;
            type Response = proxy::$response;
            #[allow(clippy::needless_update, reason = "some responses have no other field")]
            fn response(result: Self::Result) -> Self::Response {
                proxy::$response { result: Some(result), ..Default::default() }
            }
            fn into_parts(response: Self::Response) -> (Option<Self::Result>, Option<proxy::Error>, Option<proxy::Disconnect>) {
                kinds!(@parts response $($error)?)
            }
            kinds!(@reply $($reply)?);
        }
    )*};
    (@reply) => {
        type Reply = Self::Result;
        fn split(reply: Self::Reply) -> (Self::Result, Option<PublicationStream>) { (reply, None) }
    };
    (@reply $reply:ident) => {
        type Reply = $reply;
        fn split(reply: Self::Reply) -> (Self::Result, Option<PublicationStream>) { (reply.result, Some(reply.publications)) }
    };
    (@parts $response:ident) => { ($response.result, None, None) };
    (@parts $response:ident error) => { ($response.result, $response.error, None) };
    (@parts $response:ident disconnect) => { ($response.result, $response.error, $response.disconnect) };
}

kinds! {
    Connect: ConnectRequest -> ConnectResult in ConnectResponse [disconnect];
    Refresh: RefreshRequest -> RefreshResult in RefreshResponse [disconnect];
    Subscribe: SubscribeRequest -> SubscribeResult in SubscribeResponse [disconnect];
    Publish: PublishRequest -> PublishResult in PublishResponse [disconnect];
    SubRefresh: SubRefreshRequest -> SubRefreshResult in SubRefreshResponse [disconnect];
    Rpc: RpcRequest -> RpcResult in RpcResponse [disconnect];
    NotifyChannelState: NotifyChannelStateRequest -> NotifyChannelStateResult in NotifyChannelStateResponse [error];
    NotifyCacheEmpty: NotifyCacheEmptyRequest -> NotifyCacheEmptyResult in NotifyCacheEmptyResponse [];
    MapPublish: MapPublishRequest -> MapPublishResult in MapPublishResponse [disconnect];
    MapRemove: MapRemoveRequest -> MapRemoveResult in MapRemoveResponse [disconnect];
    SharedPollRefresh: SharedPollRefreshRequest -> SharedPollRefreshResult in SharedPollRefreshResponse [error];
    SubscribeStream: SubscribeRequest -> SubscribeResult in SubscribeResponse [disconnect] OpenedStream;
}

macro_rules! capability {
    // Without the attribute, the compiler lists all other implementations. The messages of the traits list them in one
    // line.
    ($capability:ident: $($kind:ident)*) => { $(#[diagnostic::do_not_recommend] impl $capability for $kind {})* };
}

capability!(HasConnection: Connect Refresh Subscribe Publish SubRefresh Rpc MapPublish MapRemove SubscribeStream);
capability!(HasUser: Refresh Subscribe Publish SubRefresh Rpc MapPublish MapRemove SubscribeStream);
capability!(HasPattern: Subscribe Publish SubRefresh Rpc NotifyCacheEmpty MapPublish MapRemove SharedPollRefresh SubscribeStream);
capability!(HasChannel: Subscribe Publish SubRefresh NotifyCacheEmpty MapPublish MapRemove SharedPollRefresh SubscribeStream);
capability!(HasData: Connect Subscribe Publish Rpc MapPublish SubscribeStream);
capability!(HasMethod: Rpc);
capability!(HasKey: MapPublish MapRemove);

macro_rules! has_meta {
    ($($kind:ident)*) => {$(
        #[diagnostic::do_not_recommend]
        impl HasMeta for $kind {
            fn labels(request: &Self::Request) -> &std::collections::BTreeMap<String, String> { &request.labels }
        }
    )*};
}

has_meta!(Refresh Subscribe Publish SubRefresh Rpc MapPublish MapRemove SubscribeStream);
