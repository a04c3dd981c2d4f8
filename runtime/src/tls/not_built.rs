//! The error for TLS in a build without it.

pub(crate) const NOT_BUILT: &str =
    "TLS is not built in: enable the feature `tls-ring` or `tls-aws-lc-rs` of the crate `centrifugo`";
