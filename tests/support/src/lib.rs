//! Helpers that the test packages share. They panic on errors, which fails the test.

#![allow(
    missing_debug_implementations,
    reason = "only the tests of this workspace use these types"
)]

mod authority;
mod cargo;
mod log;
mod notes;
mod panic_on_drop;
#[cfg(feature = "otlp")]
mod trace_receiver;

pub use authority::Authority;
pub use cargo::{PROFILE, cargo, target, workspace_program};
pub use log::Log;
pub use notes::{NoteOnDrop, note};
pub use panic_on_drop::PanicOnDrop;
#[cfg(feature = "otlp")]
pub use trace_receiver::{ReceivedSpan, TraceReceiver};
