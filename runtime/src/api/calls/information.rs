//! Channels, nodes, and methods of extensions.

use bytes::Bytes;
use centrifugo_proto::api::{ChannelsRequest, InfoRequest, RpcRequest};
use serde::Serialize;

use crate::api::call::{Call, json};
use crate::api::client::Client;
use crate::api::methods::method::{Channels, Info, Rpc};

impl Client {
    /// Lists the channels that have subscribers.
    ///
    /// Centrifugo answers with all of them at once, so this does not suit a server with very many channels.
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

    /// Returns information about Centrifugo's nodes.
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

    /// Calls a method of a Centrifugo extension, with `params` as JSON. It is not the RPC of clients.
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

    /// Calls a method of a Centrifugo extension, with bytes. Over the HTTP API they must be JSON.
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
    /// Lists only channels that match this [glob](https://github.com/gobwas/glob).
    pub fn pattern(self, glob: impl Into<String>) -> Self {
        let glob = glob.into();
        self.set(|request| request.pattern = glob)
    }
}
