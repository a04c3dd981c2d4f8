//! How events reach the process.

#[cfg(feature = "_direct")]
pub(crate) mod direct;
pub(crate) mod goridge;
#[cfg(feature = "grpc")]
pub(crate) mod grpc;
mod hangup;
#[cfg(feature = "http")]
pub(crate) mod http;
