//! The configurations that `cargo centrifugo config` makes and merges, with the real Centrifugo and the real RoadRunner.

use cargo_centrifugo::config_file::{ConfigFile, Format};
use cargo_centrifugo::wanted_config::{MergedConfig, Target, config_text, merge, starting_values};
use peers::{Client, ConfiguredStack, Stack, check_config_file, describe};
use serde_json::{Value, json};

const FORMATS: [(Format, &str); 3] = [
    (Format::Json, "json"),
    (Format::Yaml, "yaml"),
    (Format::Toml, "toml"),
];
const CHANNEL_TYPES: &str = env!("CARGO_BIN_EXE_channel_types");
const BACKEND: &str = env!("CARGO_BIN_EXE_backend");
const DIRECT: &str = env!("CARGO_BIN_EXE_direct");
/// The documented address of the server API.
const API: (&str, &str) = ("WORKER_API", "grpc://127.0.0.1:10000");
const SECRET: [(&str, &str); 2] = [
    ("WORKER_SECRET_KEY", "x-backend-secret"),
    ("WORKER_SECRET_VALUE", "the right one"),
];
const SECRET_VARIABLE: (&str, &str) = ("CENTRIFUGO_VAR_BACKEND_SECRET", "the right one");
const POLL_KEY: (&str, &str) = ("CENTRIFUGO_SHARED_POLL_HMAC_SECRET_KEY", "a key");

const YAML: &str = r#"# The configuration of production.
http_server: { address: "127.0.0.1", port: 8000 }   # behind nginx
client:
    allowed_origins: ["https://example.org"]
    # Old clients.
    concurrency: 8
    proxy: &defaults
        connect:
            enabled: no_longer # replaced
            timeout: 2s
channel:
  without_namespace:
  history_meta_ttl: 720h
  namespaces:
    - name: "news"
      history_size: 10
      history_ttl: 5m # short
    # The chat.
    -   name: chat
        history_size: 7
        history_ttl: 1h
        presence: true

# The end.
"#;

const TOML: &str = r#"# The configuration of production.
client.concurrency = 8
client.proxy.connect.timeout = "2s" # long enough

[http_server] # behind nginx
address = "127.0.0.1"
port = 8000

[[channel.namespaces]]
name = "news" # no handler
history_size = 10
history_ttl = "5m"

# The chat.
[[channel.namespaces]]
name = "chat"
history_size = 7
history_ttl = "1h"
map = { default_page_size = 5 }
"#;

const JSON: &str = r#"{
    "http_server": {"address": "127.0.0.1", "port": "8000"},
    "client": {
        "concurrency": 8,
        "proxy": {"connect": {"enabled": false, "timeout": "2s"}}
    },
    "channel": {
        "namespaces": [
            {"name": "news", "history_size": 10, "history_ttl": "5m"},
            {
                "name": "chat",
                "history_size": 7,
                "history_ttl": "1h"
            }
        ]
    }
}
"#;

fn new_config(program: &str, env: &[(&str, &str)], target: Target) -> MergedConfig {
    merge(&describe(program, env), target, &starting_values(target), None).expect("a configuration")
}

/// Merges what the program needs into a text, as the command does.
fn merged(program: &str, env: &[(&str, &str)], text: &str, format: Format) -> String {
    let file = ConfigFile::parse(text, Some(format)).expect("a configuration");
    let config =
        merge(&describe(program, env), Target::Centrifugo, &file.value, None).expect("a configuration");
    file.edited(&config.value).expect("a text")
}

fn existing(format: Format) -> &'static str {
    match format {
        Format::Json => JSON,
        Format::Yaml => YAML,
        _ => TOML,
    }
}

