//! Tokens with which a client proves to Centrifugo who it is, and what it may subscribe to.
//!
//! A backend makes them and hands them to the client; Centrifugo checks the signature, and asks nobody. The claims are
//! those that Centrifugo documents for [connection](https://centrifugal.dev/docs/server/authentication) and
//! [subscription](https://centrifugal.dev/docs/server/channel_token_auth) tokens. Times are Unix seconds on the wire.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//! use centrifugo::token::{Connection, Key, Subscription};
//!
//! let key = Key::hs256("client.token.hmac_secret_key");
//! let hour = Duration::from_secs(3600);
//! let connection = Connection::user("42").info(&"ann").expires_in(hour).sign(&key)?;
//! let subscription = Subscription::user("42", "chat:1").expires_in(hour).sign(&key)?;
//! assert_eq!(connection.split('.').count(), 3);
//! # assert_ne!(connection, subscription);
//! # Ok(())
//! # }
//! ```

mod claims;
mod connection;
mod error;
#[cfg(fuzzing)]
pub(crate) mod fuzz;
mod key;
mod options;
mod subscription;
#[cfg(test)]
mod tests;
mod track;

pub use connection::Connection;
pub use error::TokenError;
pub use key::Key;
pub use options::Options;
pub use subscription::Subscription;
pub use track::Track;
