//! Events as a recording has them.

use std::collections::BTreeMap;

use http::HeaderMap;
use serde_json::value::RawValue;

use crate::description::Event;
use crate::invoke::is_of_transport;
use crate::recording::{LeftOut, RecordedAnswer, RecordedEvent, Removed};

/// Whether a metadata key may hold a secret.
fn is_secret(key: &str) -> bool {
    [
        "auth", "cookie", "token", "secret", "password", "api-key", "apikey",
    ]
    .iter()
    .any(|part| key.contains(part))
}

/// Returns the metadata of a call without the transport and without secrets.
fn recorded_metadata(headers: &HeaderMap) -> Result<BTreeMap<String, Vec<String>>, LeftOut> {
    let mut map = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in headers {
        let name = name.as_str();
        if !is_of_transport(name) && !is_secret(name) {
            // `to_str` would refuse UTF-8 that is not ASCII, which can be sent again as it came.
            let value = std::str::from_utf8(value.as_bytes()).map_err(|_| LeftOut::Header)?;
            map.entry(name.to_owned()).or_default().push(value.to_owned());
        }
    }
    Ok(map)
}

/// An event that can be recorded.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) kind: Event,
    pub(crate) two_way: bool,
    /// The request message.
    pub(crate) request: Box<RawValue>,
    pub(crate) headers: HeaderMap,
    pub(crate) answer: RecordedAnswer,
    /// When the event came, in Unix milliseconds.
    pub(crate) at_ms: u64,
}

impl Recorded {
    /// Returns the event without secrets.
    ///
    /// # Errors
    ///
    /// Returns an error if the event cannot be in a recording.
    pub(crate) fn cleaned(self, removed: &Removed) -> Result<RecordedEvent, LeftOut> {
        let (request, removed_members) = removed.clean_request(self.request)?;
        Ok(RecordedEvent {
            kind: self.kind,
            two_way: self.two_way,
            request,
            removed: removed_members,
            metadata: recorded_metadata(&self.headers)?,
            answer: match self.answer {
                RecordedAnswer::Response(json) => RecordedAnswer::Response(removed.clean_answer(json)?),
                status @ RecordedAnswer::Status(_) => status,
            },
            at_ms: self.at_ms,
        })
    }
}

#[cfg(test)]
impl Recorded {
    /// Returns a call that comes in a second, with a request and an answer in JSON.
    pub(crate) fn rpc(request: &str, answer: &str) -> Self {
        Self {
            kind: Event::Rpc,
            two_way: false,
            request: RawValue::from_string(request.to_owned()).unwrap(),
            headers: HeaderMap::new(),
            answer: serde_json::from_str(answer).unwrap(),
            at_ms: super::unix_ms(std::time::SystemTime::now()) + 1000,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::recording::{REMOVED, RecordingWriter};

    #[test]
    fn leaves_out_secrets() {
        let mut recorded = Recorded::rpc(
            r#"{"user":"42","data":{"password":"x"}}"#,
            r#"{"result":{"data":12345678901234567890123}}"#,
        );
        for (name, value) in [
            ("authorization", "Bearer x"),
            ("te", "trailers"),
            ("x-tenant", "a"),
        ] {
            recorded.headers.append(name, HeaderValue::from_static(value));
        }
        let event = recorded.cleaned(&Removed::new(&[])).unwrap();
        let mut writer = RecordingWriter::new(Vec::new());
        writer.write(&event).unwrap();
        let line = String::from_utf8(writer.into_inner()).unwrap();
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["request"]["data"]["password"], REMOVED);
        assert_eq!(value["metadata"], serde_json::json!({ "x-tenant": ["a"] }));
        assert!(
            line.contains(r#""answer":{"result":{"data":12345678901234567890123}}"#),
            "{line}"
        );
    }

    #[test]
    fn leaves_out_events_whose_headers_cannot_be_sent_again() {
        let mut recorded = Recorded::rpc("{}", "{}");
        let value = HeaderValue::from_bytes(b"Zo\xeb").unwrap();
        recorded.headers.append("cookie", value.clone());
        let text = HeaderValue::from_bytes("Zoë".as_bytes()).unwrap();
        recorded.headers.append("x-name", text);
        let event = recorded.clone().cleaned(&Removed::new(&[])).unwrap();
        assert_eq!(
            event.metadata,
            [("x-name".to_owned(), vec!["Zoë".to_owned()])].into()
        );
        recorded.headers.append("x-name", value);
        assert_eq!(recorded.cleaned(&Removed::new(&[])).unwrap_err(), LeftOut::Header);
    }
}
