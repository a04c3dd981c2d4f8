//! Sends one request to the HTTP API and reads its answer.

use bytes::Bytes;
use centrifugo_proto::api::Error as ApiError;
use http::header::{CONTENT_TYPE, HOST, HeaderValue, LOCATION};
use http::response::Parts;
use http::uri::PathAndQuery;
use http::{Method, Request, Uri};
use http_body::Body;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::connection_pool::ConnectionPool;
use super::request_body::RequestBody;
use crate::api::error::Error;
use crate::api::error_text::{chain, clip};
use crate::api::methods::Names;
use crate::api::transport::connector::{Connector, HttpVersion};
use crate::api::transport::foreign_response::ForeignResponse;
use crate::api::transport::settings::TransportSettings;
use crate::api::transport::transport::Attempt;
use crate::error::BoxError;
use crate::otel::TraceHeaders;

/// The maximum number of connections in use at once. Further calls wait for one of them.
const CONNECTIONS: usize = 128;

pub(super) struct Requester {
    pool: ConnectionPool,
    places: Semaphore,
    /// The path of the API, such as `/api`.
    path: String,
    host: HeaderValue,
    /// `host:port/api`, for errors.
    address: String,
    key: Option<HeaderValue>,
    max_answer_len: usize,
}

impl Requester {
    pub(super) fn new(settings: &TransportSettings) -> Result<Self, Error> {
        let url = settings.url(&[("http", false), ("https", true)], "http://127.0.0.1:8000")?;
        let path = if url.path.is_empty() { "/api" } else { &url.path };
        let scheme = if url.tls { "https" } else { "http" };
        let origin = format!("{scheme}://{}", url.authority);
        let wrong = || Error::invalid("the address of the API is not a URL");
        let origin: Uri = origin.parse().map_err(|_| wrong())?;
        Ok(Self {
            pool: ConnectionPool::new(Connector::new(settings, HttpVersion::Http1, url.tls)?, origin),
            places: Semaphore::new(CONNECTIONS),
            host: HeaderValue::try_from(&url.authority).map_err(|_| wrong())?,
            address: format!("{}{path}", url.authority),
            path: path.to_owned(),
            key: settings.key.header("")?,
            max_answer_len: settings.max_answer_len,
        })
    }

    /// Returns the address in the form `host:port/api`.
    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

/// The body of an error with `http_api.error_mode: transport`.
#[derive(Deserialize)]
struct Refusal {
    code: u32,
    #[serde(default)]
    message: String,
}

impl Requester {
    /// Sends a request with a single call.
    pub(super) async fn send_one(&self, attempt: Attempt) -> Result<Bytes, Error> {
        let Attempt {
            names,
            body,
            progress,
            trace,
            permit: _permit,
        } = attempt;
        let outgoing = RequestBody::Single(Some(body), progress.clone());
        self.request(names, outgoing, &trace, || progress.is_sent()).await
    }

    /// Sends a request of the method `names` and returns the body of the answer.
    pub(super) async fn request(
        &self,
        names: &Names,
        outgoing: RequestBody,
        trace: &TraceHeaders,
        is_sent: impl Fn() -> bool,
    ) -> Result<Bytes, Error> {
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|_| Error::not_connected("the client was dropped"))?;
        let path = PathAndQuery::try_from(format!("{}/{}", self.path, names.http))
            .map_err(|_| Error::invalid("the address of the API is not a URL"))?;
        let mut request = Request::new(outgoing);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = path.into();
        let headers = request.headers_mut();
        headers.insert(HOST, self.host.clone());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(key) = &self.key {
            headers.insert("x-api-key", key.clone());
        }
        trace.insert_into(headers);
        let (response, connection) = self.pool.send(request).await.map_err(|error| {
            let text = format!("{}: {}", self.address, chain(&*error));
            let failure = if is_sent() {
                Error::lost(true, format!("no answer from Centrifugo's HTTP API at {text}"))
            } else {
                Error::not_connected(format!("no connection to Centrifugo's HTTP API at {text}"))
            };
            failure.with_source(error)
        })?;
        let (parts, body) = response.into_parts();
        let body = self.collect(body).await?;
        connection.keep();
        self.answer(&parts, body, names.name)
    }

    async fn collect<B>(&self, body: B) -> Result<Bytes, Error>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<BoxError>,
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
                    "the answer of Centrifugo's HTTP API at {} broke off: {}",
                    self.address,
                    chain(&*error)
                ),
            )),
        }
    }

    /// Returns the body of a successful answer of Centrifugo's API.
    fn answer(&self, head: &Parts, body: Bytes, method: &'static str) -> Result<Bytes, Error> {
        let text = |name| {
            let value = head.headers.get(name).map(HeaderValue::as_bytes);
            clip(&String::from_utf8_lossy(value.unwrap_or_default()))
        };
        let content_type = text(CONTENT_TYPE);
        if head.status.is_success() {
            let is_json = match &*content_type {
                "" => body.trim_ascii_start().starts_with(b"{"),
                content_type => content_type.contains("json"),
            };
            if is_json {
                return Ok(body);
            }
        } else if let Ok(Refusal { code, message }) = serde_json::from_slice(&body)
            && code != 0
        {
            return Err(Error::answered(method, ApiError { code, message }));
        }
        let response = ForeignResponse {
            address: &self.address,
            api: "HTTP API",
            method,
            status: head.status,
            content_type: &content_type,
            location: &text(LOCATION),
        };
        Err(response.into_error())
    }
}
