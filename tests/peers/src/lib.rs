//! Starts real peers for tests: RoadRunner, Centrifugo, Redis, nginx and clients, on free ports of the loopback.

#![allow(
    missing_debug_implementations,
    reason = "only the tests of this workspace use these types"
)]

mod chat;
mod check_config;
mod client;
mod command_line;
mod config_doc;
mod configured_stack;
mod contender;
mod description;
mod dev_session;
mod direct_stack;
mod folder;
mod http_get;
mod javascript;
mod load_clients;
mod merge;
mod new_project;
mod nginx;
mod node;
mod observability;
mod ports;
mod process;
mod program;
mod programs;
mod prometheus;
mod redis;
mod rpc;
mod scrape;
pub mod services;
mod setup;
mod socket;
mod stack;
mod standalone_node;
mod traits;

pub use chat::Chat;
pub use check_config::{check_config, check_config_file};
pub use client::{Client, ClientSubscription};
pub use config_doc::config_doc;
pub use configured_stack::ConfiguredStack;
pub use contender::{Contender, RunningContender, sibling_program};
pub use description::describe;
pub use dev_session::DevSession;
pub use direct_stack::{DirectSetup, DirectStack, Transport};
pub use folder::Folder;
pub use http_get::http_get;
pub use javascript::{node_tests, script, tsc};
pub use load_clients::LoadClients;
pub use new_project::NewProject;
pub use nginx::Nginx;
pub use node::Node;
pub use observability::Observability;
pub use ports::free as free_port;
pub use process::{Process, cpu};
pub use program::Program;
pub use programs::{centrifugo, chromium, gocent, promtool};
pub use prometheus::Prometheus;
pub use redis::Redis;
pub use rpc::call;
pub use scrape::Scrape;
pub use setup::{Relay, Setup};
pub use socket::Socket;
pub use stack::Stack;
pub use standalone_node::StandaloneNode;
pub use test_support::workspace_program;
pub use traits::{ClientUrl, Peers};
