//! Real peers for tests: RoadRunner, Centrifugo and clients, on loopback, on free ports.

#![allow(
    missing_debug_implementations,
    reason = "only the tests of this workspace use these types"
)]

mod alone;
mod binaries;
mod chat;
mod client;
mod clients;
mod contender;
mod direct;
mod folder;
mod javascript;
mod merge;
mod nginx;
mod node;
mod peers;
mod ports;
mod process;
mod program;
mod redis;
mod rpc;
pub mod services;
mod socket;
mod stack;

pub use alone::Alone;
pub use binaries::{chromium, gocent};
pub use chat::Chat;
pub use client::{Client, Subscribed};
pub use clients::Clients;
pub use contender::{Answering, Contender, beside};
pub use direct::{Direct, Pair, Transport};
pub use javascript::script;
pub use nginx::Nginx;
pub use node::Node;
pub use peers::{Peers, Reach};
pub use ports::free as free_port;
pub use process::{Process, cpu};
pub use program::Program;
pub use redis::Redis;
pub use rpc::call;
pub use socket::Socket;
pub use stack::{Relay, Setup, Stack};
