//! The configurations that send events to the program.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The configurations that the program makes for its handlers.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Configuration {
    /// Centrifugo's configuration for the program's own endpoint, or `None` if it has none.
    pub centrifugo: Option<Map<String, Value>>,
    /// The configurations for a program that RoadRunner runs.
    pub roadrunner: RoadRunnerConfiguration,
}

/// The configurations for a program that RoadRunner runs.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct RoadRunnerConfiguration {
    /// The content of `.rr.yaml`.
    pub rr: Map<String, Value>,
    /// Centrifugo's configuration.
    pub centrifugo: Map<String, Value>,
}

impl RoadRunnerConfiguration {
    /// Returns the address to which Centrifugo sends events, such as `tcp://127.0.0.1:30000`.
    pub(crate) fn proxy_address(&self) -> Option<&str> {
        self.rr.get("centrifuge")?.get("proxy_address")?.as_str()
    }
}
