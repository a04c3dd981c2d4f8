//! Real peers for tests: RoadRunner, Centrifugo and clients, on loopback, on free ports.

mod alone;
mod binaries;
mod client;
mod direct;
mod folder;
mod merge;
mod node;
mod peers;
mod ports;
mod process;
mod program;
mod redis;
mod rpc;
mod socket;
mod stack;

pub use alone::Alone;
pub use client::{Client, Subscribed};
pub use direct::{Direct, Pair, Transport};
pub use node::Node;
pub use peers::{Peers, Reach};
pub use ports::free as free_port;
pub use process::{Process, cpu};
pub use program::Program;
pub use redis::Redis;
pub use rpc::call;
pub use socket::Socket;
pub use stack::{Relay, Setup, Stack};
