//! The configuration that results from an existing one and what the program needs.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::{Target, centrifugo, centrifugo_notes, roadrunner};
use crate::centrifugo::ProgramAddresses;
use crate::config_file::ConfigPath;
use crate::description::Description;

/// A configuration that fits the program.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MergedConfig {
    /// The configuration.
    pub value: Value,
    /// Why values are replaced.
    pub reasons: Vec<Reason>,
    /// What people must do in addition.
    pub notes: Vec<String>,
}

/// Why a value is replaced.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reason {
    /// The place of the value.
    pub path: ConfigPath,
    /// The reason.
    pub why: String,
}

/// Returns the values with which a new configuration starts: those without which nothing works, or that are safe.
pub fn starting_values(target: Target) -> Value {
    match target {
        Target::Centrifugo | Target::CentrifugoViaRoadRunner => json!({
            // Only this machine can connect.
            "http_server": { "address": "127.0.0.1", "port": 8000 },
            // Browsers can connect from pages of this machine.
            "client": { "allowed_origins": ["http://localhost:*", "http://127.0.0.1:*"] },
        }),
        Target::RoadRunner => Value::Object(Map::new()),
    }
}

/// Adds what the program needs to a configuration, and replaces what does not fit. Nothing is removed. Paths of programs are
/// written relative to `folder`.
///
/// # Errors
///
/// Returns an error if the program cannot have this configuration, or if the existing one has values of a wrong kind.
pub fn merge(
    description: &Description,
    target: Target,
    existing: &Value,
    folder: Option<&Path>,
) -> Result<MergedConfig, String> {
    let configuration = &description.configuration;
    let requirements = match target {
        Target::Centrifugo => {
            let printed = configuration.centrifugo.as_ref().ok_or(
                "the program has no endpoint of its own, so Centrifugo cannot call it; use `--via-roadrunner`, or build the program with the \
                 feature `grpc` or `http` of the crate `centrifugo`",
            )?;
            let addresses = ProgramAddresses::of_program(description);
            centrifugo::requirements(description, printed, existing, addresses, true)
        }
        Target::CentrifugoViaRoadRunner => {
            let roadrunner = &configuration.roadrunner;
            let addresses = ProgramAddresses::default().with_roadrunner(roadrunner.proxy_address());
            centrifugo::requirements(description, &roadrunner.centrifugo, existing, addresses, false)
        }
        Target::RoadRunner => roadrunner::requirements(&configuration.roadrunner.rr, folder),
    };
    refuse_dotted_keys(existing)?;
    let mut value = existing.clone();
    let mut reasons = Vec::new();
    for requirement in requirements {
        if let Some(path) = requirement.apply(&mut value)? {
            reasons.push(Reason {
                path,
                why: requirement.why,
            });
        }
    }
    let notes = match target {
        Target::RoadRunner => roadrunner::notes(&value),
        _ => centrifugo_notes::notes(description, target, &value),
    };
    Ok(MergedConfig {
        value,
        reasons,
        notes,
    })
}

/// Centrifugo and RoadRunner read `client.insecure` as the key `insecure` of `client`. Two ways to the same value would be
/// confusing.
fn refuse_dotted_keys(config: &Value) -> Result<(), String> {
    let key = config
        .as_object()
        .and_then(|object| object.keys().find(|key| key.contains('.')));
    match key {
        Some(key) => Err(format!(
            "the key `{key}` has dots; write it as nested objects first"
        )),
        None => Ok(()),
    }
}
