//! Configurations that are the same in each run.

use serde_json::{Map, Value, json};

use super::probes::Subject;

/// Choices that are the same in each run (SplitMix64).
pub struct Choices(pub u64);

impl Choices {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % count as u64) as usize
    }

    /// Returns whether something of this probability, in percent, happens.
    fn is(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

const NAMES: [&str; 4] = ["chat", "news", "a-b", "v1.2"];
const GRPC: &str = "grpc://127.0.0.1:10001";

/// Options of a namespace, and how often each is on.
const OPTIONS: [(&str, usize); 11] = [
    ("subscribe_proxy_enabled", 35),
    ("publish_proxy_enabled", 35),
    ("sub_refresh_proxy_enabled", 5),
    ("allow_subscribe_for_client", 40),
    ("allow_subscribe_for_anonymous", 40),
    ("allow_publish_for_client", 30),
    ("allow_publish_for_subscriber", 30),
    ("allow_publish_for_anonymous", 40),
    ("allow_user_limited_channels", 35),
    ("presence", 20),
    ("force_push_join_leave", 10),
];

const MAP_OPTIONS: [(&str, usize); 8] = [
    ("publish_proxy_enabled", 25),
    ("remove_proxy_enabled", 25),
    ("allow_publish_for_client", 40),
    ("allow_publish_for_subscriber", 40),
    ("allow_publish_for_anonymous", 40),
    ("allow_remove_for_client", 40),
    ("allow_remove_for_subscriber", 40),
    ("allow_remove_for_anonymous", 40),
];

fn proxy(choices: &mut Choices, event: &str) -> Value {
    let http = format!("http://127.0.0.1:10002/centrifugo/{event}");
    let endpoint = match choices.below(20) {
        0 => "grpc://127.0.0.1:9999".to_owned(),
        1 => "http://127.0.0.1:10001/centrifugo".to_owned(),
        2..6 if event != "subscribe_stream" => http,
        6 => "127.0.0.1:10001".to_owned(),
        _ => GRPC.to_owned(),
    };
    let mut proxy = json!({ "endpoint": endpoint });
    if choices.is(20) {
        proxy["timeout"] = choices.of(&["3s", "1500ms", "1m"]).into();
    }
    proxy
}

fn options(choices: &mut Choices) -> Value {
    let mut options = Map::new();
    for (name, percent) in OPTIONS {
        if choices.is(percent) {
            options.insert(name.into(), true.into());
        } else if choices.is(5) {
            // Values that Centrifugo converts.
            options.insert(name.into(), choices.of(&["false", "0", ""]).into());
        }
    }
    if choices.is(15) {
        // Streams stand alone, but for some configurations that Centrifugo refuses.
        if choices.is(85) {
            for name in [
                "subscribe_proxy_enabled",
                "publish_proxy_enabled",
                "sub_refresh_proxy_enabled",
            ] {
                options.remove(name);
            }
        }
        options.insert("subscribe_stream_proxy_enabled".into(), true.into());
        options.insert(
            "subscribe_stream_proxy_bidirectional".into(),
            choices.is(50).into(),
        );
    }
    if choices.is(15) {
        let mut map = json!({ "mode": "ephemeral", "key_ttl": "60s" });
        for (name, percent) in MAP_OPTIONS {
            if choices.is(percent) {
                map[name] = true.into();
            }
        }
        if choices.is(20) {
            map["client_key"] = choices.of(&["user_id", "client_id"]).into();
        }
        options.insert("subscription_type".into(), "map".into());
        options.insert("map".into(), map);
    }
    if choices.is(15) {
        options.insert(
            "channel_regex".into(),
            choices.of(&["^[a-z0-9#,]+$", "1$", "é"]).into(),
        );
    }
    for name in [
        "subscribe_proxy_name",
        "publish_proxy_name",
        "subscribe_stream_proxy_name",
    ] {
        if choices.is(20) {
            options.insert(name.into(), choices.of(&["rooms", "rooms", "default", ""]).into());
        } else if choices.is(1) {
            options.insert(name.into(), "missing".into());
        }
    }
    options.into()
}

/// Returns a configuration, and the channels, methods and users to try.
pub fn subject(seed: u64) -> Subject {
    let mut choices = Choices(seed);
    let choices = &mut choices;
    let mut file = json!({
        "proxies": [{ "name": "rooms", "endpoint": GRPC, "timeout": "2s" }],
        "client": { "proxy": {} },
        "channel": { "proxy": {}, "without_namespace": options(choices) },
        "rpc": { "proxy": proxy(choices, "rpc"), "without_namespace": {}, "namespaces": [] },
    });
    for event in [
        "subscribe",
        "publish",
        "sub_refresh",
        "subscribe_stream",
        "map_publish",
        "map_remove",
    ] {
        file["channel"]["proxy"][event] = proxy(choices, event);
    }
    if choices.is(60) {
        file["client"]["proxy"]["connect"] = json!({ "enabled": true, "endpoint": GRPC });
    }
    for (name, percent) in [
        ("insecure", 15),
        ("allow_anonymous_connect_without_token", 25),
        ("disallow_anonymous_connection_tokens", 15),
    ] {
        if choices.is(percent) {
            file["client"][name] = true.into();
        }
    }
    if choices.is(60) {
        file["client"]["token"] = json!({ "hmac_secret_key": "secret" });
    }
    if choices.is(15) {
        file["client"]["subscription_token"] =
            json!({ "enabled": true, "hmac_secret_key": "secret of subscriptions" });
    }
    if choices.is(10) {
        file["channel"]["private_prefix"] = "!".into();
    }
    if choices.is(10) {
        file["channel"]["user_boundary"] = "@".into();
    }
    if choices.is(5) {
        file["channel"]["max_length"] = 8.into();
    }
    let namespaces: Vec<_> = NAMES
        .into_iter()
        .filter(|_| choices.is(60))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|name| {
            let mut namespace = options(choices);
            namespace["name"] = name.into();
            namespace
        })
        .collect();
    file["channel"]["namespaces"] = namespaces.into();
    let mut methods = Map::new();
    if choices.is(60) {
        methods.insert("proxy_enabled".into(), choices.is(60).into());
    }
    if choices.is(20) {
        methods.insert("proxy_name".into(), "rooms".into());
    }
    file["rpc"]["without_namespace"] = methods.into();
    for name in ["user", "math"] {
        if choices.is(50) {
            let namespace = json!({ "name": name, "proxy_enabled": choices.is(60) });
            file["rpc"]["namespaces"]
                .as_array_mut()
                .expect("a list")
                .push(namespace);
        }
    }
    if choices.is(15) {
        file["rpc"]["ping"] = json!({ "enabled": true });
    }
    let mut env = Vec::new();
    for (name, value, percent) in [
        ("CENTRIFUGO_CLIENT_INSECURE", "true", 5),
        ("CENTRIFUGO_CLIENT_INSECURE", "0", 5),
        (
            "CENTRIFUGO_CHANNEL_NAMESPACES_CHAT_SUBSCRIBE_PROXY_ENABLED",
            "false",
            10,
        ),
        (
            "CENTRIFUGO_CHANNEL_NAMESPACES_A_B_ALLOW_SUBSCRIBE_FOR_CLIENT",
            "true",
            10,
        ),
        (
            "CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_ALLOW_PUBLISH_FOR_CLIENT",
            "1",
            10,
        ),
        ("CENTRIFUGO_RPC_WITHOUT_NAMESPACE_PROXY_ENABLED", "", 5),
        (
            "CENTRIFUGO_CHANNEL_NAMESPACES",
            r#"[{"name":"chat","allow_subscribe_for_client":true},{"name":"extra","publish_proxy_enabled":true}]"#,
            10,
        ),
        ("CENTRIFUGO_CHANNEL_NAMESPACES", "more other", 5),
        (
            "CENTRIFUGO_RPC_NAMESPACES",
            r#"[{"name":"user","proxy_enabled":true}]"#,
            5,
        ),
        ("CENTRIFUGO_CHANNEL_USER_SEPARATOR", ";", 5),
    ] {
        if choices.is(percent) {
            env.push((name.to_owned(), value.to_owned()));
        }
    }
    let mut channels: Vec<String> = ["plain", "plain#42", "$plain", ":empty", "none:1", "naïve"]
        .map(str::to_owned)
        .into();
    let rests = ["1", "x#42", "x#7,42", "x#", "x@42", "é", "a long name"];
    for name in NAMES.into_iter().chain(["extra"]) {
        channels.push(format!("{name}:1"));
        for _ in 0..2 {
            channels.push(format!(
                "{}{name}:{}",
                choices.of(&["", "", "", "$", "!"]),
                choices.of(&rests)
            ));
        }
    }
    channels.sort();
    channels.dedup();
    Subject {
        name: format!("generated-{seed}"),
        file,
        env,
        channels,
        methods: ["get", "user:get", "math:sum", "none:x", "ping", ":x"]
            .map(str::to_owned)
            .into(),
        users: ["42", "7", ""].map(str::to_owned).into(),
    }
}
