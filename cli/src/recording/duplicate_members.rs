//! Finds members that stand twice in a JSON object.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// Whether an object of the JSON has two members of one name. `value` is what was read from the JSON, and has the last of them alone.
pub(super) fn has_duplicate_members(json: &[u8], value: &Value) -> bool {
    serde_json::from_slice::<Members>(json).is_ok_and(|members| members.0 != count(value))
}

/// Returns the number of members of all objects in a value.
fn count(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.values().map(|value| 1 + count(value)).sum(),
        Value::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

/// The number of members of all objects in a JSON text.
struct Members(usize);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Counter).map(Self)
    }
}

struct Counter;

impl<'de> Visitor<'de> for Counter {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<usize, A::Error> {
        let mut count = 0;
        while let Some((_, inner)) = members.next_entry::<IgnoredAny, Members>()? {
            count += 1 + inner.0;
        }
        Ok(count)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<usize, A::Error> {
        let mut count = 0;
        while let Some(inner) = items.next_element::<Members>()? {
            count += inner.0;
        }
        Ok(count)
    }

    fn visit_bool<E>(self, _: bool) -> Result<usize, E> {
        Ok(0)
    }

    fn visit_i64<E>(self, _: i64) -> Result<usize, E> {
        Ok(0)
    }

    fn visit_u64<E>(self, _: u64) -> Result<usize, E> {
        Ok(0)
    }

    fn visit_f64<E>(self, _: f64) -> Result<usize, E> {
        Ok(0)
    }

    fn visit_str<E>(self, _: &str) -> Result<usize, E> {
        Ok(0)
    }

    fn visit_unit<E>(self) -> Result<usize, E> {
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_members_that_stand_twice() {
        for (json, expected) in [
            (r#"{"a":{"b":1},"a":1}"#, true),
            (r#"[{"a":1,"\u0061":2}]"#, true),
            (
                r#"{"a":{"b":1,"c":[{"d":null,"e":1.5},true,-1,"x"]},"b":{"b":{}}}"#,
                false,
            ),
            ("12345678901234567890123", false),
        ] {
            let value = serde_json::from_str(json).unwrap();
            assert_eq!(has_duplicate_members(json.as_bytes(), &value), expected, "{json}");
        }
    }
}
