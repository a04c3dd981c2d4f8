//! The server: its settings, and how it runs.

#[cfg(feature = "_direct")]
mod banner;
#[cfg(feature = "_direct")]
mod centrifugo_config;
mod config;
#[cfg(feature = "_direct")]
mod direct;
#[cfg(feature = "_direct")]
mod endpoint;
#[cfg(feature = "grpc")]
mod grpc_service;
#[cfg(feature = "http")]
mod http_router;
#[cfg(feature = "_direct")]
mod mounting;
mod server;
mod unused_settings;

#[cfg(feature = "grpc")]
pub use grpc_service::GrpcService;
#[cfg(feature = "http")]
pub use http_router::HttpRouter;
pub use server::{Server, serve};
