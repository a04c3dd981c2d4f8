//! RoadRunner's RPC: its `centrifuge` plugin forwards calls to Centrifugo's gRPC API.

mod connection;
#[cfg(fuzzing)]
pub(crate) mod fuzz;
mod rpc_error;
mod transport;

pub(crate) use transport::RoadRunnerTransport;
