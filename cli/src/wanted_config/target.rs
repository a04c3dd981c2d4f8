//! Which configuration is wanted.

/// A configuration that a program needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// Centrifugo's, for a program that Centrifugo calls.
    Centrifugo,
    /// Centrifugo's, for a program that RoadRunner runs.
    CentrifugoViaRoadRunner,
    /// RoadRunner's `.rr.yaml`.
    RoadRunner,
}
