//! The messages of Centrifugo's proxy service and server API, as of v6.9.
//!
//! ```
//! use centrifugo_proto::proxy::RpcRequest;
//! use prost::Message;
//!
//! let request = RpcRequest { method: "user/get".into(), ..Default::default() };
//! let bytes = request.encode_to_vec();
//! assert_eq!(RpcRequest::decode(bytes.as_slice()).unwrap().method, "user/get");
//! ```

/// Requests that Centrifugo sends to a backend, and their responses: package `centrifugal.centrifugo.proxy`.
pub mod proxy {
    include!("generated/proxy.rs");
}

/// Requests of the server API, and their responses: package `centrifugal.centrifugo.api`.
pub mod api {
    include!("generated/api.rs");
}

#[cfg(feature = "json")]
mod json;
mod numbers;

pub use numbers::FieldsByNumber;
