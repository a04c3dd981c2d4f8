//! Real peers for tests: RoadRunner, Centrifugo and clients, on loopback, on free ports.

mod binaries;
mod client;
mod ports;
mod process;
mod rpc;
mod socket;
mod stack;

pub use client::{Client, Subscribed};
pub use process::{Process, cpu};
pub use rpc::call;
pub use socket::Socket;
pub use stack::{Relay, Setup, Stack};
