//! The HTTP API as a transport.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::future::BoxFuture;

use super::publish_batcher::{PublishBatcher, is_batchable};
use super::requester::Requester;
use crate::api::error::Error;
use crate::api::transport::settings::TransportSettings;
use crate::api::transport::transport::{Attempt, Encoding, Transport};

pub(crate) struct HttpTransport {
    requester: Arc<Requester>,
    batcher: PublishBatcher,
}

impl HttpTransport {
    pub(crate) fn new(settings: &TransportSettings) -> Result<Self, Error> {
        Ok(Self {
            requester: Arc::new(Requester::new(settings)?),
            batcher: PublishBatcher::default(),
        })
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP API at {}", self.requester.address())
    }
}

impl Transport for HttpTransport {
    fn name(&self) -> &'static str {
        "http"
    }

    fn encoding(&self) -> Encoding {
        Encoding::Json
    }

    fn carry(&self, attempt: Attempt) -> BoxFuture<'static, Result<Bytes, Error>> {
        let requester = self.requester.clone();
        if is_batchable(&attempt) {
            let batcher = self.batcher.clone();
            Box::pin(async move { batcher.carry(requester, attempt).await })
        } else {
            Box::pin(async move { requester.send_one(attempt).await })
        }
    }
}
