//! The gRPC API as a transport.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::uri::PathAndQuery;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::{Code, Request, Status};

use super::bytes_codec::BytesCodec;
use super::connection::Connections;
use super::sender::SendError;
use crate::api::error::Error;
use crate::api::error_text::{chain, clip};
use crate::api::transport::foreign_response::ForeignResponse;
use crate::api::transport::grpc_status::api_error;
use crate::api::transport::settings::TransportSettings;
use crate::api::transport::transport::{Attempt, Transport};

pub(crate) struct GrpcTransport(Arc<Inner>);

struct Inner {
    connections: Connections,
    /// `host:port`, for errors.
    address: String,
    key: Option<MetadataValue<Ascii>>,
    max_answer_len: usize,
}

impl GrpcTransport {
    pub(crate) fn new(settings: &TransportSettings) -> Result<Self, Error> {
        let url = settings.url(&[("grpc", false), ("grpcs", true)], "grpc://127.0.0.1:10000")?;
        if !url.path.is_empty() {
            return Err(Error::invalid(
                "the address of the gRPC API has a path: use `http://` or `https://` for the HTTP API",
            ));
        }
        let scheme = if url.tls { "https" } else { "http" };
        let uri = format!("{scheme}://{}", url.authority)
            .parse()
            .map_err(|error| Error::invalid(chain(&error)))?;
        let key = match settings.key.header("apikey ")? {
            Some(value) => {
                let mut value = MetadataValue::try_from(value.as_bytes())
                    .map_err(|_| Error::invalid("the API key has characters that a header cannot carry"))?;
                value.set_sensitive(true);
                Some(value)
            }
            None => None,
        };
        Ok(Self(Arc::new(Inner {
            connections: Connections::new(settings, uri)?,
            address: url.authority,
            key,
            max_answer_len: settings.max_answer_len,
        })))
    }
}

impl fmt::Debug for GrpcTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gRPC API at {}", self.0.address)
    }
}

impl Transport for GrpcTransport {
    fn name(&self) -> &'static str {
        "grpc"
    }

    fn carry(&self, attempt: Attempt) -> BoxFuture<'static, Result<Bytes, Error>> {
        let inner = self.0.clone();
        Box::pin(async move { inner.carry(attempt).await })
    }
}

impl Inner {
    async fn carry(&self, attempt: Attempt) -> Result<Bytes, Error> {
        let lease = self.connections.get().await.map_err(|cause| {
            Error::not_connected(format!(
                "no connection to Centrifugo's gRPC API at {}: {cause}",
                self.address
            ))
        })?;
        let Attempt {
            names,
            body,
            progress,
            trace,
            permit,
        } = attempt;
        progress.attach(lease.activity());
        let mut request = Request::new(body);
        if let Some(key) = &self.key {
            request.metadata_mut().insert("authorization", key.clone());
        }
        trace.insert_into(request.metadata_mut().as_mut());
        let codec = BytesCodec {
            progress: progress.clone(),
            permit,
        };
        let mut grpc = tonic::client::Grpc::with_origin(lease.sender(), self.connections.origin())
            .max_decoding_message_size(self.max_answer_len);
        let called = async {
            grpc.ready()
                .await
                .map_err(|error| Status::from_error(error.into()))?;
            grpc.unary(request, PathAndQuery::from_static(names.grpc), codec)
                .await
        };
        let answer = called.await;
        lease.end();
        answer
            .map(tonic::Response::into_inner)
            .map_err(|status| self.failure(&status, names.name, progress.is_sent()))
    }

    fn failure(&self, status: &Status, method: &'static str, sent: bool) -> Error {
        let address = &self.address;
        let says = clip(status.message());
        let broken = status
            .source()
            .and_then(|error| error.downcast_ref::<SendError>());
        if let Some(error) = broken {
            return self.not_answered(error, method, sent);
        }
        match status.code() {
            Code::OutOfRange if says.contains("message length too large") => {
                return Error::too_large(None, self.max_answer_len);
            }
            Code::Unauthenticated | Code::PermissionDenied => {
                return Error::refused(format!(
                    "Centrifugo's gRPC API at {address} refuses the API key ({says})"
                ));
            }
            Code::Unimplemented => {
                return Error::unsupported(format!(
                    "Centrifugo's gRPC API at {address} does not offer `{method}` ({says})"
                ));
            }
            _ if !sent => {
                return Error::not_connected(format!(
                    "no connection to Centrifugo's gRPC API at {address}: {}",
                    cause(status)
                ));
            }
            _ => {}
        }
        // Only local failures have a source.
        if status.source().is_none()
            && let Some(error) = api_error(status.code(), status.message(), status.details())
        {
            return Error::answered(method, error);
        }
        match status.code() {
            Code::InvalidArgument
            | Code::NotFound
            | Code::AlreadyExists
            | Code::OutOfRange
            | Code::ResourceExhausted
            | Code::FailedPrecondition => Error::refused(format!(
                "Centrifugo's gRPC API at {address} refuses the call: {says}"
            )),
            code => Error::lost(
                true,
                format!(
                    "no answer from Centrifugo's gRPC API at {address}: {code:?}: {}",
                    cause(status)
                ),
            ),
        }
    }

    /// Returns the error of a request without a gRPC answer.
    fn not_answered(&self, error: &SendError, method: &str, sent: bool) -> Error {
        let address = &self.address;
        match error {
            SendError::Unprocessed(_) => Error::lost(
                false,
                format!(
                    "Centrifugo's gRPC API at {address} did not process the call: {}",
                    chain(error)
                ),
            ),
            SendError::Broken(_) if sent => Error::lost(
                true,
                format!(
                    "no answer from Centrifugo's gRPC API at {address}: {}",
                    chain(error)
                ),
            ),
            SendError::Broken(_) => Error::not_connected(format!(
                "no connection to Centrifugo's gRPC API at {address}: {}",
                chain(error)
            )),
            SendError::NotGrpc {
                status,
                content_type,
                location,
            } => ForeignResponse {
                address,
                api: "gRPC API",
                method,
                status: *status,
                content_type,
                location,
            }
            .into_error(),
        }
    }
}

/// Returns the cause of a status, otherwise its message. The message of a status with a cause is Rust code.
fn cause(status: &Status) -> String {
    match status.source() {
        Some(source) => chain(source),
        None => clip(status.message()),
    }
}
