//! Presence in channels.

use centrifugo_proto::api::{PresenceRequest, PresenceStatsRequest};

use crate::api::call::Call;
use crate::api::client::Client;
use crate::api::methods::method::{Presence, PresenceStats};

impl Client {
    /// Lists the clients in a channel, by client id. The namespace needs presence.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let answer = api.presence("chat:1").await?;
    /// for (client, info) in &answer.presence {
    ///     println!("{client} is of user {}", info.user);
    /// }
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn presence(&self, channel: impl Into<String>) -> Call<Presence> {
        self.call(PresenceRequest {
            channel: channel.into(),
        })
    }

    /// Counts the clients and the users in a channel. The namespace needs presence.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let stats = api.presence_stats("chat:1").await?;
    /// println!("{} clients of {} users", stats.num_clients, stats.num_users);
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn presence_stats(&self, channel: impl Into<String>) -> Call<PresenceStats> {
        self.call(PresenceStatsRequest {
            channel: channel.into(),
        })
    }
}
