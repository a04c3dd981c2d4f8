//! What a test needs of peers, however they are put together.

use std::path::PathBuf;

use crate::Process;

/// Centrifugo, as clients see it.
pub trait Reach {
    /// Where clients connect.
    fn url(&self) -> String;
}

/// Centrifugo with a backend.
pub trait Peers: Reach + Sync {
    /// A file beside the logs.
    fn file(&self, name: &str) -> PathBuf;

    /// In whose log the handlers' messages are.
    fn backend(&self) -> &Process;
}
