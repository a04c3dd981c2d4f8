//! What a recording leaves out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::LeftOut;
use super::duplicate_members::has_duplicate_members;

/// The text in place of a value that is left out.
pub const REMOVED: &str = "[removed]";

/// Members whose text is data in base64.
const BASE64_MEMBERS: [&str; 3] = ["b64data", "b64info", "b64stream_data"];

/// What a recording leaves out: members with these names, and data in which they cannot be found.
#[derive(Clone, Debug)]
pub struct Removed {
    /// The names in lower case.
    fields: Vec<String>,
}

/// What becomes of data in base64.
enum Base64 {
    Kept,
    /// JSON from which members were removed.
    Cleaned(String),
    /// Data that is not JSON.
    Unreadable,
}

impl Default for Removed {
    /// Leaves out `password`, `secret` and `token`.
    fn default() -> Self {
        Self::new(&[])
    }
}

impl Removed {
    /// Leaves out these members beside `password`, `secret` and `token`.
    pub fn new(fields: &[String]) -> Self {
        let usual = ["password", "secret", "token"];
        let fields = usual
            .into_iter()
            .chain(fields.iter().map(String::as_str))
            .map(str::to_ascii_lowercase)
            .collect();
        Self { fields }
    }

    /// Returns whether members with this name are left out.
    pub(crate) fn has_field(&self, name: &str) -> bool {
        self.fields.iter().any(|field| name.eq_ignore_ascii_case(field))
    }

    /// Puts [`REMOVED`] in place of all that is left out. Returns whether there was something.
    pub(crate) fn remove_from(&self, value: &mut Value) -> bool {
        match value {
            Value::Object(members) => {
                let mut is_changed = false;
                for (name, value) in members {
                    if self.has_field(name) || self.is_secret_data(name, value) {
                        *value = REMOVED.into();
                        is_changed = true;
                    } else {
                        is_changed |= self.remove_from(value);
                    }
                }
                is_changed
            }
            Value::Array(items) => items
                .iter_mut()
                .fold(false, |is_changed, item| self.remove_from(item) | is_changed),
            _ => false,
        }
    }

    fn is_secret_data(&self, name: &str, value: &Value) -> bool {
        BASE64_MEMBERS.contains(&name)
            && value
                .as_str()
                .is_some_and(|text| !matches!(self.base64(text), Base64::Kept))
    }

    fn base64(&self, text: &str) -> Base64 {
        let json = STANDARD.decode(text).unwrap_or_default();
        let Ok(mut value) = serde_json::from_slice::<Value>(&json) else {
            return if text.is_empty() {
                Base64::Kept
            } else {
                Base64::Unreadable
            };
        };
        if self.remove_from(&mut value) | has_duplicate_members(&json, &value) {
            Base64::Cleaned(STANDARD.encode(value.to_string()))
        } else {
            Base64::Kept
        }
    }

    /// Returns a request message without the values, and the names of the members that are left out as a whole. A program could not
    /// decode [`REMOVED`] in place of base64. Messages without such values are not changed at all, unless a member stands twice in an
    /// object: only the last one is kept then, because the others are not searched.
    ///
    /// # Errors
    ///
    /// Returns an error if the message is nested too deep.
    pub fn clean_request(&self, json: Box<RawValue>) -> Result<(Box<RawValue>, Vec<String>), LeftOut> {
        let mut request = read(&json)?;
        let mut removed = Vec::new();
        let mut is_changed = has_duplicate_members(json.get().as_bytes(), &request);
        let mut cleaned = Vec::new();
        if let Some(members) = request.as_object_mut() {
            for name in BASE64_MEMBERS {
                let Some(text) = members.get(name).and_then(Value::as_str) else {
                    continue;
                };
                match self.base64(text) {
                    Base64::Kept => continue,
                    Base64::Cleaned(text) => cleaned.push((name, text)),
                    Base64::Unreadable => removed.push(name.to_owned()),
                }
                members.remove(name);
                is_changed = true;
            }
        }
        is_changed |= self.remove_from(&mut request);
        if let Some(members) = request.as_object_mut() {
            members.extend(
                cleaned
                    .into_iter()
                    .map(|(name, text)| (name.to_owned(), text.into())),
            );
        }
        Ok((if is_changed { written(&request)? } else { json }, removed))
    }

    /// Returns an answer without the values. Answers are changed as [requests](Self::clean_request) are.
    ///
    /// # Errors
    ///
    /// Returns an error if the message is nested too deep.
    pub fn clean_answer(&self, json: Box<RawValue>) -> Result<Box<RawValue>, LeftOut> {
        let mut answer = read(&json)?;
        if self.remove_from(&mut answer) | has_duplicate_members(json.get().as_bytes(), &answer) {
            written(&answer)
        } else {
            Ok(json)
        }
    }
}

