//! Centrifugo accepts each configuration that a program prints, and refuses exactly what the program warns of.

use std::collections::BTreeMap;

use centrifugo::__private::generated_config;
use centrifugo::event::Kind;
use peers::check_config;
use serde_json::{Value, json};

/// The number of sets of handlers. Each is checked by a process of Centrifugo.
const SETS: u64 = 300;

const KINDS: [Kind; 9] = [
    Kind::Subscribe,
    Kind::Publish,
    Kind::SubRefresh,
    Kind::Rpc,
    Kind::SubscribeStream,
    Kind::MapPublish,
    Kind::MapRemove,
    Kind::SharedPollRefresh,
    Kind::NotifyCacheEmpty,
];

/// The text before the first `:`, for each kind of namespace.
const NAMES: [&str; 26] = [
    "chat", "news", "clock", "a-b", "x_y", "v1.2", "42", "--", "..", "ab", "Ab", // accepted
    "a", "-", "чат", "é", "a b", "x/y", "n#1", "a$", "$a", "a,b", "{{x}}", // refused
    "", "{p}", "news-{p}", "{p}/x",
];

const RESTS: [&str; 8] = [":1", ":{id}", ":*", ":{a}.{b}", ":#{u}", "", "-{id}", "/*"];

/// Keys that only some programs need.
const KEYS: [&str; 3] = [
    "\"timeout\":",
    "\"include_connection_meta\":true",
    "\"grpc_api\":",
];

/// Choices that are the same in each run (SplitMix64).
struct Choices(u64);

impl Choices {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % count as u64) as usize
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn handler(&mut self) -> (Kind, String) {
        let prefix = self.of(&["", "", "", "$"]);
        let (name, mut rest) = (self.of(&NAMES), self.of(&RESTS));
        // Patterns have no adjacent wildcards, and are not empty.
        if name.is_empty() && rest.is_empty() {
            rest = self.of(&["*", "{all*}", "*/get"]);
        }
        (self.of(&KINDS), format!("{prefix}{name}{rest}"))
    }
}

/// Returns the configuration with the key that users choose, and the warnings.
fn configuration(handlers: &[(Kind, String)]) -> (Value, Vec<(usize, String)>) {
    let (mut config, warnings) = generated_config(handlers.iter().cloned());
    if let Some(key) = config.pointer_mut("/shared_poll/hmac_secret_key") {
        assert_eq!(*key, "");
        *key = "a secret".into();
    }
    (config, warnings)
}

/// Returns the name in a warning of a namespace that Centrifugo refuses.
fn refused_name(warning: &str) -> Option<&str> {
    let (name, _) = warning
        .strip_prefix("namespace `")?
        .split_once("` is refused by Centrifugo")?;
    Some(name)
}

/// Asks Centrifugo whether it accepts a namespace.
fn accepts_name(section: &str, name: &str) -> bool {
    match check_config(&json!({ section: { "namespaces": [{ "name": name }] } })) {
        Ok(()) => true,
        Err(error) => {
            assert!(error.contains("namespace name"), "{name}: {error}");
            false
        }
    }
}

/// Checks configurations, two at once.
fn check_all(configs: &[Value]) -> Vec<Result<(), String>> {
    let (first, second) = configs.split_at(configs.len() / 2);
    std::thread::scope(|scope| {
        let second = scope.spawn(|| second.iter().map(check_config).collect::<Vec<_>>());
        let mut all: Vec<_> = first.iter().map(check_config).collect();
        all.extend(second.join().expect("the second half"));
        all
    })
}

#[test]
fn accepts_generated_configurations_and_refuses_what_programs_warn_of() {
    let mut refused = BTreeMap::new();
    let (mut accepted, mut mixed) = (0, 0);
    let mut has_keys = [false; KEYS.len()];
    let sets: Vec<Vec<_>> = (0..SETS)
        .map(|seed| {
            let mut choices = Choices(seed);
            let count = 1 + choices.below(12);
            (0..count).map(|_| choices.handler()).collect()
        })
        .collect();
    let (configs, warnings): (Vec<_>, Vec<_>) = sets.iter().map(|handlers| configuration(handlers)).unzip();
    let checked = check_all(&configs);
    for (((handlers, config), warnings), checked) in sets.iter().zip(&configs).zip(&warnings).zip(checked) {
        for (index, warning) in warnings {
            if let Some(name) = refused_name(warning) {
                refused.insert(name.to_owned(), handlers[*index].clone());
            }
        }
        let is_mixed = |(_, warning): &(usize, String)| warning.contains("move the streams to a namespace");
        let text = config.to_string();
        for (has_key, key) in has_keys.iter_mut().zip(KEYS) {
            *has_key |= text.contains(key);
        }
        if warnings.iter().any(is_mixed) {
            mixed += 1;
            let error = checked.expect_err("Centrifugo accepts what the program warns of");
            assert!(error.contains("can't use subscribe stream proxy"), "{error}");
        } else {
            accepted += 1;
            checked.unwrap_or_else(|error| panic!("{error}\n{handlers:?}\n{config:#}"));
        }
    }
    for (name, handler) in &refused {
        assert!(!accepts_name("channel", name), "{name} of {handler:?}");
        assert!(!accepts_name("rpc", name), "{name} of {handler:?}");
    }
    assert_eq!(has_keys, [true; KEYS.len()], "{KEYS:?}");
    assert!(
        accepted > 100 && mixed > 20 && refused.len() > 10,
        "{accepted} {mixed} {refused:?}"
    );
}

#[test]
fn warns_of_each_name_that_centrifugo_refuses() {
    const CHARS: [char; 20] = [
        'a', 'Z', '0', '-', '_', '.', 'b', '7', 'a', 'Z', ' ', '/', '#', 'é', '\n', '~', '@', ',', '\0', '日',
    ];
    let mut counts = [0, 0];
    for seed in 0..120 {
        let mut choices = Choices(seed);
        let len = 1 + choices.below(4);
        // Half of the names have only allowed characters.
        let chars = if seed % 2 == 0 { &CHARS[..10] } else { &CHARS };
        let name: String = (0..len).map(|_| choices.of(chars)).collect();
        let (kind, section) = choices.of(&[(Kind::Publish, "channel"), (Kind::Rpc, "rpc")]);
        let handlers = [(kind, format!("{name}:{{id}}"))];
        let (config, warnings) = configuration(&handlers);
        let is_accepted = accepts_name(section, &name);
        counts[usize::from(is_accepted)] += 1;
        let warned: Vec<_> = warnings
            .iter()
            .filter_map(|(_, text)| refused_name(text))
            .collect();
        let namespaces = &config[section]["namespaces"];
        if is_accepted {
            assert_eq!(
                (warned, &namespaces[0]["name"]),
                (vec![], &json!(name)),
                "{handlers:?}"
            );
        } else {
            assert_eq!((warned, namespaces), (vec![&*name], &Value::Null), "{handlers:?}");
        }
    }
    assert!(counts.iter().all(|count| *count > 20), "{counts:?}");
}
