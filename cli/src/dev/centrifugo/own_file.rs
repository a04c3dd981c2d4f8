//! A configuration file of the user, with the few settings that `dev` has to change.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::DevSettings;
use crate::config_file::ConfigFile;

/// The proxies of a configuration, as the names of environment variables have them.
const PROXIES: [&str; 11] = [
    "CLIENT_PROXY_CONNECT",
    "CLIENT_PROXY_REFRESH",
    "CHANNEL_PROXY_SUBSCRIBE",
    "CHANNEL_PROXY_PUBLISH",
    "CHANNEL_PROXY_SUB_REFRESH",
    "CHANNEL_PROXY_SUBSCRIBE_STREAM",
    "CHANNEL_PROXY_MAP_PUBLISH",
    "CHANNEL_PROXY_MAP_REMOVE",
    "CHANNEL_PROXY_SHARED_POLL_REFRESH",
    "RPC_PROXY",
    "CHANNEL_PROXY_CACHE_EMPTY",
];

/// A configuration file of the user. It is never changed: Centrifugo's environment variables take precedence over it.
pub(crate) struct OwnFile {
    pub(crate) path: PathBuf,
    pub(crate) content: Value,
}

impl OwnFile {
    /// Reads a file in JSON, YAML or TOML.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be read, or is not valid.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let file = ConfigFile::open(path).map_err(|error| error.to_string())?;
        Ok(Self {
            path: path.to_owned(),
            content: file.value,
        })
    }

    fn get(&self, path: &str) -> Option<&Value> {
        self.content.pointer(path)
    }

    /// Returns the port of clients in the file.
    pub(crate) fn port(&self) -> Option<u16> {
        match self.get("/http_server/port")? {
            Value::String(text) => text.parse().ok(),
            port => u16::try_from(port.as_u64()?).ok(),
        }
    }

    /// Returns the key of tokens in the file.
    pub(crate) fn token_key(&self) -> Option<String> {
        let key = self.get("/client/token/hmac_secret_key")?.as_str()?;
        (!key.is_empty()).then(|| key.to_owned())
    }

    /// Returns the environment variables that send the events of this file to the proxy, and make Centrifugo reachable on this
    /// machine alone.
    pub(crate) fn environment(
        &self,
        proxy: SocketAddr,
        settings: &DevSettings,
        sets_api: bool,
    ) -> Vec<(String, String)> {
        let endpoint = format!("grpc://{proxy}");
        let mut variables = vec![
            ("HTTP_SERVER_ADDRESS".to_owned(), "127.0.0.1".to_owned()),
            ("HTTP_SERVER_PORT".to_owned(), settings.port.to_string()),
        ];
        if sets_api {
            variables.extend([
                ("GRPC_API_ENABLED".to_owned(), "true".to_owned()),
                ("GRPC_API_ADDRESS".to_owned(), "127.0.0.1".to_owned()),
                ("GRPC_API_PORT".to_owned(), settings.api_port.to_string()),
                ("GRPC_API_KEY".to_owned(), settings.api_key.clone()),
            ]);
        }
        for name in PROXIES {
            variables.push((format!("{name}_ENDPOINT"), endpoint.clone()));
            variables.push((format!("{name}_GRPC_TLS_ENABLED"), "false".to_owned()));
        }
        let mut named = self.get("/proxies").cloned().unwrap_or_default();
        if let Some(proxies) = named.as_array_mut().filter(|proxies| !proxies.is_empty()) {
            for proxy in proxies {
                proxy["endpoint"] = endpoint.clone().into();
                if proxy.pointer("/grpc/tls").is_some() {
                    proxy["grpc"]["tls"] = json!({ "enabled": false });
                }
            }
            variables.push(("PROXIES".to_owned(), named.to_string()));
        }
        for (name, _) in &mut variables {
            name.insert_str(0, "CENTRIFUGO_");
        }
        variables
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sends_all_events_to_the_proxy() {
        let file = OwnFile {
            path: "config.json".into(),
            content: json!({
                "http_server": { "port": "9000" },
                "client": { "token": { "hmac_secret_key": "k" } },
                "proxies": [{ "name": "a", "endpoint": "http://app:3000/a" }],
            }),
        };
        assert_eq!(
            (file.port(), file.token_key().as_deref()),
            (Some(9000), Some("k"))
        );
        let settings = DevSettings {
            port: 9001,
            api_port: 10000,
            api_key: "a".into(),
            token_key: "t".into(),
        };
        let variables = file.environment(([127, 0, 0, 1], 10001).into(), &settings, false);
        let get = |name: &str| {
            let found = variables.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str())
        };
        assert_eq!(get("CENTRIFUGO_HTTP_SERVER_PORT"), Some("9001"));
        assert_eq!(
            get("CENTRIFUGO_RPC_PROXY_ENDPOINT"),
            Some("grpc://127.0.0.1:10001")
        );
        let named: Value = serde_json::from_str(get("CENTRIFUGO_PROXIES").unwrap()).unwrap();
        assert_eq!(named[0]["endpoint"], "grpc://127.0.0.1:10001");
        assert_eq!(get("CENTRIFUGO_GRPC_API_ENABLED"), None);
    }
}
