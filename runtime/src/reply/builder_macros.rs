//! What builders of replies have in common, for those that hold a [`Payload`] of that name.

/// A payload as a value, and as bytes.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident, $bytes:ident) => {
        $(#[$doc])*
        pub fn $name<T: serde::Serialize + ?Sized>(mut self, $name: &T) -> Self {
            self.$name = $crate::reply::Payload::json($name);
            self
        }

        /// The same as bytes: JSON, unless the client is on the protobuf protocol.
        pub fn $bytes(mut self, $name: impl Into<bytes::Bytes>) -> Self {
            self.$name = $crate::reply::Payload::bytes($name.into(), false);
            self
        }
    };
}

/// The data of an event, as the reply's.
macro_rules! data_of {
    () => {
        /// Data that was taken from the event, passed on as it is.
        pub fn data_of(mut self, data: $crate::extract::Data) -> Self {
            let is_json = data.is_from_event();
            self.data = $crate::reply::Payload::bytes(data.into_bytes(), is_json);
            self
        }
    };
}

/// Types that events say themselves how they are answered with.
macro_rules! replies {
    ($($reply:ty),*) => {$(
        impl<K: $crate::reply::AnsweredBy<Self>> $crate::reply::IntoReply<K> for $reply {
            fn into_reply(self, client: $crate::reply::Protocol) -> Result<K::Reply, $crate::error::Error> {
                K::result(self, client)
            }
        }
    )*};
}
