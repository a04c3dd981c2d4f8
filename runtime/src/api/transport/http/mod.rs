//! Centrifugo's HTTP API.

mod batch_replies;
mod connection_pool;
mod publish_batch;
mod publish_batcher;
mod request_body;
mod requester;
mod transport;

pub(crate) use transport::HttpTransport;
