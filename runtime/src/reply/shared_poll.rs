//! The reply to shared_poll_refresh events.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use centrifugo_proto::proxy::{SharedPollRefreshResult, SharedPollRefreshResultItem};
use serde::Serialize;

use super::payload::Payload;
use super::reply_traits::SharedPollRefreshReply;
use super::untyped::{Carries, Untyped};
use crate::error::Error;
use crate::handler::Protocol;
use crate::schema::reply_types;

/// Returns the current items of a shared poll channel. Centrifugo keeps items whose keys are left out.
///
/// The event does not come from a client, so bytes are not checked. They have to be JSON if any subscriber uses the
/// JSON protocol. A value that can't be serialized makes the answer an internal error. A handler can return a `Result`
/// of it.
///
/// ```standalone_crate
/// use centrifugo::proto::proxy::SharedPollRefreshRequest;
/// use centrifugo::reply;
/// use centrifugo::testing::TestClient;
///
/// #[centrifugo::shared_poll_refresh(channel = "prices:*")]
/// fn prices(request: SharedPollRefreshRequest) -> reply::SharedPoll {
///     request.items.iter().fold(reply::SharedPoll::new(), |reply, item| match item.key.as_str() {
///         "gold" => reply.item("gold", 7, &2400),
///         gone => reply.removed(gone),
///     })
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), centrifugo::BoxError> {
/// let t = TestClient::builder().build().await?;
/// let answer = t.shared_poll_refresh("prices:metal", [("gold", 6), ("lead", 1)]).await;
/// let items = &answer.result().ok_or("no result")?.items;
/// assert_eq!((items[0].version, &items[0].data[..]), (7, &b"2400"[..]));
/// assert!(items[1].removed);
/// # Ok(())
/// # }
/// ```
///
/// # Channel types
///
/// A handler of a [channel type](macro@crate::channel) with `item = T` returns `reply::SharedPoll<T>`, which begins
/// with [`typed`](Self::typed) and has only items of this type.
#[must_use]
pub struct SharedPoll<T = Untyped> {
    items: Vec<Item>,
    epoch: String,
    item_type: PhantomData<fn() -> T>,
}

#[derive(Debug)]
struct Item {
    message: SharedPollRefreshResultItem,
    data: Payload,
    previous: Payload,
}

impl<T> Default for SharedPoll<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            epoch: String::new(),
            item_type: PhantomData,
        }
    }
}

impl SharedPoll {
    /// Creates a reply without changes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the data of a key to bytes; see [`item`](Self::item).
    pub fn item_bytes(self, key: impl Into<String>, version: u64, data: impl Into<Bytes>) -> Self {
        let data = Payload::bytes(data.into(), false);
        self.push(key.into(), version, data, Payload::default())
    }

    /// Sets the data of a key and its previous data to bytes; see [`changed`](Self::changed).
    pub fn changed_bytes(
        self,
        key: impl Into<String>,
        version: u64,
        data: impl Into<Bytes>,
        previous: impl Into<Bytes>,
    ) -> Self {
        let data = Payload::bytes(data.into(), false);
        self.push(key.into(), version, data, Payload::bytes(previous.into(), false))
    }
}

impl<T> SharedPoll<T> {
    /// Creates a reply without changes, for the items of a channel type.
    pub fn typed() -> Self
    where
        T: Serialize,
    {
        Self::default()
    }

    /// Sets the data of a key.
    ///
    /// Subscribers receive the data if the version is higher than the one that Centrifugo has. In a channel without
    /// versions, pass version 0: subscribers then receive the data if it differs.
    pub fn item<D>(self, key: impl Into<String>, version: u64, data: &D) -> Self
    where
        D: Serialize + ?Sized,
        T: Carries<D>,
    {
        self.push(key.into(), version, Payload::json(data), Payload::default())
    }

    /// Sets the data of a key, and its previous data for delta compression; see [`item`](Self::item).
    ///
    /// Centrifugo reads the previous data only if it does not keep the latest data itself.
    pub fn changed<D, P>(self, key: impl Into<String>, version: u64, data: &D, previous: &P) -> Self
    where
        D: Serialize + ?Sized,
        P: Serialize + ?Sized,
        T: Carries<D> + Carries<P>,
    {
        self.push(key.into(), version, Payload::json(data), Payload::json(previous))
    }

    /// Removes a key. Its subscribers are notified.
    pub fn removed(mut self, key: impl Into<String>) -> Self {
        self.items.push(Item {
            message: SharedPollRefreshResultItem {
                key: key.into(),
                removed: true,
                ..Default::default()
            },
            data: Payload::default(),
            previous: Payload::default(),
        });
        self
    }

    /// Sets the epoch of the versions. A new epoch resets all versions and makes subscribers subscribe again.
    pub fn epoch(mut self, epoch: impl Into<String>) -> Self {
        self.epoch = epoch.into();
        self
    }

    fn push(mut self, key: String, version: u64, data: Payload, previous: Payload) -> Self {
        self.items.push(Item {
            message: SharedPollRefreshResultItem {
                key,
                version,
                ..Default::default()
            },
            data,
            previous,
        });
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T> SharedPollRefreshReply for SharedPoll<T> {
    reply_types!(Item T);

    fn into_result(self, client: Protocol) -> Result<SharedPollRefreshResult, Error> {
        let items = self.items.into_iter().map(|item| {
            let mut message = item.message;
            message.data = item.data.finish("data", client)?;
            message.prev_data = item.previous.finish("previous data", client)?;
            Ok(message)
        });
        Ok(SharedPollRefreshResult {
            items: items.collect::<Result<_, Error>>()?,
            epoch: self.epoch,
        })
    }
}

impl<T> fmt::Debug for SharedPoll<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedPoll")
            .field("items", &self.items)
            .field("epoch", &self.epoch)
            .finish()
    }
}
