//! What the test packages share. What goes wrong here fails the test.

#![allow(
    missing_debug_implementations,
    reason = "only the tests of this workspace use these types"
)]

mod authority;
mod log;

pub use authority::Authority;
pub use log::Log;
