//! Random keys, and the tokens that they sign.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::json;

use crate::centrifugo::jwt::sign;

/// Returns a new random key, as text.
///
/// # Errors
///
/// Returns an error if the system gives no random bytes.
pub(crate) fn random_key() -> io::Result<String> {
    let mut bytes = [0; 24];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| io::Error::other("the system gives no random bytes"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Returns a token of Centrifugo for a user, signed with its `hmac_secret_key`.
pub(crate) fn connection_token(key: &str, user: &str, expires_at: u64) -> String {
    sign(key, &json!({ "sub": user, "exp": expires_at }))
}

/// Compares a key without saying by the time how much of it is right.
pub(crate) fn is_equal(key: &str, other: &str) -> bool {
    key.len() == other.len()
        && key
            .bytes()
            .zip(other.bytes())
            .fold(0, |difference, (a, b)| difference | (a ^ b))
            == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_tokens() {
        let token = connection_token("key", "42", 2_000_000_000);
        let mut parts = token.split('.');
        let mut part = || URL_SAFE_NO_PAD.decode(parts.next().unwrap()).unwrap();
        assert_eq!(part(), br#"{"alg":"HS256","typ":"JWT"}"#);
        assert_eq!(part(), br#"{"exp":2000000000,"sub":"42"}"#);
        assert_eq!(part().len(), 32);
    }

    #[test]
    fn makes_different_keys() {
        let [first, second] = [(); 2].map(|()| random_key().unwrap());
        assert_ne!(first, second);
        assert!(is_equal(&first, &first) && !is_equal(&first, &second) && !is_equal(&first, ""));
    }
}
