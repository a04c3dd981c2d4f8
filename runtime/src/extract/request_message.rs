//! The event's whole request message.

use centrifugo_proto::proxy;

use crate::event::{EventKind, markers};
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// Events whose request message is an `M`: the whole of what Centrifugo asked is an extractor too.
///
/// It can't fail: what is no message of its kind never reaches a handler. Fields of Centrifugo's proxy protocol that no
/// other extractor shows are read so.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::proto::proxy::ConnectRequest;
/// use centrifugo::reply;
///
/// #[centrifugo::connect]
/// fn connect(request: ConnectRequest) -> reply::Connect {
///     reply::Connect::anonymous().data(&format!("{} {}", request.name, request.version))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let answer = t.connect().with(|request| request.name = "web".to_owned()).await;
/// assert_eq!(answer.result().map(|result| &result.data[..]), Some(&br#""web ""#[..]));
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{M}` is not the request message of a `{Self}` event: request messages are named after their events"
)]
pub trait HasRequest<M>: EventKind {
    /// Returns the message.
    fn request(event: &TypedEvent<Self>) -> &M;
}

macro_rules! extractors {
    ($($request:ident)*) => {$(
        impl<K: HasRequest<Self>> FromEvent<K> for proxy::$request {
            const IN_MEMORY: bool = true;
            fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
                Extracted::Now(Ok(K::request(event).clone()))
            }
        }
    )*};
}

// A `SubscribeStream` event has the message of a `Subscribe` event.
extractors! {
    ConnectRequest
    RefreshRequest
    SubscribeRequest
    PublishRequest
    SubRefreshRequest
    RpcRequest
    NotifyChannelStateRequest
    NotifyCacheEmptyRequest
    MapPublishRequest
    MapRemoveRequest
    SharedPollRefreshRequest
}

macro_rules! request_of_the_event {
    ($request:ident) => {
        fn request(event: &TypedEvent<Self>) -> &proxy::$request {
            event.request()
        }
    };
}

// These headers are written out because error messages of the compiler show them: a header from inside a macro would
// add ten lines about the macro to each message.
#[diagnostic::do_not_recommend]
impl HasRequest<proxy::ConnectRequest> for markers::Connect {
    request_of_the_event!(ConnectRequest);
}

#[diagnostic::do_not_recommend]
impl HasRequest<proxy::RefreshRequest> for markers::Refresh {
    request_of_the_event!(RefreshRequest);
}

#[diagnostic::do_not_recommend]
impl HasRequest<proxy::SubscribeRequest> for markers::Subscribe {
    request_of_the_event!(SubscribeRequest);
}

#[diagnostic::do_not_recommend]
impl HasRequest<proxy::PublishRequest> for markers::Publish {
    request_of_the_event!(PublishRequest);
}

#[diagnostic::do_not_recommend]
impl HasRequest<proxy::SubRefreshRequest> for markers::SubRefresh {
    request_of_the_event!(SubRefreshRequest);
}

#[diagnostic::do_not_recommend]
impl HasRequest<proxy::RpcRequest> for markers::Rpc {
    request_of_the_event!(RpcRequest);
}

#[diagnostic::do_not_recommend]
impl HasRequest<proxy::NotifyChannelStateRequest> for markers::NotifyChannelState {
    request_of_the_event!(NotifyChannelStateRequest);
}

#[diagnostic::do_not_recommend]
impl HasRequest<proxy::NotifyCacheEmptyRequest> for markers::NotifyCacheEmpty {
    request_of_the_event!(NotifyCacheEmptyRequest);
}

#[diagnostic::do_not_recommend]
impl HasRequest<proxy::MapPublishRequest> for markers::MapPublish {
    request_of_the_event!(MapPublishRequest);
}

#[diagnostic::do_not_recommend]
impl HasRequest<proxy::MapRemoveRequest> for markers::MapRemove {
    request_of_the_event!(MapRemoveRequest);
}

#[diagnostic::do_not_recommend]
impl HasRequest<proxy::SharedPollRefreshRequest> for markers::SharedPollRefresh {
    request_of_the_event!(SharedPollRefreshRequest);
}

#[diagnostic::do_not_recommend]
impl HasRequest<proxy::SubscribeRequest> for markers::SubscribeStream {
    request_of_the_event!(SubscribeRequest);
}
