//! Merges into random configurations.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::fixture::{chat, chat_program};
use crate::config_file::{ConfigFile, ConfigPath, Format, changes, write};
use crate::wanted_config::{Target, merge};

/// Returns a part of a configuration that has some keys of the wanted one, with these or other values, and others.
fn part_of(wanted: Value) -> BoxedStrategy<Value> {
    match wanted {
        Value::Object(object) => {
            let entries: Vec<_> = object
                .into_iter()
                .map(|(key, value)| {
                    let value = part_of(value);
                    let key = prop_oneof![4 => Just(key.clone()), 1 => Just(key.to_uppercase())];
                    prop::option::weighted(0.7, (key, value)).boxed()
                })
                .collect();
            let others = prop::collection::btree_map("[a-z]{3}_x", any::<u8>().prop_map(Value::from), 0..3);
            (entries, others)
                .prop_map(|(entries, others)| {
                    let entries = entries.into_iter().flatten();
                    Value::Object(entries.chain(others).collect::<Map<_, _>>())
                })
                .boxed()
        }
        Value::Array(items) => {
            let named = items
                .into_iter()
                .map(|item| {
                    let name = item["name"].clone();
                    part_of(item).prop_map(move |mut item| {
                        if let Some(item) = item.as_object_mut() {
                            item.retain(|key, _| !key.eq_ignore_ascii_case("name"));
                            item.insert("name".to_owned(), name.clone());
                        }
                        item
                    })
                })
                .collect::<Vec<_>>();
            (named, 0..4_usize, any::<bool>())
                .prop_map(|(mut items, count, has_other)| {
                    items.truncate(count);
                    if has_other {
                        items.insert(0, json!({ "name": "other", "presence": true, "subscribe_proxy_name": "mine" }));
                    }
                    items.into()
                })
                .boxed()
        }
        scalar => prop_oneof![
            3 => Just(scalar),
            1 => prop::sample::select(vec![
                json!(true), json!(false), json!(7), json!("3s"), json!("x"), json!("grpc://backend:1"), json!("http://127.0.0.1:5/a"), json!("persistent"),
            ]),
        ]
        .boxed(),
    }
}

fn config() -> impl Strategy<Value = Value> {
    let mut wanted = chat();
    wanted["proxies"] = json!([{ "name": "mine", "endpoint": "grpc://127.0.0.1:10001" }]);
    wanted["channel"]["namespaces"][0]["subscribe_proxy_name"] = "mine".into();
    wanted["channel"]["namespaces"][0]["subscribe_stream_proxy_enabled"] = true.into();
    part_of(wanted)
}

/// Adds the places of all values that are no objects and no lists.
fn places(path: &ConfigPath, value: &Value, found: &mut Vec<(ConfigPath, Value)>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                places(&path.key(key), value, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(&path.index(index), value, found);
            }
        }
        scalar => found.push((path.clone(), scalar.clone())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_merge_loses_nothing_and_is_complete(existing in config(), format in prop::sample::select(vec![Format::Json, Format::Yaml, Format::Toml])) {
        let program = chat_program();
        let merged = merge(&program, Target::Centrifugo, &existing, None).map_err(TestCaseError::fail)?;
        // A second merge changes nothing.
        let again = merge(&program, Target::Centrifugo, &merged.value, None).map_err(TestCaseError::fail)?;
        prop_assert_eq!(&again.value, &merged.value);
        prop_assert_eq!(again.reasons, vec![]);
        // Each value is still there, or a reason says why not.
        let (mut before, mut after) = (Vec::new(), Vec::new());
        places(&ConfigPath::root(), &existing, &mut before);
        places(&ConfigPath::root(), &merged.value, &mut after);
        for (path, value) in &before {
            let has_reason = merged.reasons.iter().any(|reason| reason.path == *path);
            let stays = after.contains(&(path.clone(), value.clone()));
            prop_assert!(stays != has_reason, "{} {}", path, value);
        }
        // The text of the file can be changed so.
        let text = write(&existing, format);
        let file = ConfigFile::parse(&text, Some(format)).unwrap();
        prop_assert_eq!(&file.value, &existing);
        let edited = file.edited(&merged.value).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let edited = ConfigFile::parse(&edited, Some(format)).unwrap();
        prop_assert_eq!(changes(&edited.value, &merged.value), vec![]);
    }
}
