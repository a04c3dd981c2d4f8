//! What the TLS of the server API's client and of the endpoints share.

#[cfg(feature = "tls")]
mod crypto_provider;
#[cfg(not(feature = "tls"))]
mod not_built;

#[cfg(feature = "tls")]
pub(crate) use crypto_provider::crypto_provider;
#[cfg(not(feature = "tls"))]
pub(crate) use not_built::NOT_BUILT;
