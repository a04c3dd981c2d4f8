//! Users' connections and their subscriptions.

use std::time::Duration;

use bytes::Bytes;
use centrifugo_proto::api::{
    BoolValue, ConnectionsRequest, Disconnect as Reason, DisconnectRequest, RefreshRequest, StreamPosition,
    SubscribeOptionOverride, SubscribeRequest, UnsubscribeRequest,
};
use serde::Serialize;

use super::{options, texts};
use crate::api::call::Call;
use crate::api::client::Client;
use crate::api::error::Error;
use crate::api::methods::method::{Connections, Disconnect, Refresh, Subscribe, Unsubscribe};
use crate::error::{Code, CustomDisconnectCode};
use crate::time::Time;

/// The maximum length of a disconnect reason in Centrifugo, in bytes of ASCII.
const REASON_LEN: usize = 32;

impl Client {
    /// Subscribes a user's connections to a channel, as a server-side subscription.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.subscribe("42", "news").data(&"welcome").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn subscribe(&self, user: impl Into<String>, channel: impl Into<String>) -> Call<Subscribe> {
        self.call(SubscribeRequest {
            user: user.into(),
            channel: channel.into(),
            ..Default::default()
        })
    }

    /// Unsubscribes a user's connections from a channel.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.unsubscribe("42", "news").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn unsubscribe(&self, user: impl Into<String>, channel: impl Into<String>) -> Call<Unsubscribe> {
        let channel = channel.into();
        if channel.is_empty() {
            return Call::new(self, Err(Error::invalid("the channel is empty")));
        }
        self.call(UnsubscribeRequest {
            user: user.into(),
            channel,
            ..Default::default()
        })
    }

    /// Closes a user's connections. By default the clients do not reconnect (code 3503).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.disconnect("42").reason::<4501>("banned").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn disconnect(&self, user: impl Into<String>) -> Call<Disconnect> {
        self.call(DisconnectRequest {
            user: user.into(),
            ..Default::default()
        })
    }

    /// Extends a user's connections, or lets them expire.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// use std::time::Duration;
    ///
    /// api.refresh("42").expires_in(Duration::from_secs(3600)).await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn refresh(&self, user: impl Into<String>) -> Call<Refresh> {
        self.call(RefreshRequest {
            user: user.into(),
            ..Default::default()
        })
    }

    /// Lists connections by their client ids (Centrifugo PRO).
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let answer = api.connections().user("42").await?;
    /// for (client, connection) in &answer.connections {
    ///     println!("{client}: {}", connection.transport);
    /// }
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn connections(&self) -> Call<Connections> {
        self.call(ConnectionsRequest::default())
    }
}

impl Call<Subscribe> {
    options!(connections);
    options!(info);
    options!(expires);

    /// Sets the data that the client receives with the subscription, as JSON.
    pub fn data<T: Serialize + ?Sized>(self, data: &T) -> Self {
        self.set_json(data, |request, bytes| request.data = bytes)
    }

    /// Sets the data that the client receives with the subscription, as bytes.
    pub fn data_bytes(self, data: impl Into<Bytes>) -> Self {
        let data = data.into();
        self.set(|request| request.data = data)
    }

    /// Asks Centrifugo to send the publications after this position. Centrifugo 6.9.1 accepts the position but sends
    /// no publications.
    pub fn recover_since(self, offset: u64, epoch: impl Into<String>) -> Self {
        let epoch = epoch.into();
        self.set(|request| request.recover_since = Some(StreamPosition { offset, epoch }))
    }

    /// Overrides whether the subscription takes part in presence.
    pub fn presence(self, on: bool) -> Self {
        self.overrides(|overrides| overrides.presence = Some(BoolValue { value: on }))
    }

    /// Overrides whether join and leave messages are sent for the subscription.
    pub fn join_leave(self, on: bool) -> Self {
        self.overrides(|overrides| overrides.join_leave = Some(BoolValue { value: on }))
    }

    /// Overrides whether the client recovers missed publications.
    pub fn force_recovery(self, on: bool) -> Self {
        self.overrides(|overrides| overrides.force_recovery = Some(BoolValue { value: on }))
    }

    /// Overrides whether Centrifugo checks the client's position in the stream.
    pub fn force_positioning(self, on: bool) -> Self {
        self.overrides(|overrides| overrides.force_positioning = Some(BoolValue { value: on }))
    }

    /// Overrides whether join and leave messages are pushed to the client.
    pub fn force_push_join_leave(self, on: bool) -> Self {
        self.overrides(|overrides| overrides.force_push_join_leave = Some(BoolValue { value: on }))
    }

    fn overrides(self, change: impl FnOnce(&mut SubscribeOptionOverride)) -> Self {
        self.set(|request| change(request.r#override.get_or_insert_default()))
    }
}

impl Call<Unsubscribe> {
    options!(connections);
}

impl Call<Disconnect> {
    options!(connections);

    /// Sets the code and the reason that the clients receive.
    ///
    /// Clients reconnect after the codes 4000 to 4499, and do not after 4500 to 4999. A reason has at most 32 bytes
    /// of ASCII; a call with another reason fails.
    pub fn reason<const CODE: u32>(mut self, reason: impl Into<String>) -> Self
    where
        Code<CODE>: CustomDisconnectCode,
    {
        let reason = reason.into();
        if reason.len() > REASON_LEN || !reason.is_ascii() {
            self.request = Err(Error::invalid(format!(
                "the disconnect reason `{reason}` is not at most {REASON_LEN} bytes of ASCII"
            )));
            return self;
        }
        self.set(|request| request.disconnect = Some(Reason { code: CODE, reason }))
    }

    /// Keeps these connections open, by their client ids.
    pub fn keep<I: IntoIterator<Item: Into<String>>>(self, clients: I) -> Self {
        let clients = texts(clients);
        self.set(|request| request.whitelist = clients)
    }
}

impl Call<Refresh> {
    options!(connections);
    options!(info);
    options!(expires);

    /// Marks the connections as expired, which ends them.
    pub fn expired(self) -> Self {
        self.set(|request| request.expired = true)
    }
}

impl Call<Connections> {
    options!(labels);

    /// Lists only connections of this user.
    pub fn user(self, user: impl Into<String>) -> Self {
        let user = user.into();
        self.set(|request| request.user = user)
    }

    /// Lists only connections for which this CEL expression is true.
    pub fn expression(self, expression: impl Into<String>) -> Self {
        let expression = expression.into();
        self.set(|request| request.expression = expression)
    }
}
