//! Centrifugo's services as tonic's generator writes them for anybody: what ours is measured beside.

#![allow(missing_docs, unused_qualifications, clippy::pedantic, reason = "generated")]

/// What Centrifugo asks.
pub mod proxy {
    tonic::include_proto!("centrifugal.centrifugo.proxy");
}

/// What Centrifugo is asked.
pub mod api {
    tonic::include_proto!("centrifugal.centrifugo.api");
}
