//! The markers of the kinds, for [`FromEvent`](crate::FromEvent) and [`IntoReply`](crate::IntoReply).

use centrifugo_proto::proxy;

use super::{EventKind, HasChannel, HasConnection, HasData, HasMeta, HasPattern, HasUser, Kind};

macro_rules! kinds {
    ($($kind:ident: $request:ident -> $result:ident in $response:ident [$($error:ident)?];)*) => {$(
        #[doc = concat!("The kind [`Kind::", stringify!($kind), "`].")]
        #[derive(Clone, Copy, Debug)]
        pub enum $kind {}

        impl EventKind for $kind {
            const KIND: Kind = Kind::$kind;
            type Request = proxy::$request;
            type Result = proxy::$result;
            type Response = proxy::$response;
            #[allow(clippy::needless_update, reason = "some responses have no other field")]
            fn response(result: Self::Result) -> Self::Response {
                proxy::$response { result: Some(result), ..Default::default() }
            }
            fn protocol(request: &Self::Request) -> &str {
                kinds!(@protocol request $($error)?)
            }
            fn into_parts(response: Self::Response) -> (Option<Self::Result>, Option<proxy::Error>, Option<proxy::Disconnect>) {
                kinds!(@parts response $($error)?)
            }
        }
    )*};
    (@protocol $request:ident disconnect) => { &$request.protocol };
    (@protocol $request:ident $($other:ident)?) => {{ let _ = $request; "" }};
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
}

macro_rules! capability {
    ($capability:ident [$($body:tt)*]) => {};
    ($capability:ident [$($body:tt)*] $kind:ident $($rest:ident)*) => {
        impl $capability for $kind { capability!(@each $($body)*); }
        capability!($capability [$($body)*] $($rest)*);
    };
    (@each connection) => { fn connection(r: &Self::Request) -> [&str; 4] { [&r.client, &r.transport, &r.protocol, &r.encoding] } };
    (@each user) => { fn user(r: &Self::Request) -> &str { &r.user } };
    (@each channel) => { fn channel(r: &Self::Request) -> &str { &r.channel } };
    (@each data) => { fn data(r: &Self::Request) -> (&bytes::Bytes, &str) { (&r.data, &r.b64data) } };
    (@each meta) => {
        fn meta(r: &Self::Request) -> &bytes::Bytes { &r.meta }
        fn labels(r: &Self::Request) -> &std::collections::BTreeMap<String, String> { &r.labels }
    };
    (@each target $field:ident) => { fn target(r: &Self::Request) -> &str { &r.$field } };
}

capability!(HasConnection [connection] Connect Refresh Subscribe Publish SubRefresh Rpc);
capability!(HasUser [user] Refresh Subscribe Publish SubRefresh Rpc);
capability!(HasChannel [channel] Subscribe Publish SubRefresh NotifyCacheEmpty);
capability!(HasData [data] Connect Subscribe Publish Rpc);
capability!(HasMeta [meta] Refresh Subscribe Publish SubRefresh Rpc);
capability!(HasPattern [target channel] Subscribe Publish SubRefresh NotifyCacheEmpty);
capability!(HasPattern [target method] Rpc);
