//! What the test packages share. What goes wrong here fails the test.

mod authority;
mod log;

pub use authority::Authority;
pub use log::Log;
