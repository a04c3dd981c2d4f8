//! What goes on in Centrifugo.

use bytes::Bytes;
use centrifugo_proto::api::{ChannelsRequest, InfoRequest, RpcRequest};
use serde::Serialize;

use crate::api::call::{Call, json};
use crate::api::client::Client;
use crate::api::methods::method::{Channels, Info, Rpc};

impl Client {
    /// The channels that have subscribers. Centrifugo gives all of them at once: not for a hundred thousand.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let answer = api.channels().pattern("chat:*").await?;
    /// for (channel, info) in &answer.channels {
    ///     println!("{channel}: {} clients", info.num_clients);
    /// }
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn channels(&self) -> Call<Channels> {
        self.call(ChannelsRequest::default())
    }

    /// Centrifugo's nodes.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// for node in api.info().await?.nodes {
    ///     println!("{} {}: {} clients", node.name, node.version, node.num_clients);
    /// }
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn info(&self) -> Call<Info> {
        self.call(InfoRequest::default())
    }

    /// Calls a method that an extension of Centrifugo registered, with `params` as JSON. Not the rpc of clients.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// let answer = api.rpc("stats", &"today").await?;
    /// println!("{} bytes", answer.data.len());
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn rpc<T: Serialize + ?Sized>(&self, method: impl Into<String>, params: &T) -> Call<Rpc> {
        let params = json(params);
        Call::new(
            self,
            params.map(|params| RpcRequest {
                method: method.into(),
                params,
            }),
        )
    }

    /// The same with bytes; over the HTTP API they are JSON.
    ///
    /// ```
    /// # #[cfg(feature = "testing")]
    /// # centrifugo::testing::Api::example(async |api, fake| {
    /// api.rpc_bytes("stats", "{}").await?;
    /// # Ok(())
    /// # }).unwrap();
    /// ```
    pub fn rpc_bytes(&self, method: impl Into<String>, params: impl Into<Bytes>) -> Call<Rpc> {
        self.call(RpcRequest {
            method: method.into(),
            params: params.into(),
        })
    }
}

impl Call<Channels> {
    /// Only channels that match this [glob](https://github.com/gobwas/glob).
    pub fn pattern(self, glob: impl Into<String>) -> Self {
        let glob = glob.into();
        self.set(|request| request.pattern = glob)
    }
}
