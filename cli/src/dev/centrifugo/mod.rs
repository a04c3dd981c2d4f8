//! Centrifugo: where it is, how it is configured for the program, and its process.

mod configuration;
mod executable;
mod generated_file;
mod node;
mod node_environment;
mod own_file;
mod removed_secrets;

use configuration::LOCAL_ORIGINS;
pub(crate) use configuration::{DevSettings, configuration, needs_restart};
pub(crate) use executable::{HOW_TO_GET, find, version};
pub(crate) use generated_file::GeneratedFile;
pub(crate) use node::Node;
pub(crate) use node_environment::NodeEnvironment;
pub(crate) use own_file::OwnFile;
pub(crate) use removed_secrets::{value_without_secrets, variable_without_secrets};
