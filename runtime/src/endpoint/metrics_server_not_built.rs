//! Takes the place of the metrics server in a build without it.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;

/// Never exists.
pub(crate) struct MetricsServer(Infallible);

/// Never exists.
pub(crate) struct RunningMetricsServer(Infallible);

impl MetricsServer {
    pub(crate) fn bind(_: &[SocketAddr]) -> Result<Self, String> {
        Err(
            "WORKER_METRICS_LISTEN is set, but `centrifugo` was built without its feature `prometheus`"
                .into(),
        )
    }

    pub(crate) fn start(self) -> io::Result<RunningMetricsServer> {
        match self.0 {}
    }
}

impl RunningMetricsServer {
    pub(crate) fn set_ready(&self, _: bool) {
        match self.0 {}
    }
}
