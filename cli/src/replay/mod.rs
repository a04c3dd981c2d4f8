//! Replays recordings against a program.

mod difference;
mod free_connections;
mod ignored_paths;
mod latencies;
mod replayer;
mod summary;

pub use difference::{Difference, differences};
pub use ignored_paths::IgnoredPaths;
pub use latencies::Latencies;
pub use replayer::{ReplayOptions, replay};
pub use summary::{ChangedAnswer, FailedEvent, ReplayFinding, Summary};
