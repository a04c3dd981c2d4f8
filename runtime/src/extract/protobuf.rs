//! The `Protobuf` extractor and rpc reply.

use super::data::Data;
use crate::error::Error;
use crate::event::HasData;
use crate::handler::{Extracted, FromEvent, TypedEvent};
use crate::schema::argument_types;

/// Application data as a prost message, and an rpc reply as a prost message. Derefs to `T`.
///
/// It is for clients that send binary data. Data that can't be decoded is answered with error 107 (bad request).
/// Missing data is a message of default values, as protobuf defines it, and `None` for `Option<Protobuf<T>>`.
/// `Result<Protobuf<T>, Error>` passes the failure to the handler. A reply to a client on the JSON protocol is an
/// internal error, because its bytes are not JSON.
///
/// ```standalone_crate
/// use centrifugo::testing::TestClient;
/// use centrifugo::Protobuf;
/// use prost::Message;
///
/// #[derive(Clone, PartialEq, Message)]
/// struct Point {
///     #[prost(int32, tag = "1")]
///     x: i32,
///     #[prost(int32, tag = "2")]
///     y: i32,
/// }
///
/// #[centrifugo::rpc("mirror")]
/// fn mirror(Protobuf(Point { x, y }): Protobuf<Point>) -> Protobuf<Point> {
///     Protobuf(Point { x: y, y: x })
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let call = t.rpc("mirror").data(Point { x: 1, y: 2 }.encode_to_vec());
/// let answer = call.with(|message| message.protocol = "protobuf".to_owned()).await;
/// let data = &answer.result().ok_or("no result")?.data;
/// assert_eq!(Point::decode(&data[..])?, Point { x: 2, y: 1 });
/// assert_eq!(t.rpc("mirror").data("{}").await.client_sees(), "error 107: bad request");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Protobuf<T>(pub T);

value_newtype!(Protobuf);

impl<K: HasData, T: prost::Message + Default> FromEvent<K> for Protobuf<T> {
    const IN_MEMORY: bool = true;
    argument_types!(Bytes Self);

    fn from_event(event: &TypedEvent<K>) -> Extracted<'_, Self> {
        Extracted::Now(Data::of(event).and_then(|data| {
            T::decode(data.into_bytes())
                .map(Protobuf)
                .map_err(Error::malformed)
        }))
    }
}
