//! Map channels, whose subscribers share keys and values, and shared polls. RoadRunner offers none of these.

use bytes::Bytes;
use centrifugo_proto::api::{
    MapClearRequest, MapPublishRequest, MapReadStateRequest, MapReadStreamRequest, MapRemoveRequest,
    MapStatsRequest, SharedPollPublishRequest,
};
use serde::Serialize;

use super::options;
use crate::api::call::{Call, json};
use crate::api::client::Client;
use crate::api::methods::method::{
    MapClear, MapPublish, MapReadState, MapReadStream, MapRemove, MapStats, SharedPollPublish,
};

impl Client {
    /// Sets a key of a map channel to `data`, as JSON.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let set = api.map_publish("board:1", "card-7", &"done").await?;
    /// assert!(!set.suppressed);
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn map_publish<T: Serialize + ?Sized>(
        &self,
        channel: impl Into<String>,
        key: impl Into<String>,
        data: &T,
    ) -> Call<MapPublish> {
        let data = json(data);
        Call::new(
            self,
            data.map(|data| MapPublishRequest {
                channel: channel.into(),
                key: key.into(),
                data,
                ..Default::default()
            }),
        )
    }

    /// Sets a key of a map channel to bytes.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.map_publish_bytes("board:1", "card-7", "{}").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn map_publish_bytes(
        &self,
        channel: impl Into<String>,
        key: impl Into<String>,
        data: impl Into<Bytes>,
    ) -> Call<MapPublish> {
        self.call(MapPublishRequest {
            channel: channel.into(),
            key: key.into(),
            data: data.into(),
            ..Default::default()
        })
    }

    /// Removes a key of a map channel.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.map_remove("board:1", "card-7").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn map_remove(&self, channel: impl Into<String>, key: impl Into<String>) -> Call<MapRemove> {
        self.call(MapRemoveRequest {
            channel: channel.into(),
            key: key.into(),
            ..Default::default()
        })
    }

    /// Reads the keys and values of a map channel, page by page.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let page = api.map_read_state("board:1").limit(100).await?;
    /// for entry in &page.entries {
    ///     println!("{}: {}", entry.key, entry.json::<String>()?);
    /// }
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn map_read_state(&self, channel: impl Into<String>) -> Call<MapReadState> {
        self.call(MapReadStateRequest {
            channel: channel.into(),
            ..Default::default()
        })
    }

    /// Reads the changes of a map channel.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let changes = api.map_read_stream("board:1").since(17, "epoch").limit(100).await?;
    /// println!("{} changes", changes.entries.len());
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn map_read_stream(&self, channel: impl Into<String>) -> Call<MapReadStream> {
        self.call(MapReadStreamRequest {
            channel: channel.into(),
            ..Default::default()
        })
    }

    /// Counts the keys of a map channel.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// println!("{} keys", api.map_stats("board:1").await?.num_keys);
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn map_stats(&self, channel: impl Into<String>) -> Call<MapStats> {
        self.call(MapStatsRequest {
            channel: channel.into(),
        })
    }

    /// Removes all keys of a map channel.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.map_clear("board:1").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn map_clear(&self, channel: impl Into<String>) -> Call<MapClear> {
        self.call(MapClearRequest {
            channel: channel.into(),
        })
    }

    /// Publishes `data`, as JSON, for a key of a shared poll before Centrifugo polls it.
    ///
    /// The namespace needs `shared_poll.publish_enabled` and the mode `versioned`. Centrifugo drops a version that is
    /// not higher than the one before, and refuses version 0.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.shared_poll_publish("prices", "gold", 7, &2031.5).await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn shared_poll_publish<T: Serialize + ?Sized>(
        &self,
        channel: impl Into<String>,
        key: impl Into<String>,
        version: u64,
        data: &T,
    ) -> Call<SharedPollPublish> {
        let data = json(data);
        Call::new(
            self,
            data.map(|data| SharedPollPublishRequest {
                channel: channel.into(),
                key: key.into(),
                data,
                version,
                ..Default::default()
            }),
        )
    }

    /// Publishes bytes for a key of a shared poll, as [`shared_poll_publish`](Self::shared_poll_publish) does JSON.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.shared_poll_publish_bytes("prices", "gold", 8, "2031.5").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn shared_poll_publish_bytes(
        &self,
        channel: impl Into<String>,
        key: impl Into<String>,
        version: u64,
        data: impl Into<Bytes>,
    ) -> Call<SharedPollPublish> {
        self.call(SharedPollPublishRequest {
            channel: channel.into(),
            key: key.into(),
            data: data.into(),
            version,
            ..Default::default()
        })
    }
}

impl Call<MapPublish> {
    options!(publication);

    /// Sets other data, as JSON, for the stream of changes.
    pub fn stream_data<T: Serialize + ?Sized>(self, data: &T) -> Self {
        self.set_json(data, |request, bytes| request.stream_data = bytes)
    }

    /// Sets other data, as bytes, for the stream of changes.
    pub fn stream_data_bytes(self, data: impl Into<Bytes>) -> Self {
        let data = data.into();
        self.set(|request| request.stream_data = data)
    }

    /// Sets the position in an ordered map.
    pub fn score(self, score: i64) -> Self {
        self.set(|request| request.score = score)
    }

    /// Restricts the call to a new key (`if_new`) or to an existing key (`if_exists`).
    pub fn key_mode(self, mode: impl Into<String>) -> Self {
        let mode = mode.into();
        self.set(|request| request.key_mode = mode)
    }
}

impl Call<MapRemove> {
    options!(idempotency_key);
}

impl Call<MapReadState> {
    /// Starts the page at this cursor: the `cursor` of the page before.
    pub fn cursor(self, cursor: impl Into<String>) -> Self {
        let cursor = cursor.into();
        self.set(|request| request.cursor = cursor)
    }

    /// Limits the number of entries.
    pub fn limit(self, limit: u32) -> Self {
        self.set(|request| request.limit = i32::try_from(limit).unwrap_or(i32::MAX))
    }

    /// Reads only this key.
    pub fn key(self, key: impl Into<String>) -> Self {
        let key = key.into();
        self.set(|request| request.key = key)
    }

    /// Reads in ascending order.
    pub fn ascending(self) -> Self {
        self.set(|request| request.asc = true)
    }

    /// Reads the state at this position, which is the one of the first page, so that the pages are consistent.
    pub fn revision(self, offset: u64, epoch: impl Into<String>) -> Self {
        let epoch = epoch.into();
        self.set(|request| {
            request.revision_offset = offset;
            request.revision_epoch = epoch;
        })
    }
}

impl Call<MapReadStream> {
    /// Reads only changes after this position.
    pub fn since(self, offset: u64, epoch: impl Into<String>) -> Self {
        let epoch = epoch.into();
        self.set(|request| {
            request.since_offset = offset;
            request.since_epoch = epoch;
        })
    }

    /// Limits the number of changes.
    pub fn limit(self, limit: u32) -> Self {
        self.set(|request| request.limit = i32::try_from(limit).unwrap_or(i32::MAX))
    }

    /// Reads the newest changes first.
    pub fn reverse(self) -> Self {
        self.set(|request| request.reverse = true)
    }
}

impl Call<SharedPollPublish> {
    /// Sets the epoch of the version.
    ///
    /// When the epoch changes, Centrifugo unsubscribes the subscribers with code 2500, and their clients subscribe
    /// again.
    pub fn epoch(self, epoch: impl Into<String>) -> Self {
        let epoch = epoch.into();
        self.set(|request| request.epoch = epoch)
    }
}
