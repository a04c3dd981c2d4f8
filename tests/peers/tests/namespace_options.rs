//! The options that `#[channel]` accepts are those of the real Centrifugo. `BLESS=1` writes the table anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use peers::config_doc;

/// An option: its name, and its type in the table.
type Options = Vec<(String, &'static str)>;

fn option_type(documented: &str) -> &'static str {
    match documented {
        "bool" => "Bool",
        "int" => "Int",
        "string" => "Text",
        "Duration" => "Duration",
        list if list.starts_with("[]") => "TextList",
        other => panic!("an option of type {other}"),
    }
}

/// Returns the options below a path of the configuration.
fn options(doc: &str, path: &str) -> Options {
    let mut options = Options::new();
    for section in doc.split("\n#").skip(1) {
        let Some((heading, rest)) = section.trim_start_matches('#').split_once('\n') else {
            continue;
        };
        let Some(name) = heading.trim().trim_matches('`').strip_prefix(path) else {
            continue;
        };
        let line = rest
            .lines()
            .find_map(|line| line.strip_prefix("Type: `"))
            .expect("a type");
        let (documented, more) = line.split_once('`').expect("the end of a type");
        // The options of an object follow.
        if !more.trim_start().starts_with("object") {
            options.push((name.to_owned(), option_type(documented)));
        }
    }
    options
}

#[test]
fn the_table_has_the_options_of_centrifugo() {
    let doc = config_doc("channel");
    let of_namespaces = options(&doc, "channel.namespaces[].");
    let mut without_name = of_namespaces.clone();
    without_name.retain(|(name, _)| name != "name");
    assert_eq!(options(&doc, "channel.without_namespace."), without_name);
    assert!(of_namespaces.len() > 60, "{of_namespaces:?}");

    let mut fresh = "//! The options of a namespace in Centrifugo 6.9, in the order of its documentation.\n//!\n\
        //! Generated from `centrifugo configdoc` by `BLESS=1 cargo test -p peers --test namespace_options`.\n\n\
        use crate::namespace_option::OptionType::{self, Bool, Duration, Int, Text, TextList};\n\n\
        pub(crate) const NAMESPACE_OPTIONS: &[(&str, OptionType)] = &[\n"
        .to_owned();
    for (name, option_type) in &of_namespaces {
        writeln!(fresh, "    ({name:?}, {option_type}),").expect("a text");
    }
    fresh.push_str("];\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../macros/src/namespace_options.rs");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &fresh).expect("the table");
    }
    let kept = fs::read_to_string(&path).expect("the table");
    assert!(
        fresh == kept,
        "the options of Centrifugo have changed: run `BLESS=1 cargo test -p peers --test namespace_options`\n{fresh}"
    );
}
