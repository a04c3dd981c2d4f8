//! Centrifugo's HTTP API.

mod gather;
mod outgoing;
mod pool;
mod replies;

use std::fmt;
use std::sync::Arc;

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

use self::gather::Gather;
use self::outgoing::Outgoing;
use self::pool::Pool;
use super::connector::{Version, connector};
use super::page::{self, Page};
use super::{Attempt, Encoding, Transport};
use crate::api::error::{Error, chain, clip};
use crate::api::settings::Settings;
use futures_core::future::BoxFuture;

/// Connections in use at once. Further calls wait for one of them.
const CONNECTIONS: usize = 128;

pub(crate) struct Http {
    inner: Arc<Inner>,
    gather: Gather,
}

struct Inner {
    pool: Pool,
    places: Semaphore,
    /// `/api`.
    path: String,
    host: HeaderValue,
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
        let origin = format!("{scheme}://{}", url.authority);
        let wrong = || Error::invalid("the address of the API is no URL");
        let origin: Uri = origin.parse().map_err(|_| wrong())?;
        let inner = Inner {
            pool: Pool::new(connector(settings, Version::Http1, url.tls)?, origin),
            places: Semaphore::new(CONNECTIONS),
            host: HeaderValue::try_from(&url.authority).map_err(|_| wrong())?,
            address: format!("{}{path}", url.authority),
            path: path.to_owned(),
            key: settings.key.header("")?,
            max_answer_len: settings.max_answer_len,
        };
        Ok(Self {
            inner: Arc::new(inner),
            gather: Gather::default(),
        })
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP API at {}", self.inner.address)
    }
}

impl Transport for Http {
    fn encoding(&self) -> Encoding {
        Encoding::Json
    }

    fn carry(&self, attempt: Attempt) -> BoxFuture<'static, Result<Bytes, Error>> {
        let inner = self.inner.clone();
        if gather::takes(&attempt) {
            let gather = self.gather.clone();
            Box::pin(async move { gather.carry(inner, attempt).await })
        } else {
            Box::pin(async move { inner.alone(attempt).await })
        }
    }
}

/// An error with `http_api.error_mode: transport`.
#[derive(Deserialize)]
struct Refusal {
    code: u32,
    #[serde(default)]
    message: String,
}

impl Inner {
    async fn alone(&self, attempt: Attempt) -> Result<Bytes, Error> {
        let Attempt {
            names,
            body,
            progress,
            share: _share,
        } = attempt;
        let outgoing = Outgoing::One(Some(body), progress.clone());
        self.request(names.http, names.name, outgoing, || progress.is_sent())
            .await
    }

    /// Sends a request of a method, which is called `name` in texts, and returns the body of the answer.
    async fn request(
        &self,
        path: &str,
        name: &'static str,
        outgoing: Outgoing,
        is_sent: impl Fn() -> bool,
    ) -> Result<Bytes, Error> {
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|_| Error::not_connected("the client is gone"))?;
        let path = PathAndQuery::try_from(format!("{}/{path}", self.path))
            .map_err(|_| Error::invalid("the address of the API is no URL"))?;
        let mut request = Request::new(outgoing);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = path.into();
        let headers = request.headers_mut();
        headers.insert(HOST, self.host.clone());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(key) = &self.key {
            headers.insert("x-api-key", key.clone());
        }
        let (response, connection) = self.pool.send(request).await.map_err(|error| {
            let text = format!("{}: {}", self.address, chain(&*error));
            if is_sent() {
                Error::lost(true, format!("no answer from Centrifugo at {text}"))
            } else {
                Error::not_connected(format!("no connection to Centrifugo at {text}"))
            }
        })?;
        let (parts, body) = response.into_parts();
        let body = self.collect(body).await?;
        connection.keep();
        self.answer(&parts, body, name)
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
        Err(page::failure(&Page {
            address: &self.address,
            api: "HTTP API",
            method,
            status: head.status,
            content_type: &content_type,
            location: &text(LOCATION),
        }))
    }
}