#[test]
fn centrifugo_accepts_new_and_merged_files_of_all_programs() {
    let secrets = [SECRET_VARIABLE, POLL_KEY];
    let no_env: &[(&str, &str)] = &[];
    for program in [CHANNEL_TYPES, BACKEND, DIRECT] {
        for env in [
            no_env,
            &[API],
            &SECRET,
            &[
                ("WORKER_LISTEN", "off"),
                ("WORKER_HTTP_LISTEN", "127.0.0.1:10002"),
            ],
        ] {
            let config = new_config(program, env, Target::Centrifugo);
            for (format, extension) in FORMATS {
                let text = config_text(&config, format);
                check_config_file(extension, &text, &secrets)
                    .unwrap_or_else(|error| panic!("{error}\n{text}"));
                let text = merged(program, env, existing(format), format);
                check_config_file(extension, &text, &secrets)
                    .unwrap_or_else(|error| panic!("{error}\n{text}"));
                assert_eq!(
                    merged(program, env, &text, format),
                    text,
                    "the second merge changes nothing"
                );
            }
        }
        let config = new_config(program, no_env, Target::CentrifugoViaRoadRunner);
        let text = config_text(&config, Format::Yaml);
        check_config_file("yaml", &text, &[]).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
}

/// Clients can do what the handlers of the program allow.
async fn check_chat(stack: &ConfiguredStack) {
    let client = Client::connect_as(stack, "ann").await;
    let mut chat = client.subscribe("chat:1");
    assert_eq!(chat.outcome().await, "subscribed \"ann in 1\"");
    assert_eq!(client.publish("chat:1", &json!({ "text": "hi" })).await, Ok(()));
    assert_eq!(chat.publication().await.0, json!({ "text": "hi" }));
    assert_eq!(client.rpc("history/1", &Value::Null).await, Ok(json!(["hi"])));
    let mut clock = client.subscribe("clock:rome");
    assert_eq!(clock.outcome().await, "subscribed ");
    assert_eq!(clock.publication().await.0, json!(4));
}

#[tokio::test(flavor = "multi_thread")]
async fn centrifugo_starts_with_new_and_merged_files() {
    for (format, extension) in FORMATS {
        let text = config_text(&new_config(CHANNEL_TYPES, &[API], Target::Centrifugo), format);
        check_chat(&ConfiguredStack::start(CHANNEL_TYPES, &[], extension, &text, &[])).await;
        let text = merged(CHANNEL_TYPES, &[API], existing(format), format);
        check_chat(&ConfiguredStack::start(CHANNEL_TYPES, &[], extension, &text, &[])).await;
    }
}

#[test]
fn a_merge_keeps_the_text_of_what_it_does_not_change() {
    let proxy = "        \"proxy\": {\"connect\": {\"enabled\": false, \"timeout\": \"2s\"}}";
    for (format, replaced) in [
        (Format::Json, &[proxy, "                \"history_size\": 7,"][..]),
        (
            Format::Yaml,
            &[
                "            enabled: no_longer # replaced",
                "        history_size: 7",
            ],
        ),
        (Format::Toml, &["history_size = 7"]),
    ] {
        let before = existing(format);
        let after = merged(CHANNEL_TYPES, &[API], before, format);
        // A comma is added where values are added.
        let is_there = |line: &str| {
            after
                .lines()
                .any(|after| after.trim_end_matches(',') == line.trim_end_matches(','))
        };
        let lost: Vec<_> = before.lines().filter(|line| !is_there(line)).collect();
        assert_eq!(lost, replaced, "{after}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn centrifugo_sends_the_secret_of_its_environment() {
    let config = new_config(CHANNEL_TYPES, &[&SECRET[..], &[API]].concat(), Target::Centrifugo);
    for (format, extension) in FORMATS {
        let text = config_text(&config, format);
        assert!(!text.contains(SECRET[1].1), "{text}");
        let error = check_config_file(extension, &text, &[]).expect_err("a variable that is missing");
        assert!(
            error.contains("\"CENTRIFUGO_VAR_BACKEND_SECRET\" not found"),
            "{error}"
        );
        let stack = ConfiguredStack::start(CHANNEL_TYPES, &SECRET, extension, &text, &[SECRET_VARIABLE]);
        check_chat(&stack).await;
        let wrong = (SECRET_VARIABLE.0, "a wrong one");
        let stack = ConfiguredStack::start(CHANNEL_TYPES, &SECRET, extension, &text, &[wrong]);
        let mut client = Client::start(&stack, &json!({ "user": "ann" }));
        assert_ne!(client.outcome().await, "connected");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn roadrunner_starts_with_its_new_file_and_serves_events() {
    let roadrunner = config_text(&new_config(BACKEND, &[], Target::RoadRunner), Format::Yaml);
    let centrifugo = config_text(
        &new_config(BACKEND, &[], Target::CentrifugoViaRoadRunner),
        Format::Json,
    );
    let stack = Stack::from_files(&roadrunner, &centrifugo);
    let client = Client::connect_as(&stack, "ann").await;
    assert_eq!(
        client.rpc("echo", &json!({ "a": 1 })).await,
        Ok(json!({ "a": 1 }))
    );
    assert_eq!(stack.workers().len(), 2);
}
