//! Where and how Centrifugo reaches the program.

use serde::Deserialize;

/// The program's own endpoint.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Endpoint {
    /// The address of the gRPC endpoint, as it is set.
    pub grpc: Option<String>,
    /// The address of the HTTP endpoint, as it is set.
    pub http: Option<String>,
    /// The prefix of the HTTP endpoint's paths: empty, or with a slash in front and none at the end. `None` if it is invalid.
    pub http_prefix: Option<String>,
    /// Whether the endpoint requires TLS.
    pub tls: bool,
    /// Whether the endpoint requires a certificate of the client.
    pub mutual_tls: bool,
    /// The metadata keys of the secrets.
    pub secret_keys: Vec<String>,
    /// The URL of the server API that the program calls, without credentials.
    pub api_url: Option<String>,
    /// Whether the program can be part of another server, with another address.
    pub may_be_mounted: bool,
}
