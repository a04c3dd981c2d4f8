//! What the start banner and the generated configuration show of a program.

use crate::channel::ChannelInfo;
use crate::handler::Route;

pub(super) struct ServedProgram<'a> {
    /// The address of the gRPC endpoint, or of the process that passes events on.
    pub(super) grpc: Option<String>,
    pub(super) http: Option<String>,
    /// The prefix of the HTTP endpoint's paths.
    pub(super) prefix: &'a str,
    /// The metadata keys of the secrets.
    pub(super) secret_keys: Vec<&'a str>,
    pub(super) has_tls: bool,
    pub(super) has_mutual_tls: bool,
    /// The URL of the server API that the program calls.
    pub(super) api_url: Option<&'a str>,
    pub(super) routes: &'a [&'static Route],
    pub(super) channel_types: Vec<&'static ChannelInfo>,
}

impl<'a> ServedProgram<'a> {
    /// Creates a program that receives events over gRPC without TLS and secrets.
    pub(super) fn plain(address: &str, routes: &'a [&'static Route]) -> Self {
        Self {
            grpc: Some(address.to_owned()),
            http: None,
            prefix: "",
            secret_keys: Vec::new(),
            has_tls: false,
            has_mutual_tls: false,
            api_url: None,
            routes,
            channel_types: Vec::new(),
        }
    }
}
