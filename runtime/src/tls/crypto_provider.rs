//! The cryptography of TLS.

use std::sync::Arc;

use tokio_rustls::rustls::crypto::CryptoProvider;

/// Returns the provider that the program installed, otherwise the provider that is built in.
///
/// `ClientConfig::builder()` and `ServerConfig::builder()` of rustls guess instead, and panic if several providers are built
/// in. ring comes before AWS-LC if a program has both features.
pub(crate) fn crypto_provider() -> Result<Arc<CryptoProvider>, String> {
    CryptoProvider::get_default()
        .cloned()
        .or_else(built_in)
        .ok_or_else(|| {
            "TLS has no crypto provider: enable the feature `tls-ring` or `tls-aws-lc-rs` of the crate `centrifugo`, or \
             install a provider with `rustls::crypto::CryptoProvider::install_default`"
                .to_owned()
        })
}

#[cfg(feature = "tls-ring")]
fn built_in() -> Option<Arc<CryptoProvider>> {
    Some(Arc::new(tokio_rustls::rustls::crypto::ring::default_provider()))
}

#[cfg(all(feature = "tls-aws-lc-rs", not(feature = "tls-ring")))]
fn built_in() -> Option<Arc<CryptoProvider>> {
    Some(Arc::new(
        tokio_rustls::rustls::crypto::aws_lc_rs::default_provider(),
    ))
}

#[cfg(not(any(feature = "tls-ring", feature = "tls-aws-lc-rs")))]
fn built_in() -> Option<Arc<CryptoProvider>> {
    None
}
