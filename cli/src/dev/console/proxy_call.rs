//! A call of the program through the proxy.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};

use crate::description::Event;
use crate::dev::proxy::{EventId, Proxy, ProxyBody, Source, Status, StatusOfProxy, frame, unframe};
use crate::invoke::{Invocation, InvokeError, Method, encode_request, event_header, first_message};

/// The longest answer that is read, in bytes.
const MAX_ANSWER_LEN: usize = 64 << 20;

/// A call that is not sent yet.
pub(super) struct ProxyCall {
    kind: Event,
    request: Request<ProxyBody>,
    timeout: Duration,
}

/// How a call ended.
pub(super) struct CallEnd {
    pub(super) response: Option<Bytes>,
    pub(super) status: Status,
    /// Whether the program sent the status.
    pub(super) is_from_program: bool,
}

impl ProxyCall {
    /// Encodes an event.
    ///
    /// # Errors
    ///
    /// Returns an error that names what is missing or cannot be sent.
    pub(super) fn new(invocation: &Invocation, timeout: Duration) -> Result<Self, InvokeError> {
        let method = Method {
            kind: invocation.kind,
            is_two_way: invocation.two_way && invocation.kind == Event::SubscribeStream,
        };
        let mut message = encode_request(invocation)?;
        if method.is_two_way {
            message = first_message(message)?;
        }
        let body = Full::new(frame(&message)).map_err(|never| match never {});
        let mut request = Request::post(format!("http://localhost{}", method.path()))
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .header("grpc-timeout", format!("{}m", timeout.as_millis()));
        for (name, value) in &invocation.headers {
            let (name, value) = event_header(name, value)?;
            request = request.header(name, value);
        }
        let request = request.body(ProxyBody::new(body));
        Ok(Self {
            kind: invocation.kind,
            request: request.map_err(|error| InvokeError::Request(error.to_string()))?,
            timeout,
        })
    }

    /// Sends the call, and waits for its end or its time limit.
    pub(super) async fn send(self, id: EventId, proxy: &Proxy) -> CallEnd {
        let timeout = self.timeout;
        let end = tokio::time::timeout(timeout, self.end(id, proxy)).await;
        end.unwrap_or_else(|_| {
            CallEnd::without_answer(Status {
                code: Status::DEADLINE_EXCEEDED,
                message: format!("no answer within {} ms", timeout.as_millis()),
            })
        })
    }

    async fn end(self, id: EventId, proxy: &Proxy) -> CallEnd {
        let response = proxy.call(id, self.request, Source::Console).await;
        if let Some(status) = Status::from_headers(response.headers()) {
            return CallEnd {
                response: None,
                status,
                is_from_program: response.extensions().get::<StatusOfProxy>().is_none(),
            };
        }
        let mut body = response.into_body();
        let mut bytes = Vec::new();
        let mut status = None;
        while let Some(part) = body.frame().await {
            match part {
                Ok(part) => {
                    if let Some(data) = part.data_ref() {
                        if bytes.len() + data.len() > MAX_ANSWER_LEN {
                            break;
                        }
                        bytes.extend_from_slice(data);
                    }
                    if let Some(trailers) = part.trailers_ref() {
                        status = Status::from_headers(trailers);
                    }
                }
                Err(error) => return CallEnd::without_answer(Status::unavailable(error.to_string())),
            }
            let first = unframe(&bytes).and_then(|message| message.bytes);
            if self.kind == Event::SubscribeStream
                && let Some(first) = first
            {
                // The stream goes on in the background, so that its messages are seen.
                tokio::spawn(tokio::time::timeout(self.timeout, async move {
                    while body.frame().await.is_some_and(|part| part.is_ok()) {}
                }));
                return CallEnd::of_program(Some(first), Status::ok());
            }
        }
        match status {
            Some(status) => CallEnd::of_program(unframe(&bytes).and_then(|message| message.bytes), status),
            None => CallEnd::without_answer(Status::unavailable("the answer has no status")),
        }
    }
}

impl CallEnd {
    fn of_program(response: Option<Bytes>, status: Status) -> Self {
        Self {
            response,
            status,
            is_from_program: true,
        }
    }

    fn without_answer(status: Status) -> Self {
        Self {
            response: None,
            status,
            is_from_program: false,
        }
    }
}
