//! What a user may choose.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::Style;
use crate::program::ProgramOptions;

/// What a user may choose.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) program: ProgramOptions,
    /// Arguments of the program.
    pub(crate) arguments: Vec<OsString>,
    pub(crate) env_file: Option<PathBuf>,
    pub(crate) centrifugo: CentrifugoOptions,
    /// The wanted address of the proxy.
    pub(crate) listen: SocketAddr,
    /// The wanted port of the console.
    pub(crate) console_port: u16,
    pub(crate) record: Option<PathBuf>,
    /// Members that recordings leave out.
    pub(crate) removed: Vec<String>,
    pub(crate) style: Style,
}

/// How Centrifugo is started.
#[derive(Clone, Debug)]
pub(crate) struct CentrifugoOptions {
    pub(crate) is_off: bool,
    pub(crate) executable: Option<PathBuf>,
    pub(crate) config: Option<PathBuf>,
    /// The wanted port of its clients.
    pub(crate) port: Option<u16>,
}
