//! The proxy endpoint itself, for a program that RoadRunner did not start.

mod bound_socket;
mod connection_limit;
mod executor;
mod fair_reads;
#[cfg(feature = "grpc")]
pub(crate) mod grpc;
mod header_limits;
#[cfg(feature = "http")]
pub(crate) mod http;
mod listener;
mod peer;
mod peer_address;
mod preface_timeout;
mod refusals;
mod secrets;
mod settings;
#[cfg_attr(not(feature = "tls"), path = "tls_not_built.rs")]
mod tls;
mod tls_files;

pub(crate) use connection_limit::ConnectionLimit;
pub(crate) use executor::{Executor, IoRuntime, Limits};
pub(crate) use header_limits::MAX_HEADERS;
pub(crate) use listener::{Door, DoorSettings, OpenDoor};
pub(crate) use peer::{ForPeer, Peer};
pub(crate) use secrets::Secrets;
pub(crate) use settings::{Ready, Settings};
