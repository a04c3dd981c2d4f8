//! Tokens that prove a client's user, or its permission to subscribe to a channel, to Centrifugo.
//!
//! A backend signs tokens and passes them to clients. Centrifugo checks the signature without a call to the backend.
//! The claims are those of Centrifugo's [connection](https://centrifugal.dev/docs/server/authentication) and
//! [subscription](https://centrifugal.dev/docs/server/channel_token_auth) tokens.
//!
//! Times are a [`SystemTime`](std::time::SystemTime), a [`Time`](crate::reply::Time), or a
//! [`Duration`](std::time::Duration) from now on. A token stores them in whole Unix seconds, up to the end of the year
//! 9999.
//!
//! Signing uses [ring](https://docs.rs/ring) directly. It neither sets nor reads a process-wide crypto provider, so it
//! does not affect `jsonwebtoken` or `rustls` elsewhere in the program.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//! use centrifugo::token::{ConnectionToken, Key, SubscriptionToken};
//!
//! let key = Key::hs256("client.token.hmac_secret_key");
//! let hour = Duration::from_secs(3600);
//! let connection = ConnectionToken::user("42").info(&"ann").expires_in(hour).sign(&key)?;
//! let subscription = SubscriptionToken::user("42", "chat:1").expires_in(hour).sign(&key)?;
//! assert_eq!(connection.split('.').count(), 3);
//! # assert_ne!(connection, subscription);
//! # Ok(())
//! # }
//! ```

mod claims;
mod connection_token;
#[cfg(fuzzing)]
pub(crate) mod fuzz;
mod key;
mod private_key_pem;
mod shared_poll_signature;
mod subscription_options;
mod subscription_token;
#[cfg(test)]
mod tests;
mod token_error;

pub use connection_token::ConnectionToken;
pub use key::Key;
pub use shared_poll_signature::SharedPollSignature;
pub use subscription_options::SubscriptionOptions;
pub use subscription_token::SubscriptionToken;
pub use token_error::TokenError;
