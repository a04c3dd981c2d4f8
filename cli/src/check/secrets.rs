//! The secrets that the program requires of Centrifugo.

use super::checker::Checker;
use super::endpoints::addresses;
use super::finding::Finding;
use super::uses::{Use, proxies_with_handlers};
use crate::centrifugo::Peer;

/// The variable with the secret of the program.
const SECRET: &str = "WORKER_SECRET_VALUE";

pub(super) fn check(checker: &mut Checker<'_>) {
    let Some(endpoint) = &checker.description.endpoint else {
        return;
    };
    let addresses = addresses(checker);
    for (used, handlers) in proxies_with_handlers(checker) {
        if handlers.is_empty() || addresses.peer_at(&used.proxy.endpoint) != Peer::Program {
            continue;
        }
        for key in &endpoint.secret_keys {
            check_key(checker, &used, key, endpoint.secret_keys.len() == 1);
        }
    }
}

fn check_key(checker: &mut Checker<'_>, used: &Use, key: &str, is_only_key: bool) {
    let configuration = checker.configuration;
    let (credentials, map) = if used.proxy.is_http() {
        (None, "http.static_headers")
    } else {
        (Some("grpc.credentials_key"), "grpc.static_metadata")
    };
    let credentials =
        credentials.filter(|path| configuration.text(&used.option(path)).eq_ignore_ascii_case(key));
    let (path, sent) = match credentials {
        Some(_) => {
            let path = used.option("grpc.credentials_value");
            let value = configuration.text(&path);
            (path, Some(value))
        }
        None => {
            let path = used.option(map);
            let found = configuration
                .text_map(&path)
                .into_iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(key));
            (path, found.map(|(_, value)| value))
        }
    };
    let Some(sent) = sent else {
        let where_to = if used.proxy.is_http() {
            "`http.static_headers`"
        } else {
            "`grpc.credentials_key` and `grpc.credentials_value`"
        };
        checker.add(
            Finding::error(
                "secret",
                format!("the program requires the secret `{key}`, which Centrifugo does not send: every `{}` event is refused", used.proxy.event),
            )
            .at(used.proxy.path.clone())
            .help(format!("set {where_to} of the proxy to `{key}` and its secret")),
        );
        return;
    };
    // The description has no secrets. The variable belongs to the only key.
    let expected = checker.input.environment.get(SECRET).filter(|_| is_only_key);
    if let Some(expected) = expected
        && sent != expected
        && !sent.contains("${")
    {
        checker.add(
            Finding::error("secret", format!("the secret `{key}` is not the one in {SECRET}"))
                .at(path)
                .help(format!(
                    "use the same secret in Centrifugo's configuration and in {SECRET}"
                )),
        );
    }
}
