//! The proxy endpoint itself, for a program that RoadRunner did not start: what gRPC and HTTP have in common.

mod accept;
mod bound_socket;
mod centrifugo;
mod connection_limit;
mod executor;
mod fair_reads;
mod header_limits;
mod notice;
mod opening;
mod peer;
mod peer_address;
mod refusals;
mod run;
mod secrets;
mod settings;
mod tls;

pub(crate) use executor::{Executor, Limits};
#[cfg(feature = "grpc")]
pub(crate) use executor::{Opened, Outbox, Stopped};
pub(crate) use header_limits::MAX_HEADERS;
pub(crate) use peer::{ForPeer, Peer};
pub(crate) use run::run;
pub(crate) use secrets::Secrets;
pub(crate) use settings::Settings;
