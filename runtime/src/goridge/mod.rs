//! The frames of goridge, and Go's net/rpc on top of them: pure functions over bytes.

pub(crate) mod frame;
#[cfg(feature = "api")]
pub(crate) mod net_rpc;

pub(crate) use frame::{FrameError, Header};
#[cfg(feature = "api")]
pub(crate) use net_rpc::{Answer, Decoder};
