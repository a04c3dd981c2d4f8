//! The environment variables of Centrifugo.

use std::collections::BTreeMap;
use std::process::Command;

use crate::centrifugo::Environment;

/// The prefix of the variables that Centrifugo reads. They take precedence over its configuration file.
const PREFIX: &str = "CENTRIFUGO_";

/// The environment variables of Centrifugo.
#[derive(Clone, Debug, Default)]
pub(crate) struct NodeEnvironment {
    /// Whether the variables of the shell count. A generated configuration has nothing to do with them: an address among them would
    /// open its ports to the network.
    pub(crate) is_inherited: bool,
    /// Variables that take precedence over those of the shell.
    pub(crate) variables: Vec<(String, String)>,
}

impl NodeEnvironment {
    /// Sets the variables of a command.
    pub(super) fn apply(&self, command: &mut Command) {
        if !self.is_inherited {
            for (name, _) in std::env::vars_os() {
                if name.to_string_lossy().starts_with(PREFIX) {
                    command.env_remove(name);
                }
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
    }

    /// Returns the variables that configure Centrifugo, by name.
    pub(crate) fn configuring(&self) -> BTreeMap<String, String> {
        let of_shell = std::env::vars_os()
            .filter(|_| self.is_inherited)
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.starts_with(PREFIX));
        of_shell.chain(self.variables.iter().cloned()).collect()
    }

    /// Returns all variables, as the check needs them.
    pub(crate) fn all(&self) -> Environment {
        let mut environment = if self.is_inherited {
            Environment::of_process()
        } else {
            Environment::default()
        };
        for (name, value) in &self.variables {
            environment.set(name, value);
        }
        environment
    }
}
