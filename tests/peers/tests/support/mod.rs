//! What several ways to be asked have in common.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "each test file uses its part"
)]

pub mod api;
pub mod balancer;
pub mod data;
pub mod direct;
pub mod events;
pub mod load;
pub mod names;
pub mod tunnel;
