//! The HTTP server of the console.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::api::{Api, Refusal};
use super::files;
use super::sse::EventBody;
use crate::dev::keys;

/// The longest body of a request, in bytes.
const MAX_BODY_LEN: usize = 8 << 20;
/// How long the head of a request may take to arrive.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Open connections at most.
const MAX_CONNECTIONS: usize = 256;
/// What the page may load, and to what it may connect: this server, and Centrifugo on this machine.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*; base-uri 'none'; \
                                       form-action 'none'; frame-ancestors 'none'";
/// The port that browsers leave out of addresses.
const HTTP_PORT: u16 = 80;

type ResponseBody = UnsyncBoxBody<Bytes, Infallible>;

/// The console.
pub(crate) struct Console {
    api: Api,
    token: String,
    /// The names by which browsers may call this server.
    hosts: Vec<String>,
}

impl Console {
    pub(crate) fn new(api: Api, token: String, address: SocketAddr) -> Self {
        Self {
            api,
            token,
            hosts: hosts(address.port()),
        }
    }

    /// Serves the page for as long as this process runs.
    pub(crate) async fn serve(self, listener: TcpListener) {
        let console = Arc::new(self);
        let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                // Too many open files, for example: the next attempt may succeed.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let Ok(permit) = Arc::clone(&connections).try_acquire_owned() else {
                continue;
            };
            let console = Arc::clone(&console);
            tokio::spawn(async move {
                let service = service_fn(move |request| {
                    let console = Arc::clone(&console);
                    async move { Ok::<_, Infallible>(console.respond(request).await) }
                });
                // An error means that the connection has ended.
                let _ = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEAD_TIMEOUT)
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
                drop(permit);
            });
        }
    }

    async fn respond(&self, request: Request<Incoming>) -> Response<ResponseBody> {
        let mut response = self.route(request).await;
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::CACHE_CONTROL, "no-store"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }

    async fn route(&self, request: Request<Incoming>) -> Response<ResponseBody> {
        if !self.is_same_site(request.headers()) {
            return refused(Refusal(403, "this page belongs to another address".to_owned()));
        }
        let path = request.uri().path().to_owned();
        let query = request.uri().query().unwrap_or_default().to_owned();
        let Some(name) = path.strip_prefix("/api/") else {
            return file(&path, request.method());
        };
        if !self.has_token(request.headers(), &query) {
            let problem =
                "the token is missing or wrong; open the address that `cargo centrifugo dev` has printed";
            return refused(Refusal(401, problem.to_owned()));
        }
        let result = match (request.method().as_str(), name) {
            ("GET", "events") => return self.events(request.headers(), &query),
            ("GET", "state") => Ok(self.api.state()),
            ("GET", "description") => self.api.description(),
            ("GET", "check") => self.api.check(),
            ("GET", "configuration") => self.api.configuration(),
            ("GET", "client") => self.api.client(parameter(&query, "user").as_deref()),
            ("POST", "send" | "recording") => match body(request).await {
                Ok(body) if name == "send" => self.api.send(&body).await,
                Ok(body) => self.api.save(&body),
                Err(refusal) => Err(refusal),
            },
            _ => Err(Refusal(404, "there is no such request".to_owned())),
        };
        match result {
            Ok(value) => json_response(StatusCode::OK, &value),
            Err(refusal) => refused(refusal),
        }
    }

    /// Whether a request comes from the page itself, and not from another site, even if its name leads to this address.
    fn is_same_site(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let Some(host) = host.filter(|host| self.hosts.iter().any(|own| own == host)) else {
            return false;
        };
        match headers.get(header::ORIGIN) {
            None => true,
            Some(origin) => origin.as_bytes() == format!("http://{host}").as_bytes(),
        }
    }

    fn has_token(&self, headers: &HeaderMap, query: &str) -> bool {
        let of_header = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer ").map(str::to_owned));
        of_header
            .or_else(|| parameter(query, "token"))
            .is_some_and(|token| keys::is_equal(&self.token, &token))
    }

    fn events(&self, headers: &HeaderMap, query: &str) -> Response<ResponseBody> {
        // A browser that connects again says what it has seen.
        let last = headers
            .get("last-event-id")
            .and_then(|value| value.to_str().ok()?.parse().ok());
        let since = parameter(query, "since").and_then(|since| since.parse().ok());
        let after = last.or(since).unwrap_or(0);
        let body = EventBody::after(after, Arc::clone(&self.api.hub));
        with_type(StatusCode::OK, "text/event-stream", ResponseBody::new(body))
    }
}

/// Returns the names by which browsers may call a server with this port.
fn hosts(port: u16) -> Vec<String> {
    let names = ["127.0.0.1", "localhost"];
    let mut hosts: Vec<_> = names.iter().map(|name| format!("{name}:{port}")).collect();
    if port == HTTP_PORT {
        hosts.extend(names.map(str::to_owned));
    }
    hosts
}

fn file(path: &str, method: &Method) -> Response<ResponseBody> {
    match files::find(path) {
        Some(file) if method == Method::GET || method == Method::HEAD => {
            let body = Full::new(Bytes::from_static(file.content));
            with_type(StatusCode::OK, file.content_type(), ResponseBody::new(body))
        }
        _ => refused(Refusal(404, "there is no such file".to_owned())),
    }
}

async fn body(request: Request<Incoming>) -> Result<Bytes, Refusal> {
    let body = Limited::new(request.into_body(), MAX_BODY_LEN).collect().await;
    body.map(http_body_util::Collected::to_bytes)
        .map_err(|error| Refusal(400, format!("the body cannot be read: {error}")))
}

/// Returns a parameter of a query.
fn parameter(query: &str, name: &str) -> Option<String> {
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key == name).then(|| percent_decoded(value))
    })
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn refused(Refusal(status, problem): Refusal) -> Response<ResponseBody> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    json_response(status, &json!({ "error": problem }))
}

fn json_response(status: StatusCode, value: &Value) -> Response<ResponseBody> {
    let body = Full::new(Bytes::from(value.to_string()));
    with_type(status, "application/json", ResponseBody::new(body))
}

fn with_type(status: StatusCode, content_type: &'static str, body: ResponseBody) -> Response<ResponseBody> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let value = HeaderValue::from_static(content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, value);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_addresses_that_browsers_send() {
        assert_eq!(hosts(8700), ["127.0.0.1:8700", "localhost:8700"]);
        assert_eq!(
            hosts(80),
            ["127.0.0.1:80", "localhost:80", "127.0.0.1", "localhost"]
        );
    }

    #[test]
    fn reads_parameters() {
        let query = "user=a%20b+c%26&token=t&empty=";
        assert_eq!(parameter(query, "user").as_deref(), Some("a b c&"));
        assert_eq!(parameter(query, "token").as_deref(), Some("t"));
        assert_eq!(parameter(query, "empty").as_deref(), Some(""));
        assert_eq!(parameter(query, "ser"), None);
    }
}
