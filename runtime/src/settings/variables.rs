//! The table of the environment variables.

/// A mode in which a program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// As a worker of RoadRunner.
    Worker,
    /// As the proxy endpoint.
    #[cfg_attr(
        not(feature = "_direct"),
        allow(dead_code, reason = "unused without the feature")
    )]
    Endpoint,
    /// As a service in the program's own tonic server.
    #[cfg_attr(
        not(feature = "grpc"),
        allow(dead_code, reason = "unused without the feature")
    )]
    Service,
    /// As a router in the program's own axum server.
    #[cfg_attr(
        not(feature = "http"),
        allow(dead_code, reason = "unused without the feature")
    )]
    Router,
}

use Mode::{Endpoint, Router, Service, Worker};

/// An environment variable.
pub(crate) struct Variable {
    pub(crate) name: &'static str,
    /// The accepted values, for the documentation.
    #[cfg_attr(
        not(test),
        allow(dead_code, reason = "only the test of the documentation uses it")
    )]
    pub(crate) values: &'static str,
    /// The default, for the documentation.
    #[cfg_attr(
        not(test),
        allow(dead_code, reason = "only the test of the documentation uses it")
    )]
    pub(crate) default: &'static str,
    /// The description, for the documentation.
    #[cfg_attr(
        not(test),
        allow(dead_code, reason = "only the test of the documentation uses it")
    )]
    pub(crate) meaning: &'static str,
    /// The modes that use it.
    pub(crate) modes: &'static [Mode],
}

const ALL: &[Mode] = &[Worker, Endpoint, Service, Router];
const ALL_BUT_WORKER: &[Mode] = &[Endpoint, Service, Router];

