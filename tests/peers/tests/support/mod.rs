//! Checks and helpers that several test files share.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "each test file uses a part of this module"
)]

pub mod api;
pub mod balancer;
pub mod data;
pub mod direct;
pub mod events;
pub mod load;
pub mod name_server;
pub mod tunnel;
