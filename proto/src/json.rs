//! JSON encoding of the server API's messages as Centrifugo's HTTP API expects it: data fields hold JSON, not base64.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use serde_json::value::RawValue;

use crate::api::{ClientInfo, MapEntry, Publication, RpcResult};

pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

pub(crate) fn write_raw<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::from_slice::<&RawValue>(bytes)
        .map_err(|_| ser::Error::custom("the data is not JSON"))?
        .serialize(serializer)
}

pub(crate) fn read_raw<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    Ok(Box::<str>::from(raw).into_string().into())
}

pub(crate) fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

macro_rules! data {
    ($($message:ty, $name:ident, $field:ident, $what:literal;)*) => {$(
        impl $message {
            #[doc = concat!("The ", $what, ", read as JSON.")]
            ///
            /// # Errors
            ///
            /// If the field is not JSON or does not match `T`.
            pub fn $name<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
                serde_json::from_slice(&self.$field)
            }
        }
    )*};
}

data! {
    Publication, json, data, "data";
    MapEntry, json, data, "data";
    RpcResult, json, data, "data";
    ClientInfo, conn_info_json, conn_info, "info of the connection";
    ClientInfo, chan_info_json, chan_info, "info of the subscription";
}
