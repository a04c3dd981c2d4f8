//! The server: its settings, and how it serves and shuts down.

mod app;
#[cfg(feature = "_direct")]
mod banner;
#[cfg(feature = "_direct")]
mod centrifugo_config;
mod config;
#[cfg(feature = "_direct")]
mod endpoint;
#[cfg(feature = "_direct")]
mod endpoint_options;
#[cfg(feature = "grpc")]
mod grpc_service;
#[cfg(feature = "_direct")]
mod handle;
#[cfg(feature = "http")]
mod http_router;
#[cfg(feature = "_direct")]
mod served_program;
mod server;
mod unused_settings;
mod worker;

pub use app::App;
#[cfg(feature = "grpc")]
pub use grpc_service::GrpcService;
#[cfg(feature = "_direct")]
pub use handle::AppHandle;
pub use server::{Server, serve};
