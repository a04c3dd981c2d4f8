//! Messages as JSON, as Centrifugo's HTTP API and its HTTP proxies exchange them. Application data is inline.
//!
//! `generated/json.rs` lists the messages with their fields. As in Go's `encoding/json`, fields with their default
//! value are left out, and `null` is read as the default value. If a key occurs twice, the last value is used.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Error as _, SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{api, proxy};

/// A message that can be read from JSON.
trait FromJson: Default {
    /// Reads the value of `key`; returns `false` if the message has no such field.
    fn read_field<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error>;
}

macro_rules! from_json {
    ($($message:path { $($key:literal $field:ident: $shape:ident,)* })*) => {$(
        impl FromJson for $message {
            #[allow(unused_variables, reason = "some messages have no fields")]
            fn read_field<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<bool, A::Error> {
                match key {
                    $($key => self.$field = from_json!(@$shape map),)*
                    _ => return Ok(false),
                }
                #[allow(unreachable_code, reason = "some messages have no fields")]
                Ok(true)
            }
        }

        impl<'de> Deserialize<'de> for $message {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_map(Object(PhantomData))
            }
        }
    )*};
    (@value $map:ident) => { $map.next_value::<Option<_>>()?.unwrap_or_default() };
    (@data $map:ident) => { read_data($map)? };
}

macro_rules! to_json {
    ($($message:path { $($key:literal $field:ident: $shape:ident $(or $base64_key:literal $base64:ident)?,)* })*) => {$(
        impl Serialize for $message {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #[allow(unused_mut, reason = "some messages have no fields")]
                let mut map = serializer.serialize_map(None)?;
                $(to_json!(@$shape map, $key, &self.$field $(, $base64_key, &self.$base64)?);)*
                map.end()
            }
        }
    )*};
    (@value $map:ident, $key:literal, $value:expr) => { write_value(&mut $map, $key, $value)? };
    (@data $map:ident, $key:literal, $data:expr) => { write_data(&mut $map, $key, $data, None)? };
    (@data $map:ident, $key:literal, $data:expr, $base64_key:literal, $base64:expr) => {
        // If the message has the base64 text, it takes precedence. It is written as a separate field.
        if $base64.is_empty() {
            write_data(&mut $map, $key, $data, Some($base64_key))?;
        }
    };
}

include!("generated/json.rs");

struct Object<T>(PhantomData<T>);

impl<'de, T: FromJson> Visitor<'de> for Object<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut message = T::default();
        while let Some(Key(key)) = map.next_key()? {
            if !message.read_field(&key, &mut map)? {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(message)
    }
}

/// A key. It is borrowed unless it has escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads application data: any JSON, including `null`, without changes.
fn read_data<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Bytes, A::Error> {
    let json: &RawValue = map.next_value()?;
    Ok(Bytes::copy_from_slice(json.get().as_bytes()))
}

fn write_value<M: SerializeMap, T: Default + PartialEq + Serialize>(
    map: &mut M,
    key: &'static str,
    value: &T,
) -> Result<(), M::Error> {
    if *value == T::default() {
        return Ok(());
    }
    map.serialize_entry(key, value)
}

/// Writes application data: inline if it is JSON, otherwise in base64 under `base64_key`.
fn write_data<M: SerializeMap>(
    map: &mut M,
    key: &'static str,
    data: &[u8],
    base64_key: Option<&'static str>,
) -> Result<(), M::Error> {
    if data.is_empty() {
        return Ok(());
    }
    match (serde_json::from_slice::<&RawValue>(data), base64_key) {
        // White space around JSON would be lost: it may be the beginning of a message that only looks like JSON.
        (Ok(json), Some(_)) if json.get().len() == data.len() => map.serialize_entry(key, json),
        (Ok(json), None) => map.serialize_entry(key, json),
        (_, Some(key)) => map.serialize_entry(key, &STANDARD.encode(data)),
        (Err(_), None) => Err(M::Error::custom(format_args!("`{key}` is not JSON"))),
    }
}

macro_rules! readers {
    ($($message:ty, $name:ident, $field:ident, $what:literal;)*) => {$(
        impl $message {
            #[doc = concat!("Deserializes the ", $what, " as JSON.")]
            ///
            /// # Errors
            ///
            /// Fails if the field is not JSON or does not fit `T`.
            pub fn $name<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
                serde_json::from_slice(&self.$field)
            }
        }
    )*};
}

readers! {
    api::Publication, json, data, "data";
    api::MapEntry, json, data, "data";
    api::RpcResult, json, data, "data";
    api::ClientInfo, conn_info_json, conn_info, "info of the connection";
    api::ClientInfo, chan_info_json, chan_info, "info of the subscription";
}
