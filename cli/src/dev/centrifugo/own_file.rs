//! A configuration file of the user, with the few settings that `dev` has to change.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{DevSettings, LOCAL_ORIGINS};
use crate::centrifugo::{Configuration, Environment, all_keys, is_valid_name, variable_name};
use crate::config_file::ConfigFile;

/// Proxies that only Centrifugo PRO has.
const PRO_PROXIES: [&str; 2] = ["channel.proxy.cache_empty", "channel.proxy.state"];
const ORIGINS: &str = "client.allowed_origins";

/// A configuration file of the user. It is never changed: Centrifugo's environment variables take precedence over it.
pub(crate) struct OwnFile {
    pub(crate) path: PathBuf,
    pub(crate) content: Value,
    /// The file, with the variables of the shell on top.
    configuration: Configuration,
}

impl OwnFile {
    /// Reads a file in JSON, YAML or TOML.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read, or is not valid.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let file = ConfigFile::open(path).map_err(|error| error.to_string())?;
        Ok(Self::new(path, file.value, &Environment::of_process()))
    }

    fn new(path: &Path, content: Value, shell: &Environment) -> Self {
        Self {
            path: path.to_owned(),
            configuration: Configuration::load(&content, shell),
            content,
        }
    }

    /// Returns the port of clients, if the file or a variable sets one.
    pub(crate) fn port(&self) -> Option<u16> {
        let path = "http_server.port";
        let port = self
            .configuration
            .is_set(path)
            .then(|| self.configuration.int(path))?;
        u16::try_from(port).ok().filter(|port| *port != 0)
    }

    /// Returns the key of tokens, if the file or a variable sets one.
    pub(crate) fn token_key(&self) -> Option<String> {
        let key = self.configuration.text("client.token.hmac_secret_key");
        (!key.is_empty()).then_some(key)
    }

    /// Returns the environment variables that send the events of this file to the proxy, make Centrifugo reachable on this machine
    /// alone and without TLS, and let the pages of this machine connect.
    pub(crate) fn environment(
        &self,
        proxy: SocketAddr,
        settings: &DevSettings,
        sets_api: bool,
    ) -> Vec<(String, String)> {
        let mut variables = Vec::new();
        let mut set = |path: &str, value: &str| variables.push((variable_name(path), value.to_owned()));
        for section in ["http_server", "grpc_api", "uni_grpc"] {
            set(&format!("{section}.address"), "127.0.0.1");
        }
        set("http_server.internal_address", "127.0.0.1");
        set("http_server.port", &settings.port.to_string());
        for path in ["tls", "tls_autocert", "http3"] {
            set(&format!("http_server.{path}.enabled"), "false");
        }
        if let Some(origins) = self.origins() {
            set(ORIGINS, &origins);
        }
        if sets_api {
            set("grpc_api.enabled", "true");
            set("grpc_api.port", &settings.api_port.to_string());
            set("grpc_api.key", &settings.api_key);
            set("grpc_api.tls.enabled", "false");
        }
        let endpoint = format!("grpc://{proxy}");
        for path in self.proxies() {
            set(&format!("{path}.endpoint"), &endpoint);
            set(&format!("{path}.grpc.tls.enabled"), "false");
        }
        variables
    }

    /// Returns the origins from which clients may connect: also those of pages on this machine, such as the console.
    fn origins(&self) -> Option<String> {
        let mut origins = self.configuration.texts(ORIGINS);
        if origins.iter().any(|origin| origin == "*") {
            return None;
        }
        origins.extend(LOCAL_ORIGINS.map(str::to_owned));
        Some(origins.join(" "))
    }

    /// Returns the paths of all proxies. In the name of a variable, a named proxy has its name in place of its index.
    fn proxies(&self) -> Vec<String> {
        let known = all_keys()
            .filter_map(|key| key.path.strip_suffix(".endpoint"))
            .filter(|path| path.contains("proxy") && !path.contains("[]"))
            .map(str::to_owned);
        let pro = PRO_PROXIES.into_iter().filter(|proxy| {
            let mut problems = self.configuration.problems().iter();
            problems.any(|problem| problem.path.starts_with(proxy))
        });
        let named = self.configuration.sections("proxies").into_iter();
        // Centrifugo does not start with other names.
        let named = named
            .filter(|(_, name)| is_valid_name(name))
            .map(|(_, name)| format!("proxies.{}", name.replace(['.', '-'], "_")));
        known.chain(pro.map(str::to_owned)).chain(named).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn file(content: Value, shell: &[(&str, &str)]) -> OwnFile {
        let shell = shell
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        OwnFile::new(Path::new("config.json"), content, &shell)
    }

    fn settings() -> DevSettings {
        DevSettings {
            port: 9001,
            api_port: 10000,
            api_key: "a".into(),
            token_key: "t".into(),
        }
    }

    fn variables(file: &OwnFile, sets_api: bool) -> BTreeMap<String, String> {
        let variables = file.environment(([127, 0, 0, 1], 10001).into(), &settings(), sets_api);
        variables.into_iter().collect()
    }

    /// What Centrifugo runs with.
    fn effective(content: &Value, shell: &[(&str, &str)], sets_api: bool) -> Configuration {
        let mut all: BTreeMap<String, String> = shell
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        all.extend(variables(&file(content.clone(), shell), sets_api));
        Configuration::load(content, &all.into_iter().collect())
    }

    #[test]
    fn sends_all_events_to_the_proxy() {
        let content = json!({
            "http_server": { "port": "9000" },
            "client": { "token": { "hmac_secret_key": "k" } },
            "proxies": [{ "name": "my-app", "endpoint": "http://app:3000/a", "grpc": { "tls": { "enabled": true } } }],
        });
        let own = file(content.clone(), &[]);
        assert_eq!((own.port(), own.token_key().as_deref()), (Some(9000), Some("k")));
        let configuration = effective(&content, &[], false);
        assert_eq!(configuration.int("http_server.port"), 9001);
        for proxy in ["rpc.proxy", "client.proxy.connect", "proxies[0]"] {
            let endpoint = configuration.text(&format!("{proxy}.endpoint"));
            assert_eq!(endpoint, "grpc://127.0.0.1:10001", "{proxy}");
        }
        assert!(!configuration.bool("proxies[0].grpc.tls.enabled"));
        assert!(!configuration.is_set("grpc_api.enabled"));
        assert!(
            configuration.problems().is_empty(),
            "{:?}",
            configuration.problems()
        );
    }

    #[test]
    fn sends_the_events_of_proxies_in_variables_to_the_proxy() {
        for proxies in [
            "rooms news",
            r#"[{"name":"rooms"},{"name":"news","endpoint":"grpc://x:1"}]"#,
        ] {
            let shell = [
                ("CENTRIFUGO_PROXIES", proxies),
                ("CENTRIFUGO_PROXIES_ROOMS_ENDPOINT", "grpc://y:1"),
            ];
            let configuration = effective(&json!({}), &shell, false);
            for proxy in ["proxies[0]", "proxies[1]"] {
                let endpoint = configuration.text(&format!("{proxy}.endpoint"));
                assert_eq!(endpoint, "grpc://127.0.0.1:10001", "{proxy} of {proxies}");
            }
        }
        let variable = "CENTRIFUGO_CHANNEL_PROXY_CACHE_EMPTY_ENDPOINT";
        let pro = json!({ "channel": { "proxy": { "cache_empty": { "endpoint": "grpc://x:1" } } } });
        assert!(variables(&file(pro, &[]), false).contains_key(variable));
        assert!(!variables(&file(json!({}), &[]), false).contains_key(variable));
    }

    #[test]
    fn reads_the_port_and_the_key_that_variables_set() {
        let content = json!({ "client": { "token": { "hmac_secret_key": "k" } } });
        let own = file(
            content,
            &[
                ("CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY", "other"),
                ("CENTRIFUGO_HTTP_SERVER_PORT", "9000"),
            ],
        );
        assert_eq!(
            (own.port(), own.token_key().as_deref()),
            (Some(9000), Some("other"))
        );
        let own = file(json!({}), &[]);
        assert_eq!((own.port(), own.token_key()), (None, None));
    }

    #[test]
    fn is_reachable_on_this_machine_alone_and_without_tls() {
        let everywhere = json!({ "address": "0.0.0.0", "enabled": true });
        let content = json!({
            "http_server": {
                "address": "0.0.0.0", "internal_address": "0.0.0.0", "internal_port": "9002", "tls": { "enabled": true },
                "tls_autocert": { "enabled": true }, "http3": { "enabled": true },
            },
            "uni_grpc": everywhere, "grpc_api": everywhere,
        });
        let configuration = effective(&content, &[], false);
        for path in [
            "http_server.address",
            "http_server.internal_address",
            "uni_grpc.address",
            "grpc_api.address",
        ] {
            assert_eq!(configuration.text(path), "127.0.0.1", "{path}");
        }
        for path in ["tls", "tls_autocert", "http3"] {
            assert!(
                !configuration.bool(&format!("http_server.{path}.enabled")),
                "{path}"
            );
        }
        assert!(effective(&content, &[], true).is_set("grpc_api.key"));
    }

    #[test]
    fn lets_pages_of_this_machine_connect() {
        let of = |origins: Value| {
            let content = json!({ "client": { "allowed_origins": origins } });
            effective(&content, &[], false).texts(ORIGINS)
        };
        let origins = of(json!(["https://example.org"]));
        assert_eq!(origins[0], "https://example.org");
        assert!(origins.contains(&"http://127.0.0.1:*".to_owned()));
        assert_eq!(of(json!([])), LOCAL_ORIGINS);
        assert_eq!(of(json!(["*"])), ["*"]);
    }

    #[test]
    fn survives_files_that_centrifugo_refuses() {
        for content in [
            json!({ "proxies": ["grpc://x"] }),
            json!({ "proxies": [{ "name": 1 }, { "name": "a=b\0" }, {}] }),
            json!({ "proxies": "x", "http_server": { "port": "x" }, "client": 1 }),
            json!([]),
        ] {
            let own = file(content, &[]);
            assert_eq!((own.port(), own.token_key()), (None, None));
            for (name, _) in variables(&own, true) {
                let is_letter = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
                assert!(name.chars().all(is_letter), "{name}");
            }
        }
    }
}
