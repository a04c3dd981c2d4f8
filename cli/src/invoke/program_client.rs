//! Calls a program as Centrifugo does.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderMap;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::client::Grpc;
use tonic::metadata::MetadataMap;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use super::opened_stream::{first_message, stream_message};
use super::program_address::ProgramAddress;
use super::root_cause::root_cause;
use super::{
    Answer, EncodedMessages, Invocation, InvokeError, Method, OpenedStream, Response, encode_request,
    event_header,
};
use crate::description::Event;

/// The longest message in either direction, as in programs.
const MAX_MESSAGE_LEN: usize = 64 << 20;
/// How many publications may wait to be sent into a stream.
const STREAM_BUFFER: usize = 16;

/// The secret that a program requires.
#[derive(Clone)]
pub struct Secret {
    /// The metadata key.
    pub key: String,
    /// The value.
    pub value: String,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secret")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// A connection to a program.
#[derive(Clone, Debug)]
pub struct ProgramClient {
    channel: Channel,
    secret: Option<Secret>,
}

impl ProgramClient {
    /// Uses a connection.
    pub fn new(channel: Channel) -> Self {
        Self {
            channel,
            secret: None,
        }
    }

    /// Connects to an address: `HOST:PORT`, `grpc://HOST:PORT` or `http://HOST:PORT`; with TLS `grpcs://HOST:PORT` or
    /// `https://HOST:PORT`. With TLS, the program's certificate must be signed by one of these certificates (PEM), otherwise by one
    /// that the system trusts.
    ///
    /// # Errors
    ///
    /// Returns an error if this is no address, if the certificates cannot be used, or if nobody listens there.
    pub async fn connect(address: &str, ca_certificate: Option<&str>) -> Result<Self, InvokeError> {
        let address = ProgramAddress::parse(address)?;
        let endpoint = address.endpoint(ca_certificate)?;
        let channel = endpoint.connect().await;
        let channel = channel.map_err(|error| InvokeError::Connect {
            address: address.authority,
            is_secure: address.is_secure,
            cause: root_cause(&error),
        })?;
        Ok(Self::new(channel))
    }

    /// Sends a secret with each call.
    #[must_use]
    pub fn with_secret(mut self, secret: Option<Secret>) -> Self {
        self.secret = secret;
        self
    }

