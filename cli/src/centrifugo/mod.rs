//! A model of Centrifugo 6.9: how it reads its configuration, and what it does with the requests of clients.
//!
//! The model is pure: it reads no file and asks no network.

mod configuration;
mod decision;
mod endpoint_address;
mod environment;
mod file_reader;
pub(crate) mod go_duration;
#[cfg(feature = "cli")]
pub(crate) mod jwt;
mod key_table;
mod key_type;
mod keys;
pub(crate) mod namespaces;
pub(crate) mod pro_keys;
mod problem;
mod program_addresses;
pub(crate) mod proxies;
pub(crate) mod replaced_keys;
mod request;
mod rules;
mod start;
pub(crate) mod tokens;
mod value;
mod variable_reader;

pub use configuration::Configuration;
pub use decision::{Code, Decision, Outcome, Proxy, Rule, Step};
pub(crate) use endpoint_address::{EndpointAddress, reachable};
pub use environment::Environment;
pub use key_table::{Key, all_keys, find_key};
pub(crate) use key_table::{join, last_name};
pub use key_type::KeyType;
pub use problem::{Problem, ProblemKind};
pub(crate) use program_addresses::{Peer, ProgramAddresses};
pub use request::{Request, SubscriptionType, Token};
pub use rules::decide;
pub(crate) use start::is_valid_name;
pub use start::{StartProblem, start_problems};
pub use value::Value;
pub(crate) use variable_reader::name_of as variable_name;
