//! Drivers and statistics that the benchmarks share.

#![allow(
    missing_debug_implementations,
    reason = "only the tests of this workspace use these types"
)]

mod load;
mod measurements;
mod pin;
mod program;
mod spread;
mod worker_process;

pub use load::{Http1, Http2, Load, Protocol, Round};
pub use measurements::{Measurements, round_order};
pub use pin::pin;
pub use program::{ProgramCopy, program};
pub use spread::{Spread, percentile};
pub use worker_process::{WorkerProcess, event, frame};
