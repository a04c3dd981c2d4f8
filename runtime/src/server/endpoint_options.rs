//! The options of `Server` for the proxy endpoint.

use std::path::PathBuf;

use super::server::Server;

/// For a program that RoadRunner did not start. A worker of RoadRunner takes no notice of these.
impl Server {
    /// Where gRPC listens: an address such as `127.0.0.1:10001`, which it is unless set; port 0 for any that is free;
    /// `off` for HTTP alone.
    ///
    /// An address that others than this machine can reach needs [`Server::require_metadata`] or mutual TLS, since who
    /// reaches it can be any user; `WORKER_ALLOW_PLAIN=1` takes it without.
    #[cfg(feature = "grpc")]
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.config.direct.listen = Some(address.into());
        self
    }

    /// Where HTTP listens, beside gRPC; nowhere unless set. The rules of `Server::listen` hold here too.
    #[cfg(feature = "http")]
    pub fn listen_http(mut self, address: impl Into<String>) -> Self {
        self.config.direct.http_listen = Some(address.into());
        self
    }

    /// What the paths of the HTTP endpoint begin with; `/centrifugo` unless set, as in
    /// [Centrifugo's docs](https://centrifugal.dev/docs/server/proxy).
    #[cfg(feature = "http")]
    pub fn http_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.config.direct.http_prefix = Some(prefix.into());
        self
    }

    /// Metadata that each call must carry: Centrifugo's `grpc.credentials_key` and `grpc.credentials_value`, or one of
    /// `http.static_headers`. Others are refused with `UNAUTHENTICATED` or 401. Several calls of this ask for all of them.
    ///
    /// The value is compared in constant time, is shown nowhere, and does not reach handlers. Take a key that no client's
    /// header has.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let secret = std::fs::read_to_string("/run/secrets/centrifugo")?;
    /// centrifugo::Server::from_env()?.require_metadata("x-backend-key", &secret).run()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn require_metadata(mut self, key: &str, value: &str) -> Self {
        if let Err(text) = self.config.direct.secrets.add(key, value) {
            self.config.direct.problems.push(text);
        }
        self
    }

    /// Serves over TLS: paths of PEM files with the certificates and their private key.
    pub fn tls(mut self, cert: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.config.direct.tls.cert = Some(cert.into());
        self.config.direct.tls.key = Some(key.into());
        self
    }

    /// Mutual TLS: takes only callers whose certificate one of these authorities signed, a path of a PEM file.
    pub fn tls_client_ca(mut self, path: impl Into<PathBuf>) -> Self {
        self.config.direct.tls.client_ca = Some(path.into());
        self
    }

    /// How many events are handled at once; any number unless set. Further ones wait for at most half of the time that they
    /// have, and are then refused with error 111, too many requests (temporary).
    pub fn concurrency(mut self, events: usize) -> Self {
        self.config.direct.limits.concurrency = Some(events);
        self
    }

    /// Sets how many connections may be open at once, on all endpoints together; 2,048 unless set.
    ///
    /// Further ones are closed at once, and logged with their count. An idle connection costs about 23 kB. Centrifugo keeps one
    /// connection for each gRPC proxy, and one for each event under way over HTTP. A mounted service or router does not use this
    /// setting.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.config.direct.max_connections = Some(connections);
        self
    }

    /// How many handlers may block a thread at once, 512 unless set. While so many do, further events are refused with error
    /// 111, too many requests (temporary).
    ///
    /// A handler that is not `blocking` and blocks all the same gets a thread from the same number.
    pub fn max_blocked_handlers(mut self, handlers: usize) -> Self {
        self.config.direct.limits.max_blocked = Some(handlers);
        self
    }

    /// Serves callers that have neither a secret nor a client certificate, on an address that other machines can reach or in
    /// a mounted service; `WORKER_ALLOW_PLAIN=1`.
    ///
    /// Whoever reaches the endpoint can then be any user. Call it only where the network, or your own server, keeps others
    /// out.
    pub fn allow_unauthenticated(mut self) -> Self {
        self.config.direct.allow_plain = true;
        self
    }
}
