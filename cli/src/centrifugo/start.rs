//! What Centrifugo refuses to start with (`internal/config/validate.go`, `internal/app/proxy.go`).

use regex::Regex;

use super::configuration::Configuration;
use super::key_table::join;
use super::namespaces;
use super::proxies::{self, DEFAULT_NAME, ProxyOptions};

/// A reason for which Centrifugo does not start.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StartProblem {
    /// The path in the configuration.
    pub path: String,
    /// What is wrong.
    pub text: String,
}

/// Returns the reasons for which Centrifugo does not start. Values of wrong types are among
/// [`Configuration::problems`].
pub fn start_problems(configuration: &Configuration) -> Vec<StartProblem> {
    let mut start = Start {
        configuration,
        problems: Vec::new(),
    };
    start.client();
    start.proxies();
    start.channels();
    start.methods();
    start.problems
}

struct Start<'a> {
    configuration: &'a Configuration,
    problems: Vec<StartProblem>,
}

/// Whether a name can be that of a namespace or a proxy: `^[-a-zA-Z0-9_.]{2,}$`.
pub(crate) fn is_valid_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    name.len() >= 2 && name.bytes().all(is_allowed)
}

impl Start<'_> {
    fn problem(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.problems.push(StartProblem {
            path: path.into(),
            text: text.into(),
        });
    }

    fn client(&mut self) {
        for event in ["connect", "refresh"] {
            let path = format!("client.proxy.{event}");
            if self.configuration.bool(&join(&path, "enabled")) {
                self.endpoint(&path);
            }
        }
        let personal = "client.subscribe_to_user_personal_channel";
        if self.configuration.bool(&join(personal, "enabled")) {
            let path = join(personal, "personal_channel_namespace");
            let name = self.configuration.text(&path);
            let found = namespaces::all(self.configuration, "channel")
                .into_iter()
                .find(|namespace| namespace.name.as_deref().unwrap_or_default() == name);
            match found {
                None => self.problem(
                    path,
                    format!("namespace `{name}` of personal channels does not exist"),
                ),
                Some(namespace) => {
                    let presence = namespace.option("presence");
                    if self.configuration.bool(&join(personal, "single_connection"))
                        && !self.configuration.bool(&presence)
                    {
                        self.problem(
                            presence,
                            "`single_connection` needs presence in the namespace of personal channels",
                        );
                    }
                }
            }
        }
    }

    fn endpoint(&mut self, proxy: &str) {
        let path = join(proxy, "endpoint");
        if self.configuration.text(&path).is_empty() {
            self.problem(path, "endpoint of the proxy is missing");
        }
    }

    fn proxies(&mut self) {
        let mut names: Vec<String> = Vec::new();
        for (path, name) in self.configuration.sections("proxies") {
            let name_path = join(&path, "name");
            if !is_valid_name(&name) {
                self.problem(
                    name_path,
                    format!(
                        "name `{name}` of a proxy needs at least two of `A-Z`, `a-z`, `0-9`, `-`, `_` and `.`"
                    ),
                );
            } else if name == DEFAULT_NAME {
                self.problem(name_path, "name `default` is reserved");
            } else if names.contains(&name) {
                self.problem(name_path, format!("two proxies have the name `{name}`"));
            }
            self.endpoint(&path);
            names.push(name);
        }
    }

    /// Checks the name of a proxy that a namespace uses, and its endpoint.
    fn uses_proxy(&mut self, options: &ProxyOptions, namespace: &str) {
        let configuration = self.configuration;
        let is_enabled = options.is_enabled(configuration, namespace);
        if options.event == proxies::SHARED_POLL_REFRESH.event && !is_enabled {
            return;
        }
        let Some(path) = options.proxy_path(configuration, namespace) else {
            let name_path = join(namespace, options.name);
            let name = configuration.text(&name_path);
            self.problem(
                name_path,
                format!("`proxies` has no proxy with the name `{name}`"),
            );
            return;
        };
        if !is_enabled {
            return;
        }
        // Proxies with a name are checked where they are.
        if path == options.default && path != proxies::RPC.default {
            self.endpoint(&path);
        }
        let endpoint = configuration.text(&join(&path, "endpoint"));
        if options.event == proxies::SUBSCRIBE_STREAM.event && endpoint.starts_with("http") {
            self.problem(
                join(&path, "endpoint"),
                "streams need a gRPC endpoint, `grpc://HOST:PORT`",
            );
        }
    }

    fn channels(&mut self) {
        self.seconds("channel.history_meta_ttl");
        self.one_of(
            "channel.publication_data_format",
            &["", "json", "json_object", "binary"],
        );
        let mut names: Vec<String> = Vec::new();
        for namespace in namespaces::all(self.configuration, "channel") {
            if let Some(name) = namespace.name {
                self.namespace_name(&namespace.path, &name, &names);
                names.push(name);
            }
            self.history(&namespace.path);
            self.channel_options(&namespace.path);
            self.map(&namespace.path);
            self.shared_poll(&namespace.path);
            for options in proxies::OF_CHANNELS {
                self.uses_proxy(&options, &namespace.path);
            }
        }
    }

    fn methods(&mut self) {
        let mut names: Vec<String> = Vec::new();
        for namespace in namespaces::all(self.configuration, "rpc") {
            if let Some(name) = namespace.name {
                self.namespace_name(&namespace.path, &name, &names);
                names.push(name);
            }
            self.uses_proxy(&proxies::RPC, &namespace.path);
        }
    }

    fn namespace_name(&mut self, path: &str, name: &str, names: &[String]) {
        let path = join(path, "name");
        if !is_valid_name(name) {
            self.problem(
                path,
                format!(
                    "name `{name}` of a namespace needs at least two of `A-Z`, `a-z`, `0-9`, `-`, `_` and `.`"
                ),
            );
        } else if names.iter().any(|known| known == name) {
            self.problem(path, format!("two namespaces have the name `{name}`"));
        }
    }

    fn history(&mut self, namespace: &str) {
        let configuration = self.configuration;
        let [size, ttl, meta_ttl] =
            ["history_size", "history_ttl", "history_meta_ttl"].map(|name| join(namespace, name));
        self.seconds(&ttl);
        self.seconds(&meta_ttl);
        let (has_size, ttl_nanos) = (configuration.int(&size) != 0, configuration.nanos(&ttl));
        if has_size != (ttl_nanos != 0) {
            let missing = if has_size { ttl.clone() } else { size };
            self.problem(missing, "history needs both `history_size` and `history_ttl`");
        }
        let meta_nanos = match configuration.nanos(&meta_ttl) {
            0 => configuration.nanos("channel.history_meta_ttl"),
            nanos => nanos,
        };
        if meta_nanos < ttl_nanos {
            self.problem(ttl, "`history_ttl` is longer than `history_meta_ttl`");
        }
        let recovery = join(namespace, "force_recovery");
        if configuration.bool(&recovery) && !(has_size && ttl_nanos != 0) {
            self.problem(
                recovery.clone(),
                "`force_recovery` needs `history_size` and `history_ttl`",
            );
        }
        let mode = join(namespace, "force_recovery_mode");
        self.one_of(&mode, &["", "stream", "cache"]);
        let auto = join(namespace, "auto_cache_recover");
        if configuration.bool(&auto)
            && !(configuration.bool(&recovery) && configuration.text(&mode) == "cache")
        {
            self.problem(
                auto,
                "`auto_cache_recover` needs `force_recovery`, and `force_recovery_mode` with the value `cache`",
            );
        }
    }

    fn channel_options(&mut self, namespace: &str) {
        let configuration = self.configuration;
        let regex_path = join(namespace, "channel_regex");
        // Only what is no regular expression in any dialect is certain.
        if let Err(regex::Error::Syntax(_)) = Regex::new(&configuration.text(&regex_path)) {
            self.problem(regex_path, "`channel_regex` is no regular expression");
        }
        let deltas = join(namespace, "allowed_delta_types");
        for delta in configuration.texts(&deltas) {
            if delta != "fossil" {
                self.problem(
                    deltas.clone(),
                    format!("delta type `{delta}` does not exist; there is `fossil`"),
                );
            }
        }
        self.one_of(
            &join(namespace, "publication_data_format"),
            &["", "json", "json_object", "binary"],
        );
        let stream = join(namespace, proxies::SUBSCRIBE_STREAM.enabled);
        let other = proxies::NOT_WITH_STREAMS
            .into_iter()
            .find(|options| options.is_enabled(configuration, namespace));
        if let (true, Some(other)) = (configuration.bool(&stream), other) {
            self.problem(
                stream,
                format!(
                    "a namespace cannot have streams together with `{}`",
                    other.enabled
                ),
            );
        }
        self.one_of(
            &join(namespace, "subscription_type"),
            &["", "stream", "map", "map_clients", "map_users", "shared_poll"],
        );
        for (name, expected) in [
            ("map_clients_presence_channel_prefix", "map_clients"),
            ("map_users_presence_channel_prefix", "map_users"),
        ] {
            let path = join(namespace, name);
            let prefix = configuration.text(&path);
            if prefix.is_empty() {
                continue;
            }
            let boundary = configuration.text("channel.namespace_boundary");
            let target = prefix.split_once(boundary.as_str()).map_or("", |(name, _)| name);
            let found = namespaces::all(configuration, "channel")
                .into_iter()
                .find(|namespace| namespace.name.as_deref().unwrap_or_default() == target);
            let is_right =
                found.is_some_and(|found| configuration.text(&found.option("subscription_type")) == expected);
            if !is_right {
                self.problem(
                    path,
                    format!("`{target}` is no namespace with `subscription_type` `{expected}`"),
                );
            }
        }
    }

    fn map(&mut self, namespace: &str) {
        let configuration = self.configuration;
        let option = |name: &str| join(namespace, name);
        let subscription_type = configuration.text(&option("subscription_type"));
        let is_map = subscription_type.starts_with("map");
        let client_key = option("map.client_key");
        self.one_of(&client_key, &["", "client_id", "user_id"]);
        for options in [proxies::MAP_PUBLISH, proxies::MAP_REMOVE] {
            if !configuration.text(&client_key).is_empty() && options.is_enabled(configuration, namespace) {
                self.problem(
                    client_key.clone(),
                    format!(
                        "`map.client_key` cannot stand together with `{}`",
                        options.enabled
                    ),
                );
            }
        }
        let mode_path = option("map.mode");
        self.one_of(&mode_path, &["", "ephemeral", "recoverable", "persistent"]);
        let mode = configuration.text(&mode_path);
        if is_map && mode.is_empty() {
            self.problem(mode_path.clone(), "a map namespace needs `map.mode`");
        }
        let key_ttl = option("map.key_ttl");
        let key_nanos = configuration.nanos(&key_ttl);
        match mode.as_str() {
            "ephemeral" | "recoverable" if key_nanos <= 0 => {
                self.problem(key_ttl, format!("`map.mode` `{mode}` needs `map.key_ttl`"));
            }
            "persistent" if key_nanos != 0 => {
                self.problem(key_ttl, "`map.mode` `persistent` has no `map.key_ttl`");
            }
            _ => {}
        }
        if mode == "persistent" && ["map_clients", "map_users"].contains(&subscription_type.as_str()) {
            self.problem(
                mode_path,
                format!("`subscription_type` `{subscription_type}` cannot have `map.mode` `persistent`"),
            );
        }
        let (size, stream_ttl, meta_ttl) = (
            configuration.int(&option("map.stream_size")),
            configuration.nanos(&option("map.stream_ttl")),
            configuration.nanos(&option("map.meta_ttl")),
        );
        if mode == "ephemeral" {
            for (name, is_wrong) in [
                ("map.stream_size", size > 0),
                ("map.stream_ttl", stream_ttl != 0),
                ("map.meta_ttl", meta_ttl != 0),
            ] {
                if is_wrong {
                    self.problem(option(name), format!("`map.mode` `ephemeral` has no `{name}`"));
                }
            }
        } else if !mode.is_empty() {
            for (name, value) in [
                ("map.stream_size", size),
                ("map.stream_ttl", stream_ttl),
                ("map.meta_ttl", meta_ttl),
            ] {
                if value < 0 {
                    self.problem(option(name), format!("`{name}` is negative"));
                }
            }
            let stream_nanos = if stream_ttl == 0 {
                60_000_000_000
            } else {
                stream_ttl
            };
            if meta_ttl != 0 && meta_ttl < stream_nanos {
                self.problem(
                    option("map.meta_ttl"),
                    "`map.meta_ttl` is shorter than `map.stream_ttl`",
                );
            }
        }
        let remove = option("map.remove_client_on_unsubscribe");
        if configuration.bool(&remove) && !is_map {
            self.problem(remove, "`map.remove_client_on_unsubscribe` needs a map namespace");
        }
        let pages = ["map.min_page_size", "map.default_page_size", "map.max_page_size"].map(option);
        let sizes = pages.clone().map(|path| configuration.int(&path));
        for (path, size) in pages.iter().zip(sizes) {
            if size < 0 {
                self.problem(path.clone(), "a page size is negative");
            }
        }
        for (low, high) in [(0, 2), (1, 2), (0, 1)] {
            if sizes[low] > 0 && sizes[high] > 0 && sizes[low] > sizes[high] {
                self.problem(
                    pages[low].clone(),
                    "page sizes are not in order: minimum, default, maximum",
                );
            }
        }
    }

    fn shared_poll(&mut self, namespace: &str) {
        let configuration = self.configuration;
        if configuration.text(&join(namespace, "subscription_type")) != "shared_poll" {
            return;
        }
        let key = "shared_poll.hmac_secret_key";
        if configuration.text(key).is_empty() {
            self.problem(
                key,
                "shared poll namespaces need a secret that track requests are signed with",
            );
        }
        let mode_path = join(namespace, "shared_poll.mode");
        self.one_of(&mode_path, &["", "versionless", "versioned"]);
        let publish = join(namespace, "shared_poll.publish_enabled");
        if configuration.bool(&publish) && configuration.text(&mode_path) != "versioned" {
            self.problem(
                publish,
                "`shared_poll.publish_enabled` needs `shared_poll.mode` `versioned`",
            );
        }
    }

    fn seconds(&mut self, path: &str) {
        let nanos = self.configuration.nanos(path);
        if nanos > 0 && nanos % 1_000_000_000 != 0 {
            self.problem(path, "the duration must be whole seconds");
        }
    }

    fn one_of(&mut self, path: &str, allowed: &[&str]) {
        let text = self.configuration.text(path);
        if !allowed.contains(&text.as_str()) {
            let allowed: Vec<_> = allowed
                .iter()
                .filter(|name| !name.is_empty())
                .map(|name| format!("`{name}`"))
                .collect();
            self.problem(
                path,
                format!("`{text}` is none of the values {}", allowed.join(", ")),
            );
        }
    }
}
