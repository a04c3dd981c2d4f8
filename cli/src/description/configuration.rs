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
