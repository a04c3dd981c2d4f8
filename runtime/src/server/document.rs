//! The document that `WORKER_DESCRIBE=json` prints: the program, its endpoint, and the configurations for it.
//! `docs/description.schema.json` is its JSON Schema.

use serde_json::{Map, Value, json};

use super::config::Config;
use super::roadrunner_config;
use crate::handler::Route;
use crate::startup::{DEFAULT_TIMEOUT, describe_program, linked_routes};

/// Whether the endpoint can be part of another server, whose address is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mounting {
    No,
    Possible,
}

/// Describes this program with its settings. Secrets are not in the document, only their keys are.
pub(crate) fn document(config: &Config, mounting: Mounting) -> Value {
    let routes = linked_routes();
    let timeout = config.handler_timeout.unwrap_or(DEFAULT_TIMEOUT);
    let mut document: Map<_, _> = describe_program();
    document.insert(
        "handler_timeout_ms".into(),
        u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX).into(),
    );
    document.insert("endpoint".into(), endpoint(config, mounting));
    document.insert(
        "configuration".into(),
        json!({
            "centrifugo": centrifugo(config, &routes),
            "roadrunner": {
                "rr": roadrunner_config::roadrunner(&program()),
                "centrifugo": roadrunner_config::centrifugo(&routes),
            },
        }),
    );
    document.into()
}

/// Describes this program with the settings of an environment. What `main` sets is not known, such as the address.
#[cfg(feature = "testing")]
pub(crate) fn describe_for_tests(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Value, crate::startup::ServeError> {
    Ok(document(&Config::from_env(variable)?, Mounting::Possible))
}

/// Returns the command of this process.
pub(super) fn program() -> String {
    std::env::args().next().unwrap_or_else(|| "./program".to_owned())
}

#[cfg(feature = "_direct")]
fn endpoint(config: &Config, mounting: Mounting) -> Value {
    let settings = &config.endpoint;
    json!({
        "grpc": settings.grpc_address(),
        "http": settings.http_address(),
        "http_prefix": settings.prefix().ok(),
        "tls": settings.tls.cert.is_some(),
        "mutual_tls": settings.tls.client_ca.is_some(),
        "secret_keys": settings.secrets.keys().collect::<Vec<_>>(),
        "api_url": settings.api_url.as_deref().map(without_credentials),
        "may_be_mounted": mounting == Mounting::Possible,
    })
}

#[cfg(not(feature = "_direct"))]
fn endpoint(_: &Config, _: Mounting) -> Value {
    Value::Null
}

/// Removes what stands between `//` and `@`.
#[cfg(feature = "_direct")]
fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].rfind('@').map_or(0, |at| at + 1);
    format!("{scheme}://{}", &rest[host..])
}

/// Returns Centrifugo's configuration for the endpoints of this program, or null if it has none.
#[cfg(feature = "_direct")]
fn centrifugo(config: &Config, routes: &[&'static Route]) -> Value {
    match super::served_program::ServedProgram::new(config, routes) {
        Ok(program) if program.grpc.is_some() || program.http.is_some() => {
            super::centrifugo_config::config(&program)
        }
        _ => Value::Null,
    }
}

#[cfg(not(feature = "_direct"))]
fn centrifugo(_: &Config, _: &[&'static Route]) -> Value {
    Value::Null
}

#[cfg(all(test, feature = "_direct"))]
mod tests {
    use super::*;

    #[test]
    fn removes_credentials_from_urls() {
        for (url, expected) in [
            ("http://key@host:8000/api", "http://host:8000/api"),
            ("http://a:b@c@host/x@y", "http://host/x@y"),
            ("grpc://127.0.0.1:10000", "grpc://127.0.0.1:10000"),
            ("host", "host"),
        ] {
            assert_eq!(without_credentials(url), expected);
        }
    }
}
