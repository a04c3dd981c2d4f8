//! Publications.

use bytes::Bytes;
use centrifugo_proto::api::{BroadcastRequest, PublishRequest};
use serde::Serialize;

use super::{options, texts};
use crate::api::call::{Call, json};
use crate::api::client::Client;
use crate::api::methods::method::{Broadcast, Publish};

impl Client {
    /// Publishes `data`, as JSON, to a channel.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let published = api.publish("chat:1", &"hello").idempotency_key("m-17").await?;
    /// println!("at offset {} of {}", published.offset, published.epoch);
    /// assert_eq!(fake.published_json::<String>("chat:1")?, ["hello"]);
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn publish<T: Serialize + ?Sized>(&self, channel: impl Into<String>, data: &T) -> Call<Publish> {
        let data = json(data);
        Call::new(
            self,
            data.map(|data| PublishRequest {
                channel: channel.into(),
                data,
                ..Default::default()
            }),
        )
    }

    /// Publishes bytes: existing JSON, or binary data for clients on the protobuf protocol.
    ///
    /// Centrifugo disconnects clients on the JSON protocol that would receive bytes that are not JSON.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.publish_bytes("camera:1", vec![0xff, 0xd8]).await?;
    /// assert_eq!(fake.published("camera:1"), [[0xff, 0xd8].as_slice()]);
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn publish_bytes(&self, channel: impl Into<String>, data: impl Into<Bytes>) -> Call<Publish> {
        self.call(PublishRequest {
            channel: channel.into(),
            data: data.into(),
            ..Default::default()
        })
    }

    /// Publishes `data`, as JSON, to many channels. The results are in the order of the channels.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let results = api.broadcast(["user:1", "user:2"], &"hello").await?;
    /// for (channel, result) in ["user:1", "user:2"].iter().zip(results) {
    ///     if let Err(error) = result {
    ///         println!("{channel}: {error}");
    ///     }
    /// }
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn broadcast<I, T>(&self, channels: I, data: &T) -> Call<Broadcast>
    where
        I: IntoIterator<Item: Into<String>>,
        T: Serialize + ?Sized,
    {
        let data = json(data);
        Call::new(
            self,
            data.map(|data| BroadcastRequest {
                channels: texts(channels),
                data,
                ..Default::default()
            }),
        )
    }

    /// Publishes bytes to many channels, as [`publish_bytes`](Self::publish_bytes) does to one.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.broadcast_bytes(["user:1", "user:2"], "{}").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn broadcast_bytes<I: IntoIterator<Item: Into<String>>>(
        &self,
        channels: I,
        data: impl Into<Bytes>,
    ) -> Call<Broadcast> {
        self.call(BroadcastRequest {
            channels: texts(channels),
            data: data.into(),
            ..Default::default()
        })
    }
}

impl Call<Publish> {
    /// Keeps the publication out of the history.
    pub fn skip_history(self) -> Self {
        self.set(|request| request.skip_history = true)
    }

    options!(publication);
}

impl Call<Broadcast> {
    /// Keeps the publications out of the histories.
    pub fn skip_history(self) -> Self {
        self.set(|request| request.skip_history = true)
    }

    options!(publication);
}
