//! Request messages as extractors.

use centrifugo_proto::proxy;

use crate::event::{EventKind, markers};
use crate::handler::{Extracted, FromEvent, TypedEvent};

/// Events whose request message is an `M`, so that handlers can take the whole message.
///
/// Use it for fields of Centrifugo's proxy protocol that no other extractor has. Extraction never fails, because an event
/// whose message does not decode never reaches a handler.
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
    message = "the request message of a `{Self}` event is not `{M}`: the messages have the names of their events"
)]
pub trait HasRequest<M>: EventKind {
    /// Returns the message.
    fn request(event: &TypedEvent<Self>) -> &M;
}

macro_rules! messages {
    ($($kind:ident: $request:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl HasRequest<proxy::$request> for markers::$kind {
            fn request(event: &TypedEvent<Self>) -> &proxy::$request {
                event.request()
            }
        }

        messages!(@once $kind $request);
    )*};
    // The same message as that of `Subscribe`.
    (@once SubscribeStream $request:ident) => {};
    (@once $kind:ident $request:ident) => {
        impl<K: HasRequest<Self>> FromEvent<K> for proxy::$request {
            const IN_MEMORY: bool = true;
            fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
                Extracted::Now(Ok(K::request(event).clone()))
            }
        }
    };
}

messages! {
    Connect: ConnectRequest;
    Refresh: RefreshRequest;
    Subscribe: SubscribeRequest;
    Publish: PublishRequest;
    SubRefresh: SubRefreshRequest;
    Rpc: RpcRequest;
    NotifyChannelState: NotifyChannelStateRequest;
    NotifyCacheEmpty: NotifyCacheEmptyRequest;
    MapPublish: MapPublishRequest;
    MapRemove: MapRemoveRequest;
    SharedPollRefresh: SharedPollRefreshRequest;
    SubscribeStream: SubscribeRequest;
}
