//! Requests that tests send.

use std::fmt;

use bytes::Bytes;
use serde::Serialize;

use crate::event::{EventKind, Metadata, markers};

/// A builder of a request to a [`TestClient`](super::TestClient) or a [`Host`](super::Host).
#[must_use = "a request is sent when it is awaited, or by `send` and `open`"]
pub struct Request<D, K: EventKind> {
    pub(crate) driver: D,
    pub(crate) message: K::Request,
    pub(crate) headers: Vec<(String, String)>,
}

impl<D, K: EventKind + RequestFields> Request<D, K> {
    pub(crate) fn new(driver: D, message: K::Request) -> Self {
        Self {
            driver,
            message: K::with_connection(message),
            headers: Vec::new(),
        }
    }

    /// Adds a header. A repeated header has several values.
    pub fn header(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((key.into(), value.into()));
        self
    }

    /// Sets the user of the connection. The default is anonymous.
    pub fn user(mut self, id: impl Into<String>) -> Self {
        K::set_user(&mut self.message, id.into());
        self
    }

    /// Sets the application data to JSON. A value that can't be serialized is sent as no data.
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Self {
        self.data(serde_json::to_vec(value).unwrap_or_default())
    }

    /// Sets the application data to bytes.
    pub fn data(mut self, data: impl Into<Bytes>) -> Self {
        K::set_data(&mut self.message, data.into());
        self
    }

    /// Sets the meta of the connection to JSON.
    pub fn meta<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        K::set_meta(
            &mut self.message,
            serde_json::to_vec(value).unwrap_or_default().into(),
        );
        self
    }

    /// Changes any other field of the message.
    pub fn with(mut self, change: impl FnOnce(&mut K::Request)) -> Self {
        change(&mut self.message);
        self
    }

    pub(crate) fn metadata(&self) -> Metadata {
        self.headers.iter().cloned().collect()
    }
}

/// Sets the fields that a request has, and ignores those that it lacks.
pub trait RequestFields: EventKind {
    #[doc(hidden)]
    fn with_connection(message: Self::Request) -> Self::Request {
        message
    }
    #[doc(hidden)]
    fn set_user(_: &mut Self::Request, _: String) {}
    #[doc(hidden)]
    fn set_data(_: &mut Self::Request, _: Bytes) {}
    #[doc(hidden)]
    fn set_meta(_: &mut Self::Request, _: Bytes) {}
}

macro_rules! fields {
    ($($kind:ident [$($field:ident)*];)*) => {$(
        impl RequestFields for markers::$kind { $(fields!(@$field);)* }
    )*};
    (@connection) => {
        fn with_connection(mut message: Self::Request) -> Self::Request {
            message.client = "00000000-0000-4000-8000-000000000000".into();
            message.transport = "websocket".into();
            message.protocol = "json".into();
            message.encoding = "json".into();
            message
        }
    };
    (@user) => { fn set_user(message: &mut Self::Request, user: String) { message.user = user; } };
    (@data) => { fn set_data(message: &mut Self::Request, data: Bytes) { message.data = data; } };
    (@meta) => { fn set_meta(message: &mut Self::Request, meta: Bytes) { message.meta = meta; } };
}

fields! {
    Connect [connection data];
    Refresh [connection user meta];
    Subscribe [connection user data meta];
    Publish [connection user data meta];
    SubRefresh [connection user meta];
    Rpc [connection user data meta];
    NotifyChannelState [];
    NotifyCacheEmpty [];
    MapPublish [connection user data meta];
    MapRemove [connection user meta];
    SharedPollRefresh [];
    SubscribeStream [connection user data meta];
}

/// Defines the constructors of requests that both drivers have.
macro_rules! requests {
    ($driver:ty) => {
        /// Creates a request for a client that connects.
        pub fn connect(self: $driver) -> Request<$driver, markers::Connect> {
            Request::new(self, proxy::ConnectRequest::default())
        }

        /// Creates a request for a connection that is about to expire.
        pub fn refresh(self: $driver) -> Request<$driver, markers::Refresh> {
            Request::new(self, proxy::RefreshRequest::default())
        }

        /// Creates a request for a client that subscribes.
        pub fn subscribe(self: $driver, channel: &str) -> Request<$driver, markers::Subscribe> {
            Request::new(
                self,
                proxy::SubscribeRequest {
                    channel: channel.into(),
                    ..Default::default()
                },
            )
        }

        /// Creates a request for a client that publishes.
        pub fn publish(self: $driver, channel: &str) -> Request<$driver, markers::Publish> {
            Request::new(
                self,
                proxy::PublishRequest {
                    channel: channel.into(),
                    ..Default::default()
                },
            )
        }

        /// Creates a request for a subscription that is about to expire.
        pub fn sub_refresh(self: $driver, channel: &str) -> Request<$driver, markers::SubRefresh> {
            Request::new(
                self,
                proxy::SubRefreshRequest {
                    channel: channel.into(),
                    ..Default::default()
                },
            )
        }

        /// Creates a request for a client that calls a method.
        pub fn rpc(self: $driver, method: &str) -> Request<$driver, markers::Rpc> {
            Request::new(
                self,
                proxy::RpcRequest {
                    method: method.into(),
                    ..Default::default()
                },
            )
        }

        /// Creates a request for channels that were occupied or vacated.
        pub fn notify_channel_state(
            self: $driver,
            events: Vec<proxy::ChannelEvent>,
        ) -> Request<$driver, markers::NotifyChannelState> {
            Request::new(self, proxy::NotifyChannelStateRequest { events })
        }

        /// Creates a request for a channel whose cache is empty.
        pub fn notify_cache_empty(
            self: $driver,
            channel: &str,
        ) -> Request<$driver, markers::NotifyCacheEmpty> {
            Request::new(
                self,
                proxy::NotifyCacheEmptyRequest {
                    channel: channel.into(),
                },
            )
        }

        /// Creates a request for a client that publishes a key into a map channel.
        pub fn map_publish(self: $driver, channel: &str, key: &str) -> Request<$driver, markers::MapPublish> {
            Request::new(
                self,
                proxy::MapPublishRequest {
                    channel: channel.into(),
                    key: key.into(),
                    ..Default::default()
                },
            )
        }

        /// Creates a request for a client that removes a key from a map channel.
        pub fn map_remove(self: $driver, channel: &str, key: &str) -> Request<$driver, markers::MapRemove> {
            Request::new(
                self,
                proxy::MapRemoveRequest {
                    channel: channel.into(),
                    key: key.into(),
                    ..Default::default()
                },
            )
        }

        /// Creates a request for items of a shared poll channel that are due: keys with the versions that Centrifugo
        /// has.
        pub fn shared_poll_refresh<S: Into<String>>(
            self: $driver,
            channel: &str,
            items: impl IntoIterator<Item = (S, u64)>,
        ) -> Request<$driver, markers::SharedPollRefresh> {
            let items = items
                .into_iter()
                .map(|(key, version)| proxy::SharedPollRefreshItem {
                    key: key.into(),
                    version,
                });
            Request::new(
                self,
                proxy::SharedPollRefreshRequest {
                    channel: channel.into(),
                    items: items.collect(),
                },
            )
        }
    };
}
pub(crate) use requests;

impl<D, K: EventKind> fmt::Debug for Request<D, K> {
    /// Leaves out the values of headers, which may be credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.headers.iter().map(|(key, _)| key).collect();
        f.debug_struct("Request")
            .field("kind", &K::KIND)
            .field("headers", &keys)
            .finish_non_exhaustive()
    }
}
