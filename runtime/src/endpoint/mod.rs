//! The proxy endpoint: the program itself listens for Centrifugo's events, without RoadRunner.

mod bound_socket;
mod connection;
mod connection_limit;
mod connection_signals;
mod executor;
#[cfg(feature = "grpc")]
pub(crate) mod grpc;
mod header_limits;
#[cfg(feature = "http")]
pub(crate) mod http;
mod listener;
#[cfg(feature = "prometheus")]
mod lossless_recorder;
#[cfg_attr(not(feature = "prometheus"), path = "metrics_server_not_built.rs")]
mod metrics_server;
mod peer;
mod peer_log;
mod peer_stream;
#[cfg(feature = "prometheus")]
mod prometheus_recorder;
mod secrets;
mod settings;
#[cfg_attr(not(feature = "tls"), path = "tls_not_built.rs")]
mod tls;
mod tls_files;
mod unadmitted_peers;

pub(crate) use connection_limit::ConnectionLimit;
pub(crate) use executor::{Executor, IoRuntime, Limits};
pub(crate) use header_limits::MAX_HEADERS;
pub(crate) use listener::{BoundListener, Listener, ListenerSettings};
pub(crate) use metrics_server::{MetricsServer, RunningMetricsServer};
pub(crate) use peer::{ForPeer, Peer};
pub(crate) use secrets::Secrets;
pub(crate) use settings::{NO_ADDRESS, ResolvedSettings, Settings};
pub(crate) use tls_files::TlsFiles;
