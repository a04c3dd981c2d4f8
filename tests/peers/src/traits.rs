//! Traits of started peers, so that tests work with and without RoadRunner.

use std::path::PathBuf;

use crate::Process;

/// A Centrifugo that clients can connect to.
pub trait ClientUrl {
    /// Returns the URL for clients.
    fn url(&self) -> String;
}

/// Centrifugo with a backend.
pub trait Peers: ClientUrl + Sync {
    /// Returns the path of a file in the folder of the logs.
    fn file(&self, name: &str) -> PathBuf;

    /// Returns the process whose log contains the messages of the handlers.
    fn backend(&self) -> &Process;
}
