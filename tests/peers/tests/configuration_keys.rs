//! The keys that `cargo centrifugo check` knows are those of the real Centrifugo. `BLESS=1` writes the table anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use peers::config_doc;

/// The sections of the configuration, in the order of Centrifugo's documentation.
fn all_doc() -> String {
    config_doc("")
}

fn key_type(documented: &str, is_object: bool) -> &'static str {
    match (documented, is_object) {
        (list, true) if list.starts_with("[]") => "ObjectList",
        (_, true) => "Object",
        ("bool", _) => "Bool",
        ("int" | "int32" | "int64" | "uint32", _) => "Int",
        ("string" | "PEMData", _) => "Text",
        ("Duration", _) => "Duration",
        ("MapStringString", _) => "TextMap",
        (list, _) if list.starts_with("[]") => "TextList",
        (other, _) => panic!("a key of type {other}"),
    }
}

#[test]
fn the_table_has_the_keys_of_centrifugo() {
    let mut fresh = "//! The keys of Centrifugo's configuration, version 6.9, in the order of its documentation: path, type and default.\n//!\n\
        //! Generated from `centrifugo configdoc` by `BLESS=1 cargo test -p peers --test configuration_keys`.\n\n\
        use super::key_type::KeyType::{self, Bool, Duration, Int, Object, ObjectList, Text, TextList, TextMap};\n\n\
        pub(super) const KEYS: &[(&str, KeyType, &str)] = &[\n"
        .to_owned();
    let mut count = 0;
    for section in format!("\n{}", all_doc()).split("\n#").skip(1) {
        let Some((heading, rest)) = section.trim_start_matches('#').split_once('\n') else {
            continue;
        };
        let path = heading.trim().trim_matches('`');
        let line = rest
            .lines()
            .find_map(|line| line.strip_prefix("Type: `"))
            .expect("a type");
        let (documented, more) = line.split_once('`').expect("the end of a type");
        let default = more
            .split_once("Default: `")
            .and_then(|(_, default)| default.split_once('`'))
            .map_or("", |(default, _)| default);
        // Zero values are no defaults.
        let default = if ["[]", "{}", "false", "0"].contains(&default) {
            ""
        } else {
            default
        };
        let key_type = key_type(documented, more.trim_start().starts_with("object"));
        writeln!(fresh, "    ({path:?}, {key_type}, {default:?}),").expect("a text");
        count += 1;
    }
    fresh.push_str("];\n");
    assert!(count > 1000, "{count}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cli/src/centrifugo/keys.rs");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &fresh).expect("the table");
    }
    let kept = fs::read_to_string(&path).expect("the table");
    assert!(
        fresh == kept,
        "the keys of Centrifugo have changed: run `BLESS=1 cargo test -p peers --test configuration_keys`"
    );
}
