//! Centrifugo's gRPC API.

mod bytes_codec;
mod connection;
mod sender;
mod transport;

pub(crate) use transport::GrpcTransport;