/// All `WORKER_*` variables. A test checks the table of the documentation against this one.
#[rustfmt::skip]
pub(crate) const VARIABLES: &[Variable] = &[
    Variable { name: "WORKER_LISTEN", values: "an address, or `off`", default: "`127.0.0.1:10001`", modes: &[Endpoint],
        meaning: "The address of the gRPC endpoint. Port 0 selects a free port." },
    Variable { name: "WORKER_HTTP_LISTEN", values: "an address, or `off`", default: "`off`", modes: &[Endpoint],
        meaning: "The address of the HTTP endpoint (feature `http`)." },
    Variable { name: "WORKER_HTTP_PREFIX", values: "a path", default: "`/centrifugo`", modes: &[Endpoint, Router],
        meaning: "The prefix of the HTTP endpoint's paths." },
    Variable { name: "WORKER_METRICS_LISTEN", values: "an address, or `off`", default: "`off`", modes: &[Endpoint],
        meaning: "The address that serves `/metrics` for Prometheus, and the probes `/livez` and `/readyz` (feature `prometheus`)." },
    Variable { name: "WORKER_SECRET_KEY", values: "a header name", default: "none", modes: ALL_BUT_WORKER,
        meaning: "The metadata key of the secret that each call must have: Centrifugo's `grpc.credentials_key`, or a key of `http.static_headers`." },
    Variable { name: "WORKER_SECRET_VALUE", values: "text", default: "none", modes: ALL_BUT_WORKER,
        meaning: "The secret: Centrifugo's `grpc.credentials_value`." },
    Variable { name: "WORKER_TLS_CERT", values: "the path of a PEM file", default: "none", modes: &[Endpoint],
        meaning: "The certificate chain of the endpoints." },
    Variable { name: "WORKER_TLS_KEY", values: "the path of a PEM file", default: "none", modes: &[Endpoint],
        meaning: "The private key of the certificate." },
    Variable { name: "WORKER_TLS_CLIENT_CA", values: "the path of a PEM file", default: "none", modes: &[Endpoint],
        meaning: "The certificate authority of the callers' certificates. Callers must then have one (mutual TLS)." },
    Variable { name: "WORKER_ALLOW_PLAIN", values: "`1` or `0`", default: "`0`", modes: ALL_BUT_WORKER,
        meaning: "`1` serves callers that have neither a secret nor a client certificate, on an address that other machines can reach or in a mounted service. Otherwise this is a start error." },
    Variable { name: "WORKER_HANDLER_TIMEOUT", values: "a duration such as `900ms` or `30s`", default: "`10s`", modes: ALL,
        meaning: "The time limit of handlers without a `timeout` of their own. Set it to the timeout of Centrifugo's proxy, which is 1 s by default." },
    Variable { name: "WORKER_MAX_FRAME_LEN", values: "bytes", default: "`67108864` (64 MiB)", modes: ALL,
        meaning: "The longest frame or message that is accepted." },
    Variable { name: "WORKER_MAX_EVENTS", values: "a number", default: "no limit", modes: &[Worker],
        meaning: "The number of events after which a worker asks RoadRunner to replace it." },
    Variable { name: "WORKER_CONCURRENCY", values: "a number", default: "no limit", modes: ALL_BUT_WORKER,
        meaning: "The most events at once. Further events wait for up to half of their time limit, and are then refused (111, temporary)." },
    Variable { name: "WORKER_MAX_BLOCKED_HANDLERS", values: "a number", default: "`512`", modes: ALL_BUT_WORKER,
        meaning: "The most handlers that may block a thread at once. Further events are then refused (111, temporary)." },
    Variable { name: "WORKER_MAX_CONNECTIONS", values: "a number", default: "`2048`", modes: &[Endpoint],
        meaning: "The most open connections. Further connections are closed at once." },
    Variable { name: "WORKER_DESCRIBE", values: "`1`, `json`, `config` or `roadrunner`", default: "none", modes: ALL,
        meaning: "Prints a description to standard output instead of serving: the handlers as a table (`1`), the handlers, channel types, errors and schemas as JSON (`json`), Centrifugo's configuration for them (`config`), or a `.rr.yaml` and Centrifugo's configuration for RoadRunner (`roadrunner`)." },
    Variable { name: "WORKER_BANNER", values: "`on` or `off`", default: "`on`", modes: &[Endpoint],
        meaning: "`off` prints no addresses, handlers and configuration at start." },
    Variable { name: "WORKER_LOG", values: "`text`, `compact` or `json`", default: "`text`", modes: ALL,
        meaning: "The format of the built-in log (feature `logging`). `json` is one object per line." },
    Variable { name: "WORKER_LOG_USER", values: "`on`, `hash` or `off`", default: "`on`", modes: ALL,
        meaning: "How the log and spans show the ids of users and clients: as they are, as a pseudonym that is the same for the same id, or not at all." },
    Variable { name: "WORKER_TRACE_PARENT", values: "`link` or `trust`", default: "`link`", modes: ALL,
        meaning: "Whether the `traceparent` that comes with an event is a link of the event's span or, with `trust`, its parent (feature `otel`). Clients choose it if Centrifugo forwards their headers." },
    Variable { name: "WORKER_API", values: "a URL: `grpc://`, `grpcs://`, `http://` or `https://`", default: "RoadRunner's RPC (`RR_RPC`)", modes: ALL,
        meaning: "The address of Centrifugo's server API (feature `api`)." },
    Variable { name: "WORKER_API_KEY", values: "text", default: "none", modes: ALL,
        meaning: "The key of the server API: Centrifugo's `grpc_api.key` or `http_api.key`." },
];

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn modes(variable: &Variable) -> &'static str {
        match variable.modes {
            [Worker] => "RoadRunner",
            [Endpoint] => "direct",
            [Endpoint, Router] => "direct, mounted router",
            modes if modes == ALL_BUT_WORKER => "direct, mounted",
            _ => "all",
        }
    }

    fn table() -> String {
        let rows = VARIABLES.iter().map(|variable| {
            let Variable {
                name,
                values,
                default,
                meaning,
                ..
            } = variable;
            format!(
                "| `{name}` | {values} | {default} | {} | {meaning} |\n",
                modes(variable)
            )
        });
        let head = "| variable | value | default | used | meaning |\n|---|---|---|---|---|\n";
        head.to_owned() + &rows.collect::<String>()
    }

    fn package(path: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
    }

    #[test]
    fn documentation_has_the_table() {
        let table = table();
        let path = package("docs/tables/variables.md");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &table).unwrap();
        }
        assert_eq!(fs::read_to_string(path).unwrap(), table, "run with BLESS=1");
        let readme = fs::read_to_string(package("../README.md")).unwrap();
        assert!(
            readme.contains(&table),
            "README.md does not contain the table of docs/tables/variables.md"
        );
    }

    #[test]
    fn table_has_all_variables_of_the_source() {
        fn read(folder: &Path, text: &mut String) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    read(&path, text);
                } else {
                    let source = fs::read_to_string(path).unwrap();
                    // Unit tests may use variables that do not exist.
                    text.push_str(source.split("#[cfg(test)]\nmod tests").next().unwrap());
                }
            }
        }
        let mut text = String::new();
        read(&package("src"), &mut text);
        for (start, _) in text.match_indices("\"WORKER_") {
            let name: String = text[start + 1..]
                .chars()
                .take_while(|c| c.is_ascii_uppercase() || *c == '_')
                .collect();
            assert!(
                name == "WORKER_" || VARIABLES.iter().any(|variable| variable.name == name),
                "`{name}` is not in the table of variables"
            );
        }
    }
}