    /// Sends an event, and waits for the answer. Of a stream, it returns the decision, and ends the stream.
    ///
    /// # Errors
    ///
    /// Returns an error if the invocation is not one, or if the answer is not readable. A failed call is an answer.
    pub async fn invoke(&self, invocation: &Invocation) -> Result<Answer, InvokeError> {
        if invocation.kind == Event::SubscribeStream {
            return Ok(self.open(invocation).await?.answer);
        }
        let body = encode_request(invocation)?;
        let headers = invocation
            .headers
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()));
        let metadata = self.metadata(headers)?;
        self.send(
            Method::of(invocation.kind),
            body,
            metadata,
            invocation.timeout_ms.map(Duration::from_millis),
        )
        .await
    }

    /// Sends an encoded request with metadata from [`metadata`](Self::metadata). Of a stream, it returns the decision, and ends the
    /// stream.
    ///
    /// # Errors
    ///
    /// Returns an error if the answer is not readable. A failed call is an answer.
    pub async fn send(
        &self,
        method: Method,
        body: Bytes,
        metadata: MetadataMap,
        limit: Option<Duration>,
    ) -> Result<Answer, InvokeError> {
        let kind = method.kind;
        if kind == Event::SubscribeStream {
            return Ok(self.open_encoded(method, body, metadata, limit).await?.answer);
        }
        let start = Instant::now();
        let call = async {
            let mut grpc = self.grpc().await?;
            let request = request_with(body, metadata, limit);
            grpc.unary(request, path(method)?, EncodedMessages).await
        };
        let response = match within(limit, call).await {
            Ok(response) => Response::from_message(kind, &response.into_inner())?,
            Err(status) => Response::from(&status),
        };
        Ok(Answer::new(kind, response, start.elapsed()))
    }

    /// Opens a stream.
    ///
    /// # Errors
    ///
    /// Returns an error if the invocation is not one, or if the answer is not readable. A failed call is an answer.
    pub async fn open(&self, invocation: &Invocation) -> Result<OpenedStream, InvokeError> {
        let body = encode_request(invocation)?;
        let headers = invocation
            .headers
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()));
        let metadata = self.metadata(headers)?;
        let method = Method {
            kind: Event::SubscribeStream,
            is_two_way: invocation.two_way,
        };
        self.open_encoded(
            method,
            body,
            metadata,
            invocation.timeout_ms.map(Duration::from_millis),
        )
        .await
    }

    async fn open_encoded(
        &self,
        method: Method,
        body: Bytes,
        metadata: MetadataMap,
        limit: Option<Duration>,
    ) -> Result<OpenedStream, InvokeError> {
        let kind = method.kind;
        let (sender, receiver) = mpsc::channel(STREAM_BUFFER);
        let first = if method.is_two_way {
            first_message(body)?
        } else {
            body
        };
        let start = Instant::now();
        let (stream_sender, stream_metadata) = (sender.clone(), metadata);
        let call = async {
            let mut grpc = self.grpc().await?;
            // The limit is one for the decision. The deadline of gRPC would end the stream.
            let response = if method.is_two_way {
                let _ = stream_sender.send(first).await;
                drop(stream_sender);
                let request = request_with(ReceiverStream::new(receiver), stream_metadata, None);
                grpc.streaming(request, path(method)?, EncodedMessages).await?
            } else {
                drop(stream_sender);
                let request = request_with(first, stream_metadata, None);
                grpc.server_streaming(request, path(method)?, EncodedMessages)
                    .await?
            };
            let mut messages = response.into_inner();
            let decision = messages.message().await?;
            Ok((decision, messages))
        };
        let (response, messages) = match within(limit, call).await {
            Ok((Some(decision), messages)) => {
                let (response, _) = stream_message(decision)?;
                let response = response.ok_or_else(|| {
                    InvokeError::Answer(
                        "the first message of the stream has no `subscribe_response`".to_owned(),
                    )
                })?;
                (Response::from_message(kind, &response)?, Some(messages))
            }
            Ok((None, _)) => {
                return Err(InvokeError::Answer("the stream has no first message".to_owned()));
            }
            Err(status) => (Response::from(&status), None),
        };
        Ok(OpenedStream {
            answer: Answer::new(kind, response, start.elapsed()),
            messages,
            sender: method.is_two_way.then_some(sender),
        })
    }

    /// Makes the metadata of a call from headers, and adds the secret.
    ///
    /// # Errors
    ///
    /// Returns an error that names the header that cannot be sent.
    pub fn metadata<'a>(
        &self,
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<MetadataMap, InvokeError> {
        let mut metadata = HeaderMap::new();
        let mut append = |name: &str, value: &str| {
            let (name, value) = event_header(name, value)?;
            metadata.append(name, value);
            Ok(())
        };
        for (name, value) in headers {
            append(name, value)?;
        }
        if let Some(secret) = &self.secret {
            append(&secret.key, &secret.value)?;
        }
        Ok(MetadataMap::from_headers(metadata))
    }

    async fn grpc(&self) -> Result<Grpc<Channel>, Status> {
        let mut grpc = Grpc::new(self.channel.clone())
            .max_decoding_message_size(MAX_MESSAGE_LEN)
            .max_encoding_message_size(MAX_MESSAGE_LEN);
        let ready = grpc.ready().await;
        ready.map_err(|error| Status::unavailable(root_cause(&error)))?;
        Ok(grpc)
    }
}

fn request_with<T>(message: T, metadata: MetadataMap, limit: Option<Duration>) -> Request<T> {
    let mut request = Request::new(message);
    *request.metadata_mut() = metadata;
    if let Some(limit) = limit {
        request.set_timeout(limit);
    }
    request
}

fn path<T: std::str::FromStr>(method: Method) -> Result<T, Status> {
    method
        .path()
        .parse()
        .map_err(|_| Status::internal("the path of the method is invalid"))
}

/// Runs a call with a time limit, whose status is always the same.
async fn within<T>(
    limit: Option<Duration>,
    call: impl Future<Output = Result<T, Status>>,
) -> Result<T, Status> {
    let Some(limit) = limit else {
        return call.await;
    };
    let start = Instant::now();
    let exceeded = || Status::deadline_exceeded(format!("no answer within {limit:?}"));
    match tokio::time::timeout(limit, call).await {
        Ok(Err(status))
            if matches!(status.code(), Code::Cancelled | Code::DeadlineExceeded)
                && start.elapsed() >= limit =>
        {
            Err(exceeded())
        }
        Ok(result) => result,
        Err(_) => Err(exceeded()),
    }
}
