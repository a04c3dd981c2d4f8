//! Centrifugo's services from tonic's generator, to compare the endpoint with them.

#![allow(missing_docs, unused_qualifications, clippy::pedantic, reason = "generated")]

/// The proxy service.
pub mod proxy {
    tonic::include_proto!("centrifugal.centrifugo.proxy");
}

/// The server API.
pub mod api {
    tonic::include_proto!("centrifugal.centrifugo.api");
}
