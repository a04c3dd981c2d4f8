//! Methods and implementations that several replies share.

/// Defines two setters of the builder's [`Payload`](super::payload::Payload) field of that name: for a value and for
/// bytes.
macro_rules! payload_setters {
    ($(#[$doc:meta])* $name:ident, $bytes:ident) => {
        $(#[$doc])*
        pub fn $name<V: serde::Serialize + ?Sized>(mut self, $name: &V) -> Self {
            self.$name = $crate::reply::payload::Payload::json($name);
            self
        }

        #[doc = concat!("Sets [`", stringify!($name), "`](Self::", stringify!($name), ") to bytes.")]
        ///
        /// They must be JSON, unless the client uses the protobuf protocol.
        pub fn $bytes(mut self, $name: impl Into<bytes::Bytes>) -> Self {
            self.$name = $crate::reply::payload::Payload::bytes($name.into(), false);
            self
        }
    };
}

/// Defines a setter of the builder's `data` that takes the data of the event.
macro_rules! event_data_setter {
    () => {
        /// Sets the data to [`Data`](crate::Data) that was extracted from the event. It is passed on unchanged.
        pub fn data_of(mut self, data: $crate::extract::Data) -> Self {
            let is_json = data.is_from_event();
            self.data = $crate::reply::payload::Payload::bytes(data.into_bytes(), is_json);
            self
        }
    };
}
