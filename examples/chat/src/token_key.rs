//! The key with which the chat signs tokens and Centrifugo checks them.
//!
//! It is never in a file of this repository: the all-in-one program generates it at each start and passes it to Centrifugo.
//! Under RoadRunner, both programs read it from the same environment variable.

use centrifugo::BoxError;
use centrifugo::token::Key;

/// The environment variable that Centrifugo reads as `client.token.hmac_secret_key`.
pub const VARIABLE: &str = "CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY";

/// The secret that the chat and Centrifugo share.
pub struct TokenSecret(String);

impl TokenSecret {
    /// Returns the secret in the environment, if there is one.
    pub fn from_env() -> Option<Self> {
        std::env::var(VARIABLE)
            .ok()
            .filter(|secret| !secret.is_empty())
            .map(Self)
    }

    /// Generates a secret of 256 bits, in hexadecimal digits.
    pub fn random() -> Result<Self, BoxError> {
        let mut bytes = [0; 32];
        getrandom::getrandom(&mut bytes)?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The key for handlers. It is missing under RoadRunner if the environment has no secret.
pub struct TokenKey(pub Option<Key>);

impl TokenKey {
    pub fn new(secret: Option<&TokenSecret>) -> Self {
        Self(secret.map(|secret| Key::hs256(secret.as_str())))
    }
}

/// Reads the secret from the environment. The all-in-one program replaces this state by the secret that it generated.
#[centrifugo::state]
fn token_key() -> TokenKey {
    TokenKey::new(TokenSecret::from_env().as_ref())
}
