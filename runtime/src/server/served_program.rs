//! What the start banner and the generated configuration show of a program.

#[cfg(feature = "_direct")]
use super::config::Config;
use crate::channel::ChannelInfo;
use crate::handler::Route;
#[cfg(feature = "_direct")]
use crate::startup::{ServeError, linked_channel_types};

pub(super) struct ServedProgram<'a> {
    /// The address of the gRPC endpoint, or of the process that passes events on.
    pub(super) grpc: Option<String>,
    pub(super) http: Option<String>,
    /// The prefix of the HTTP endpoint's paths.
    pub(super) prefix: String,
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
    /// Creates a program that receives events on its own endpoints.
    ///
    /// # Errors
    ///
    /// Returns an error if the prefix of the HTTP endpoint is invalid.
    #[cfg(feature = "_direct")]
    pub(super) fn new(config: &'a Config, routes: &'a [&'static Route]) -> Result<Self, ServeError> {
        let settings = &config.endpoint;
        Ok(Self {
            grpc: settings.grpc_address().map(str::to_owned),
            http: settings.http_address().map(str::to_owned),
            prefix: settings.prefix().map_err(ServeError::start)?,
            secret_keys: settings.secrets.keys().collect(),
            has_tls: settings.tls.cert.is_some(),
            has_mutual_tls: settings.tls.client_ca.is_some(),
            api_url: settings.api_url.as_deref(),
            routes,
            channel_types: linked_channel_types(),
        })
    }

    /// Creates a program that receives events over gRPC without TLS and secrets.
    pub(super) fn plain(address: &str, routes: &'a [&'static Route]) -> Self {
        Self {
            grpc: Some(address.to_owned()),
            http: None,
            prefix: String::new(),
            secret_keys: Vec::new(),
            has_tls: false,
            has_mutual_tls: false,
            api_url: None,
            routes,
            channel_types: Vec::new(),
        }
    }
}
