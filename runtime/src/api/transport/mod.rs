//! The transports to Centrifugo, which carry encoded requests and responses.

mod attempt_progress;
#[cfg(feature = "tls")]
mod client_tls;
mod connection_activity;
mod connector;
mod foreign_response;
mod grpc;
mod grpc_status;
mod http;
pub(crate) mod roadrunner;
mod settings;
mod transport;

pub(crate) use attempt_progress::AttemptProgress;
pub(crate) use grpc::GrpcTransport;
pub(crate) use http::HttpTransport;
pub(crate) use roadrunner::RoadRunnerTransport;
pub(crate) use settings::TransportSettings;
pub(crate) use transport::{Attempt, Encoding, Transport};
