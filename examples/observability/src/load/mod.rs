//! Clients that send events.

mod client;
mod grpc_client;
mod scenario;
mod web_socket_client;

pub use scenario::run;
