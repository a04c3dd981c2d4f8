//! What the TLS of the server API's client and of the endpoints share.

#[cfg(feature = "tls")]
mod crypto_provider;

#[cfg(feature = "tls")]
pub(crate) use crypto_provider::crypto_provider;

/// What to do about TLS in a build without it.
#[cfg(not(feature = "tls"))]
pub(crate) const NOT_BUILT: &str =
    "TLS is not built in: enable the feature `tls-ring` or `tls-aws-lc-rs` of the crate `centrifugo`";
