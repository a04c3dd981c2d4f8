//! What the benchmarks share.

#![allow(
    missing_debug_implementations,
    reason = "only the tests of this workspace use these types"
)]

mod load;
mod measured;
mod peer;
mod pin;
mod stats;

pub use load::{Http1, Http2, Load, Protocol, Round};
pub use measured::{Measured, turns};
pub use peer::{Peer, event};
pub use pin::pin;
pub use stats::{Spread, percentile};
