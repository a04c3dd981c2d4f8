//! The backend: the quickstart, and handlers that use more of the crate.

mod api;
mod clock;
mod faults;
mod lease;
#[path = "../../../quickstart/src/main.rs"]
#[allow(dead_code, reason = "its `main` only calls `serve`, as this program does")]
mod quickstart;

pub use centrifugo::serve;
