//! The server: its settings, and how it serves and shuts down.

mod app;
#[cfg(feature = "_direct")]
mod banner;
mod centrifugo_config;
mod config;
mod description;
mod document;
#[cfg(feature = "_direct")]
mod endpoint;
#[cfg(feature = "_direct")]
mod endpoint_options;
pub(crate) mod generated_config;
#[cfg(feature = "grpc")]
mod grpc_service;
#[cfg(feature = "_direct")]
mod handle;
mod handler_warnings;
#[cfg(feature = "http")]
mod http_router;
mod roadrunner_config;
mod served_program;
mod server;
#[cfg(test)]
mod test_route;
mod unused_settings;
mod worker;

pub use app::App;
#[cfg(feature = "testing")]
pub(crate) use document::describe_for_tests;
#[cfg(feature = "grpc")]
pub use grpc_service::GrpcService;
#[cfg(feature = "_direct")]
pub use handle::AppHandle;
pub use server::{Server, serve};
