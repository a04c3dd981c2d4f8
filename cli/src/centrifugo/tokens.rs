//! Which tokens Centrifugo accepts.

use super::configuration::Configuration;
use super::key_table::join;
use super::request::Token;

const KEYS: [&str; 4] = [
    "hmac_secret_key",
    "rsa_public_key",
    "ecdsa_public_key",
    "jwks_public_endpoint",
];

/// Turns off the check of signatures.
pub(crate) const SKIP_SIGNATURE: &str = "client.insecure_skip_token_signature_verify";

/// Returns the path of the first key that connection tokens are checked with.
pub(crate) fn connection_key(configuration: &Configuration) -> Option<String> {
    key_in(configuration, "client.token")
}

/// Returns the path of the first key that subscription tokens are checked with.
pub(crate) fn subscription_key(configuration: &Configuration) -> Option<String> {
    key_in(configuration, subscription_section(configuration))
}

/// Returns the section with the options of subscription tokens.
pub(super) fn subscription_section(configuration: &Configuration) -> &'static str {
    if configuration.bool("client.subscription_token.enabled") {
        "client.subscription_token"
    } else {
        "client.token"
    }
}

fn key_in(configuration: &Configuration, section: &str) -> Option<String> {
    KEYS.iter()
        .map(|key| join(section, key))
        .find(|path| !configuration.text(path).is_empty())
}

/// Returns what the token is for Centrifugo, with the option that decides it.
pub(super) fn verify(
    configuration: &Configuration,
    token: Token,
    key: Option<String>,
) -> (Token, Option<String>) {
    if configuration.bool(SKIP_SIGNATURE) {
        let token = if token == Token::Invalid {
            Token::Valid
        } else {
            token
        };
        return (token, Some(SKIP_SIGNATURE.to_owned()));
    }
    match key {
        Some(key) => (token, Some(key)),
        None => (Token::Invalid, None),
    }
}
