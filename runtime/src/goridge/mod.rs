//! The frames of goridge, and Go's net/rpc on top of them: pure functions over bytes.

pub(crate) mod frame;
#[cfg(any(feature = "api", feature = "prometheus"))]
pub(crate) mod net_rpc;
#[cfg(any(feature = "api", feature = "prometheus"))]
mod rpc_address;

pub(crate) use frame::{FrameError, Header};
#[cfg(any(feature = "api", feature = "prometheus"))]
pub(crate) use net_rpc::{Answer, Decoder};
#[cfg(any(feature = "api", feature = "prometheus"))]
pub(crate) use rpc_address::RpcAddress;
