//! Application data in JSON documents.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Application data: JSON as it is written, or bytes.
///
/// In a JSON document, bytes are `{ "$bytes": "base64" }`, and other values stand for themselves.
#[derive(Clone, Debug)]
pub enum Data {
    /// JSON.
    Json(Box<RawValue>),
    /// Bytes that are not JSON.
    Bytes(Bytes),
}

/// How bytes are written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Base64 {
    #[serde(rename = "$bytes")]
    bytes: String,
}

impl Data {
    /// Reads JSON without changing it.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not JSON.
    pub fn json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Self::Json)
    }

    /// Takes the bytes of a message. They are JSON if they can be read as such.
    pub fn from_message(bytes: Bytes) -> Self {
        match serde_json::from_slice::<&RawValue>(&bytes) {
            Ok(json) => Self::Json(json.to_owned()),
            Err(_) => Self::Bytes(bytes),
        }
    }

    /// Returns the bytes for a message.
    pub fn to_bytes(&self) -> Bytes {
        match self {
            Self::Json(json) => Bytes::copy_from_slice(json.get().as_bytes()),
            Self::Bytes(bytes) => bytes.clone(),
        }
    }

    /// Whether this is JSON.
    pub fn is_json(&self) -> bool {
        matches!(self, Self::Json(_))
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        match serde_json::from_str::<Base64>(json.get()) {
            Ok(base64) => {
                let bytes = STANDARD.decode(&base64.bytes);
                let bytes = bytes.map_err(|error| D::Error::custom(format_args!("`$bytes`: {error}")))?;
                Ok(Self::Bytes(bytes.into()))
            }
            Err(_) => Ok(Self::Json(json)),
        }
    }
}

impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Json(json) => json.serialize(serializer),
            Self::Bytes(bytes) => Base64 {
                bytes: STANDARD.encode(bytes),
            }
            .serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_json_as_it_is_written() {
        for text in [
            "1.0",
            "1152921504606846977123",
            r#"{"b": 1, "a":null}"#,
            "null",
            r#"{"$bytes":1}"#,
        ] {
            let data: Data = serde_json::from_str(text).unwrap();
            assert_eq!((data.is_json(), &data.to_bytes()[..]), (true, text.as_bytes()));
            assert_eq!(serde_json::to_string(&data).unwrap(), text);
        }
    }

    #[test]
    fn reads_and_writes_bytes() {
        let text = r#"{"$bytes":"AP8="}"#;
        let data: Data = serde_json::from_str(text).unwrap();
        assert_eq!((data.is_json(), &data.to_bytes()[..]), (false, &[0, 0xff][..]));
        assert_eq!(serde_json::to_string(&data).unwrap(), text);
        assert!(!Data::from_message(data.to_bytes()).is_json());
        assert!(serde_json::from_str::<Data>(r#"{"$bytes":"?"}"#).is_err());
    }
}
