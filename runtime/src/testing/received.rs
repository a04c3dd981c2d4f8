//! Frames of a worker, as RoadRunner interprets them.

/// The meaning of a worker's frame to RoadRunner.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Received {
    /// The encoded response for Centrifugo.
    Answer(Vec<u8>),
    /// A gRPC error for Centrifugo; the worker is kept.
    Failure(String),
    /// The worker asks to be replaced, and the event goes to another one.
    Retire,
    /// A control frame.
    Control(Vec<u8>),
    /// The frame is malformed, and the worker is killed. The text is the reason.
    Broken(String),
    /// The worker closed the relay.
    Closed,
}
