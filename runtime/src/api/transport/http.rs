//! Centrifugo's HTTP API.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, StatusCode, Uri};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::connector::{Version, connector};
use super::{Attempt, Encoding, Progress, Transport};
use crate::api::error::{Error, chain};
use crate::api::settings::Settings;
use crate::state::BoxFuture;

/// Connections at once; further calls wait for one of them.
const CONNECTIONS: usize = 128;
/// How long an idle connection is kept.
const IDLE: Duration = Duration::from_secs(30);

pub(crate) struct Http(Arc<Inner>);

struct Inner {
    client: Client<HttpsConnector<HttpConnector>, Outgoing>,
    places: Semaphore,
    /// `http://host:port/api`.
    base: String,
    /// `host:port/api`, for texts.
    address: String,
    key: Option<HeaderValue>,
    max_answer_len: usize,
}

impl Http {
    pub(crate) fn new(settings: &Settings) -> Result<Self, Error> {
        let url = settings.url(&[("http", false), ("https", true)], "http://127.0.0.1:8000")?;
        let path = if url.path.is_empty() { "/api" } else { &url.path };
        let scheme = if url.tls { "https" } else { "http" };
        let connector = connector(settings, Version::Http1, url.tls)?;
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(CONNECTIONS)
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self(Arc::new(Inner {
            client,
            places: Semaphore::new(CONNECTIONS),
            base: format!("{scheme}://{}{path}", url.authority),
            address: format!("{}{path}", url.authority),
            key: settings.key.header("")?,
            max_answer_len: settings.max_answer_len,
        })))
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP API at {}", self.0.address)
    }
}

impl Transport for Http {
    fn encoding(&self) -> Encoding {
        Encoding::Json
    }

    fn carry(&self, attempt: Attempt) -> BoxFuture<Result<Bytes, Error>> {
        let inner = self.0.clone();
        Box::pin(async move { inner.carry(attempt).await })
    }
}

/// How Centrifugo says an error where it is told to use status codes.
#[derive(Deserialize)]
struct Refusal {
    code: u32,
    #[serde(default)]
    message: String,
}

impl Inner {
    async fn carry(&self, attempt: Attempt) -> Result<Bytes, Error> {
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|_| Error::not_connected("the client is gone"))?;
        let uri: Uri = format!("{}/{}", self.base, attempt.names.http)
            .parse()
            .map_err(|_| Error::invalid("the address of the API is no URL"))?;
        let mut request = Request::new(Outgoing {
            data: Some(attempt.body),
            progress: attempt.progress.clone(),
        });
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(key) = &self.key {
            headers.insert("x-api-key", key.clone());
        }
        let response = self.client.request(request).await.map_err(|error| {
            let text = format!("{}: {}", self.address, chain(&error));
            if attempt.progress.is_sent() {
                Error::lost(true, format!("no answer from Centrifugo at {text}"))
            } else {
                Error::not_connected(format!("no connection to Centrifugo at {text}"))
            }
        })?;
        let (parts, body) = response.into_parts();
        let body = self.collect(body).await?;
        if parts.status.is_success() {
            return Ok(body);
        }
        Err(self.failure(parts.status, &body, attempt.names.name))
    }

    async fn collect<B>(&self, body: B) -> Result<Bytes, Error>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<crate::BoxError>,
    {
        let limit = self.max_answer_len;
        let claimed = body.size_hint().lower();
        if claimed > limit as u64 {
            return Err(Error::too_large(Some(claimed), limit));
        }
        match Limited::new(body, limit).collect().await {
            Ok(collected) => Ok(collected.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => Err(Error::too_large(None, limit)),
            Err(error) => Err(Error::lost(
                true,
                format!(
                    "the answer of Centrifugo at {} broke off: {}",
                    self.address,
                    chain(&*error)
                ),
            )),
        }
    }

    fn failure(&self, status: StatusCode, body: &[u8], method: &'static str) -> Error {
        if let Ok(Refusal { code, message }) = serde_json::from_slice(body)
            && code != 0
        {
            return Error::answered(method, centrifugo_proto::api::Error { code, message });
        }
        let address = &self.address;
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Error::refused(format!("Centrifugo at {address} refuses the API key ({status})"))
            }
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Error::unsupported(format!(
                "Centrifugo at {address} does not offer `{method}` ({status})"
            )),
            status if status.is_client_error() => {
                Error::refused(format!("Centrifugo at {address} refuses the call ({status})"))
            }
            status => Error::lost(true, format!("Centrifugo at {address} answers {status}")),
        }
    }
}

/// A request's body, which notes when it leaves.
struct Outgoing {
    data: Option<Bytes>,
    progress: Progress,
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let data = self.data.take().filter(|_| self.progress.start());
        Poll::Ready(data.map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.data.as_ref().map_or(0, |data| data.len() as u64))
    }
}
