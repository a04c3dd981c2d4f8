//! A program that listens, as the start banner and the printed configuration show it.

use std::net::SocketAddr;

use crate::endpoint::Secrets;
use crate::handler::Route;

pub(super) struct ServedProgram<'a> {
    pub(super) grpc: Option<SocketAddr>,
    pub(super) http: Option<SocketAddr>,
    pub(super) prefix: &'a str,
    pub(super) secrets: &'a Secrets,
    pub(super) tls: bool,
    pub(super) mutual: bool,
    pub(super) routes: &'a [&'static Route],
}
