//! What RoadRunner's configuration must have.

use std::path::Path;

use serde_json::{Map, Value};

use super::lookup;
use super::requirement::{Requirement, Rule, Step};

/// Where Centrifugo's configuration expects RoadRunner.
const PROXY_ADDRESS: &str = "tcp://127.0.0.1:30000";

/// Returns what `.rr.yaml` must have. Values that are there remain, because the program works with all of them.
pub(super) fn requirements(printed: &Map<String, Value>, folder: Option<&Path>) -> Vec<Requirement> {
    let mut requirements = Vec::new();
    for (key, wanted) in printed {
        add(vec![Step::Key(key.clone())], wanted, folder, &mut requirements);
    }
    requirements
}

fn add(place: Vec<Step>, wanted: &Value, folder: Option<&Path>, requirements: &mut Vec<Requirement>) {
    match wanted {
        Value::Object(object) if !object.is_empty() => {
            for (key, wanted) in object {
                let place = place.iter().cloned().chain([Step::Key(key.clone())]).collect();
                add(place, wanted, folder, requirements);
            }
        }
        _ => {
            let is_command = place.last() == Some(&Step::Key("command".to_owned()));
            let wanted = match (wanted.as_str(), folder) {
                (Some(command), Some(folder)) if is_command => relative(command, folder).into(),
                _ => wanted.clone(),
            };
            requirements.push(Requirement {
                place,
                wanted,
                rule: Rule::Any,
                why: String::new(),
            });
        }
    }
}

/// Returns the path of a program in a folder relative to the folder, since a path of this machine does not help others.
fn relative(command: &str, folder: &Path) -> String {
    match Path::new(command).strip_prefix(folder) {
        Ok(path) => format!("./{}", path.display()),
        Err(_) => command.to_owned(),
    }
}

/// Returns what people must do with the configuration.
pub(super) fn notes(config: &Value) -> Vec<String> {
    let address = lookup::find(config, &["centrifuge", "proxy_address"]).and_then(Value::as_str);
    match address {
        Some(address) if address != PROXY_ADDRESS => {
            let endpoint = address.replacen("tcp://", "grpc://", 1);
            vec![format!(
                "the endpoints of Centrifugo's proxies must be `{endpoint}`"
            )]
        }
        _ => Vec::new(),
    }
}
