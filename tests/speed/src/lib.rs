//! What the benchmarks share.

mod peer;
mod stats;

pub use peer::{Peer, event};
pub use stats::{Spread, percentile};
