//! The settings of `Server` for the proxy endpoint.

use std::path::PathBuf;

use super::server::Server;

/// Settings of the proxy endpoint. A RoadRunner worker ignores them, with a warning.
impl Server {
    /// Sets the address of the gRPC endpoint. The default is `127.0.0.1:10001`. Port 0 selects a free port, and `off` disables
    /// the endpoint.
    ///
    /// An address that other machines can reach requires [`Server::require_metadata`] or mutual TLS, since any caller can be any
    /// user. [`Server::allow_unauthenticated`] and `WORKER_ALLOW_PLAIN=1` permit it without.
    #[cfg(feature = "grpc")]
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.config.endpoint.listen = Some(address.into());
        self
    }

    /// Sets the address of the HTTP endpoint. By default, the program does not listen for HTTP. The rules of `Server::listen`
    /// apply.
    #[cfg(feature = "http")]
    pub fn listen_http(mut self, address: impl Into<String>) -> Self {
        self.config.endpoint.http_listen = Some(address.into());
        self
    }

    /// Sets the prefix of the HTTP endpoint's paths. The default is `/centrifugo`, as in
    /// [Centrifugo's documentation](https://centrifugal.dev/docs/server/proxy).
    #[cfg(feature = "http")]
    pub fn http_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.config.endpoint.http_prefix = Some(prefix.into());
        self
    }

    /// Sets a secret that each call must have in its metadata: Centrifugo's `grpc.credentials_key` and `grpc.credentials_value`, or
    /// one of `http.static_headers`. Other calls are refused with `UNAUTHENTICATED` or status 401. If this is called several
    /// times, calls must have all secrets.
    ///
    /// The value is compared in constant time. It is never printed, and handlers do not see it. Choose a key that is not among the
    /// headers that Centrifugo forwards from clients.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let secret = std::fs::read_to_string("/run/secrets/centrifugo")?;
    /// centrifugo::Server::from_env()?.require_metadata("x-backend-key", &secret).run()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn require_metadata(mut self, key: &str, value: &str) -> Self {
        if let Err(text) = self.config.endpoint.secrets.add(key, value) {
            self.config.endpoint.problems.push(text);
        }
        self
    }

    /// Enables TLS, with the paths of two PEM files: the certificate chain and its private key.
    pub fn tls(mut self, cert: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.config.endpoint.tls.cert = Some(cert.into());
        self.config.endpoint.tls.key = Some(key.into());
        self
    }

    /// Enables mutual TLS, with the path of a PEM file. Callers must have a certificate that one of its authorities has signed.
    pub fn tls_client_ca(mut self, path: impl Into<PathBuf>) -> Self {
        self.config.endpoint.tls.client_ca = Some(path.into());
        self
    }

    /// Sets how many events are handled at once. By default, their number is unlimited. Further events wait for at most half of
    /// their time limit, and are then refused with error 111, too many requests (temporary).
    pub fn concurrency(mut self, events: usize) -> Self {
        self.config.endpoint.limits.concurrency = Some(events);
        self
    }

    /// Sets how many connections may be open at once, on all endpoints together. The default is 2,048.
    ///
    /// Further connections are closed at once, and their count is logged. An idle connection takes about 23 kB. Centrifugo keeps
    /// one connection for each gRPC proxy, and one for each concurrent event over HTTP. A mounted service or router ignores this
    /// setting.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.config.endpoint.max_connections = Some(connections);
        self
    }

    /// Sets how many handlers may block a thread at once. The default is 512. While this many handlers block, further events are
    /// refused with error 111, too many requests (temporary).
    ///
    /// This counts handlers with the option `blocking`, and others that block their thread.
    pub fn max_blocked_handlers(mut self, handlers: usize) -> Self {
        self.config.endpoint.limits.max_blocked = Some(handlers);
        self
    }

    /// Serves callers that have neither a secret nor a client certificate, on an address that other machines can reach or in a
    /// mounted service. The variable is `WORKER_ALLOW_PLAIN=1`.
    ///
    /// Any caller can then be any user. Use this only if the network or your own server allows no caller except Centrifugo.
    pub fn allow_unauthenticated(mut self) -> Self {
        self.config.endpoint.allow_plain = true;
        self
    }
}
