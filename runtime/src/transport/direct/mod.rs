//! The proxy endpoint itself, for a program that RoadRunner did not start: what gRPC and HTTP have in common.

mod accept;
mod awake;
mod batches;
mod bound_socket;
mod centrifugo;
mod connection_limit;
mod fair_reads;
mod front;
mod header_limits;
mod notice;
mod opening;
mod peer;
mod run;
mod secrets;
mod settings;
#[cfg(feature = "grpc")]
mod streams;
mod tls;
mod trust;

pub(crate) use front::Front;
pub(crate) use header_limits::MAX_HEADERS;
pub(crate) use peer::{ForPeer, Peer};
pub(crate) use run::run;
pub(crate) use secrets::Secrets;
pub(crate) use settings::Settings;
#[cfg(feature = "grpc")]
pub(crate) use streams::Stopped;
