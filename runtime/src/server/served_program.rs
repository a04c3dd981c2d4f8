//! What the start banner and the generated configuration show of a program.

use std::net::SocketAddr;

use crate::endpoint::Secrets;
use crate::handler::Route;

pub(super) struct ServedProgram<'a> {
    pub(super) grpc: Option<SocketAddr>,
    pub(super) http: Option<SocketAddr>,
    /// The prefix of the HTTP endpoint's paths.
    pub(super) prefix: &'a str,
    pub(super) secrets: &'a Secrets,
    pub(super) has_tls: bool,
    pub(super) has_mutual_tls: bool,
    pub(super) routes: &'a [&'static Route],
}