fn read(json: &RawValue) -> Result<Value, LeftOut> {
    serde_json::from_str(json.get()).map_err(|_| LeftOut::TooDeep)
}

fn written(value: &Value) -> Result<Box<RawValue>, LeftOut> {
    to_raw_value(value).map_err(|_| LeftOut::TooDeep)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: String) -> Box<RawValue> {
        RawValue::from_string(json).unwrap()
    }

    fn request(json: String) -> (String, Vec<String>) {
        let (request, removed) = Removed::new(&["pin".to_owned()])
            .clean_request(raw(json))
            .unwrap();
        (request.get().to_owned(), removed)
    }

    fn answer(json: &str) -> String {
        let answer = Removed::new(&[]).clean_answer(raw(json.to_owned())).unwrap();
        answer.get().to_owned()
    }

    #[test]
    fn leaves_out_members_at_any_place() {
        let json = r#"{"user":"42","data":{"n":1,"Password":"x","list":[{"pin":1}]}}"#;
        let value: Value = serde_json::from_str(&request(json.to_owned()).0).unwrap();
        assert_eq!(value["data"]["Password"], REMOVED);
        assert_eq!(value["data"]["list"][0]["pin"], REMOVED);
        assert_eq!(value["user"], "42");
        // Numbers of any size are kept.
        let json = r#"{ "data": 12345678901234567890123 }"#;
        assert_eq!(request(json.to_owned()).0, json);
    }

    #[test]
    fn leaves_out_members_in_base64() {
        let of_base64 = |data: &[u8]| format!(r#"{{"method":"a","b64data":"{}"}}"#, STANDARD.encode(data));
        let (cleaned, removed) = request(of_base64(b"{\"token\":\"t1\",\"n\":1} \n"));
        let value: Value = serde_json::from_str(&cleaned).unwrap();
        let data = STANDARD.decode(value["b64data"].as_str().unwrap()).unwrap();
        let data: Value = serde_json::from_slice(&data).unwrap();
        assert_eq!(data, serde_json::json!({ "token": REMOVED, "n": 1 }));
        assert_eq!(removed, [""; 0]);
        // Secrets cannot be found in other data.
        for data in [&b"\x0a\x02t1"[..], b"{\"token\":\"t1\"}x"] {
            let expected = (r#"{"method":"a"}"#.to_owned(), vec!["b64data".to_owned()]);
            assert_eq!(request(of_base64(data)), expected);
        }
        let kept = of_base64(b"{\"n\": 1} ");
        assert_eq!(request(kept.clone()), (kept, Vec::new()));
    }

    #[test]
    fn leaves_out_data_of_answers() {
        let binary = r#"{"result":{"b64data":"CgJ0MQ==","subs":{"a":{"b64info":"CgJ0MQ=="}}}}"#;
        let expected = r#"{"result":{"b64data":"[removed]","subs":{"a":{"b64info":"[removed]"}}}}"#;
        assert_eq!(answer(binary), expected);
        let secret = STANDARD.encode("{\"token\":1} ");
        let expected = r#"{"result":{"b64data":"[removed]"}}"#;
        assert_eq!(
            answer(&format!(r#"{{"result":{{"b64data":"{secret}"}}}}"#)),
            expected
        );
        let harmless = format!(r#"{{"result":{{"b64data":"{}"}}}}"#, STANDARD.encode("[1] "));
        assert_eq!(answer(&harmless), harmless);
    }

    #[test]
    fn leaves_out_members_that_stand_twice() {
        let inner = r#"{"a":{"password":"x"},"a":1}"#;
        let (cleaned, _) = request(format!(r#"{{"method":"a","data":{inner}}}"#));
        assert_eq!(cleaned, r#"{"data":{"a":1},"method":"a"}"#);
        assert_eq!(
            answer(&format!(r#"{{"result":{{"data":{inner}}}}}"#)),
            r#"{"result":{"data":{"a":1}}}"#
        );
        let (cleaned, removed) = request(format!(r#"{{"b64data":"{}"}}"#, STANDARD.encode(inner)));
        let expected = format!(r#"{{"b64data":"{}"}}"#, STANDARD.encode(r#"{"a":1}"#));
        assert_eq!((cleaned, removed), (expected, Vec::new()));
    }

    #[test]
    fn refuses_what_it_cannot_search() {
        let deep = format!(r#"{{"data":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        let removed = Removed::new(&[]);
        assert_eq!(
            removed.clean_request(raw(deep.clone())).unwrap_err(),
            LeftOut::TooDeep
        );
        assert_eq!(removed.clean_answer(raw(deep)).unwrap_err(), LeftOut::TooDeep);
    }
}
