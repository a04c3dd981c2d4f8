//! How events reach the process.

#[cfg(feature = "_direct")]
pub(crate) mod direct;
pub(crate) mod goridge;
#[cfg(feature = "grpc")]
pub(crate) mod grpc;
#[cfg(feature = "http")]
pub(crate) mod http;
