//! Centrifugo's gRPC API.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;

use bytes::{Buf as _, BufMut as _, Bytes};
use http::uri::PathAndQuery;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::{Code, Request, Status};

use super::connection::Connections;
use super::{Attempt, Progress, Transport};
use crate::api::error::{Error, chain, clip};
use crate::api::settings::Settings;
use crate::state::BoxFuture;

pub(crate) struct Grpc(Arc<Inner>);

struct Inner {
    connections: Connections,
    /// `host:port`, for texts.
    address: String,
    key: Option<MetadataValue<Ascii>>,
    max_answer_len: usize,
}

impl Grpc {
    pub(crate) fn new(settings: &Settings) -> Result<Self, Error> {
        let url = settings.url(&[("grpc", false), ("grpcs", true)], "grpc://127.0.0.1:10000")?;
        let scheme = if url.tls { "https" } else { "http" };
        let uri = format!("{scheme}://{}", url.authority)
            .parse()
            .map_err(|error| Error::invalid(chain(&error)))?;
        let key = match settings.key.header("apikey ")? {
            Some(value) => {
                let mut value = MetadataValue::try_from(value.as_bytes())
                    .map_err(|_| Error::invalid("the API key has characters that a header can't carry"))?;
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

impl fmt::Debug for Grpc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gRPC API at {}", self.0.address)
    }
}

impl Transport for Grpc {
    fn carry(&self, attempt: Attempt) -> BoxFuture<Result<Bytes, Error>> {
        let inner = self.0.clone();
        Box::pin(async move { inner.carry(attempt).await })
    }
}

impl Inner {
    async fn carry(&self, attempt: Attempt) -> Result<Bytes, Error> {
        let (round, sender) = self.connections.get().await.map_err(|cause| {
            Error::not_connected(format!(
                "no connection to Centrifugo at {}: {cause}",
                self.address
            ))
        })?;
        let mut request = Request::new(attempt.body);
        if let Some(key) = &self.key {
            request.metadata_mut().insert("authorization", key.clone());
        }
        let codec = Passing {
            progress: attempt.progress.clone(),
        };
        let mut grpc = tonic::client::Grpc::with_origin(sender, self.connections.origin())
            .max_decoding_message_size(self.max_answer_len);
        let called = async {
            grpc.ready()
                .await
                .map_err(|error| Status::unavailable(chain(&error)))?;
            grpc.unary(request, PathAndQuery::from_static(attempt.names.grpc), codec)
                .await
        };
        match called.await {
            Ok(response) => Ok(response.into_inner()),
            Err(status) => {
                let error = self.failure(&status, attempt.names.name, attempt.progress.is_sent());
                if error.is_worth_another(true) && !attempt.progress.is_sent() {
                    self.connections.forget(round);
                }
                Err(error)
            }
        }
    }

    fn failure(&self, status: &Status, method: &str, sent: bool) -> Error {
        let says = clip(status.message());
        match status.code() {
            Code::Unauthenticated | Code::PermissionDenied => Error::refused(format!(
                "Centrifugo at {} refuses the API key ({says})",
                self.address
            )),
            Code::Unimplemented => Error::unsupported(format!(
                "Centrifugo at {} does not offer `{method}` ({says})",
                self.address
            )),
            Code::OutOfRange if says.contains("message length too large") => {
                Error::too_large(None, self.max_answer_len)
            }
            Code::InvalidArgument | Code::ResourceExhausted | Code::FailedPrecondition if sent => {
                Error::refused(format!("Centrifugo at {} refuses the call: {says}", self.address))
            }
            _ if !sent => Error::not_connected(format!(
                "no connection to Centrifugo at {}: {}",
                self.address,
                cause(status)
            )),
            code => Error::lost(
                true,
                format!(
                    "no answer from Centrifugo at {}: {code:?}: {}",
                    self.address,
                    cause(status)
                ),
            ),
        }
    }
}

/// What broke below a status; else what the status says. Its own text shows the former as Rust code.
fn cause(status: &Status) -> String {
    match status.source() {
        Some(source) => chain(source),
        None => clip(status.message()),
    }
}

/// Passes bytes through, and notes when they leave.
struct Passing {
    progress: Progress,
}

impl Codec for Passing {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = PassOut;
    type Decoder = PassIn;

    fn encoder(&mut self) -> PassOut {
        PassOut(self.progress.clone())
    }

    fn decoder(&mut self) -> PassIn {
        PassIn
    }
}

/// Most messages are small: tonic would take 8 KiB for each.
fn small() -> BufferSettings {
    BufferSettings::new(512, 32 * 1024)
}

struct PassOut(Progress);

impl Encoder for PassOut {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        if !self.0.start() {
            return Err(Status::cancelled("the call was given up"));
        }
        out.put(item);
        Ok(())
    }

    fn buffer_settings(&self) -> BufferSettings {
        small()
    }
}

struct PassIn;

impl Decoder for PassIn {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, bytes: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(bytes.copy_to_bytes(bytes.remaining())))
    }

    fn buffer_settings(&self) -> BufferSettings {
        small()
    }
}
