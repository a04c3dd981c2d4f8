//! Sends events of the console's form to the program.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};
use http_body_util::{BodyExt as _, Full};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::description::{Description, Event};
use crate::dev::events::{AnswerView, HandlerIndex};
use crate::dev::hub::Hub;
use crate::dev::proxy::{Proxy, ProxyBody, Source, Status, StatusOfProxy, frame, unframe};
use crate::invoke::{InvokeError, Method, first_message, request_bytes};

/// How long an event may take, if the form does not say it.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_TIMEOUT: Duration = Duration::from_secs(600);
/// How long log lines are waited for after the answer.
const LOG_DELAY: Duration = Duration::from_millis(60);
/// The longest answer that is read, in bytes.
const MAX_ANSWER_LEN: usize = 64 << 20;

/// An event of the form.
#[derive(Deserialize)]
struct Form {
    kind: Event,
    channel: Option<String>,
    method: Option<String>,
    user: Option<String>,
    client: Option<String>,
    transport: Option<String>,
    protocol: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    meta: Option<Box<RawValue>>,
    data: Option<Box<RawValue>>,
    token: Option<String>,
    /// The key of a map.
    key: Option<String>,
    /// Whether a stream is opened in both directions. If it is missing, the handler decides.
    two_way: Option<bool>,
    timeout_ms: Option<u64>,
}

/// How the program handles an event.
struct Handling {
    has_handler: bool,
    is_two_way: bool,
    /// The time limit of the handler.
    limit: Option<Duration>,
}

/// Sends events of the form.
pub(crate) struct Sender {
    pub(crate) proxy: Proxy,
    pub(crate) description: watch::Receiver<Option<Described>>,
}

/// How a call ended.
struct CallEnd {
    response: Option<Bytes>,
    status: Status,
    /// Whether the program sent the status.
    is_from_program: bool,
}

/// A description, as text and read.
#[derive(Clone)]
pub(crate) struct Described {
    pub(crate) document: std::sync::Arc<Value>,
    pub(crate) description: std::sync::Arc<Description>,
}

impl Sender {
    /// Sends the event of a form. Returns the answer for the page, or why the form is wrong.
    pub(super) async fn send(&self, body: &[u8], hub: &Hub) -> Result<Value, String> {
        let mut form: Form =
            serde_json::from_slice(body).map_err(|error| format!("the form is wrong: {error}"))?;
        let id = self.proxy.next_id();
        // Log lines are told apart by the client.
        let client = format!("console-{id}");
        form.client.get_or_insert(client);
        let Handling {
            has_handler,
            is_two_way,
            limit,
        } = self.handling(&form);
        let method = Method {
            kind: form.kind,
            is_two_way,
        };
        let message = encode(&form, method)?;
        let timeout = form
            .timeout_ms
            .map_or(DEFAULT_TIMEOUT, Duration::from_millis)
            .min(MAX_TIMEOUT);
        let request = request(&form, &message, method, timeout)?;
        let first_log = *hub.newest().borrow();
        let started = std::time::Instant::now();
        let call = self.call(id, request, form.kind, timeout);
        let end = tokio::time::timeout(timeout, call).await.unwrap_or_else(|_| {
            CallEnd::without_answer(Status {
                code: Status::DEADLINE_EXCEEDED,
                message: format!("no answer within {} ms", timeout.as_millis()),
            })
        });
        let duration = started.elapsed();
        let is_refusal = !has_handler && end.is_from_program;
        let mut answer = AnswerView::new(form.kind, end.response, &end.status, is_refusal);
        answer.check_time_limit(duration, limit.into_iter().chain([timeout]).min());
        tokio::time::sleep(LOG_DELAY).await;
        Ok(json!({
            "id": id,
            "outcome": answer.outcome.name(),
            "duration_us": u64::try_from(duration.as_micros()).unwrap_or(u64::MAX),
            "answer": answer.seen,
            "log": log_lines(hub, first_log, id),
        }))
    }

    async fn call(&self, id: u64, request: Request<ProxyBody>, kind: Event, timeout: Duration) -> CallEnd {
        let response = self.proxy.call(id, request, Source::Console).await;
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
            if kind == Event::SubscribeStream
                && let Some(first) = first
            {
                // The stream goes on in the background, so that its messages are seen.
                tokio::spawn(tokio::time::timeout(timeout, async move {
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

    /// Returns how the program handles the event of a form.
    fn handling(&self, form: &Form) -> Handling {
        let Some(described) = self.description.borrow().clone() else {
            return Handling {
                has_handler: true,
                is_two_way: form.two_way.unwrap_or(false),
                limit: None,
            };
        };
        let target = form
            .channel
            .as_deref()
            .or(form.method.as_deref())
            .unwrap_or_default();
        let index = HandlerIndex::new(&described.description);
        let found = index.find(form.kind, target);
        Handling {
            has_handler: found.is_some(),
            is_two_way: form
                .two_way
                .unwrap_or_else(|| found.is_some_and(|handler| handler.two_way)),
            limit: index.time_limit(form.kind, target),
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

/// Returns the log lines that belong to an event.
fn log_lines(hub: &Hub, after: u64, id: u64) -> Vec<Value> {
    hub.after(after, usize::MAX)
        .into_iter()
        .filter_map(|(_, text)| serde_json::from_str::<Value>(&text).ok())
        .filter(|message| message["type"] == "log" && message["event"] == id)
        .map(|message| json!({ "level": message["level"], "text": message["text"] }))
        .collect()
}

fn request(
    form: &Form,
    message: &[u8],
    method: Method,
    timeout: Duration,
) -> Result<Request<ProxyBody>, String> {
    let body = Full::new(frame(message)).map_err(|never| match never {});
    let mut request = Request::post(format!("http://localhost{}", method.path()))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("grpc-timeout", format!("{}m", timeout.as_millis()));
    for (name, value) in &form.headers {
        let name = HeaderName::try_from(name.to_ascii_lowercase())
            .map_err(|_| format!("`{name}` is no name of a header"))?;
        let is_reserved = name.as_str().starts_with("grpc-")
            || matches!(
                name.as_str(),
                "content-type"
                    | "te"
                    | "host"
                    | "connection"
                    | "transfer-encoding"
                    | "content-length"
                    | "upgrade"
            );
        if is_reserved {
            return Err(format!(
                "`{name}` belongs to the transport, and cannot be a header"
            ));
        }
        let value = HeaderValue::try_from(value)
            .map_err(|_| format!("the value of `{name}` is no value of a header"))?;
        request = request.header(name, value);
    }
    request
        .body(ProxyBody::new(body))
        .map_err(|error| format!("the event cannot be sent: {error}"))
}

/// Returns the request message of an event.
fn encode(form: &Form, method: Method) -> Result<Bytes, String> {
    let mut members = Vec::new();
    let mut add = |name: &str, json: &str| members.push(format!("\"{name}\":{json}"));
    for (name, text) in [
        ("client", form.client.as_deref()),
        ("transport", form.transport.as_deref().or(Some("websocket"))),
        ("protocol", form.protocol.as_deref().or(Some("json"))),
        ("user", form.user.as_deref()),
        ("channel", form.channel.as_deref()),
        ("method", form.method.as_deref()),
        ("token", form.token.as_deref()),
        ("key", form.key.as_deref()),
    ] {
        if let Some(text) = text {
            add(name, &json!(text).to_string());
        }
    }
    if let Some(meta) = &form.meta {
        add("meta", meta.get());
    }
    let data = form.data.as_deref().map(RawValue::get);
    let binary = data
        .and_then(|data| serde_json::from_str::<BTreeMap<String, String>>(data).ok())
        .filter(|members| members.len() == 1)
        .and_then(|mut members| members.remove("$bytes"));
    let mut encoding = "json";
    match (form.kind, data, binary) {
        (Event::NotifyChannelState, Some(events), _) => add("events", events),
        (Event::SharedPollRefresh, Some(items), _) => add("items", items),
        (_, _, Some(base64)) => {
            STANDARD
                .decode(&base64)
                .map_err(|error| format!("`$bytes` is no base64: {error}"))?;
            add("b64data", &json!(base64).to_string());
            encoding = "binary";
        }
        (_, Some(data), None) => add("data", data),
        (_, None, None) => {}
    }
    add("encoding", &json!(encoding).to_string());
    let json = format!("{{{}}}", members.join(","));
    encode_json(method, &json).map_err(|error| format!("the event is wrong: {error}"))
}

/// Encodes a request message that is given as JSON.
fn encode_json(method: Method, json: &str) -> Result<Bytes, InvokeError> {
    let bytes = request_bytes(method.kind, json)?;
    if method.kind == Event::SubscribeStream && method.is_two_way {
        first_message(bytes)
    } else {
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use centrifugo_proto::proxy as messages;
    use prost::Message as _;

    use super::*;

    fn encoded(form: &str) -> Result<Bytes, String> {
        let form: Form = serde_json::from_str(form).unwrap();
        encode(&form, Method::of(form.kind))
    }

    #[test]
    fn makes_the_message_of_a_form() {
        let bytes =
            encoded(r#"{"kind":"rpc","method":"a","user":"42","data":{"n":1.0},"meta":[1]}"#).unwrap();
        let request = messages::RpcRequest::decode(bytes).unwrap();
        assert_eq!((request.method.as_str(), request.user.as_str()), ("a", "42"));
        assert_eq!(
            (&request.data[..], &request.meta[..]),
            (&b"{\"n\":1.0}"[..], &b"[1]"[..])
        );
        assert_eq!(
            (request.protocol.as_str(), request.encoding.as_str()),
            ("json", "json")
        );
        let bytes = encoded(r#"{"kind":"rpc","method":"a","data":{"$bytes":"AP8="}}"#).unwrap();
        let request = messages::RpcRequest::decode(bytes).unwrap();
        assert_eq!(
            (request.b64data.as_str(), request.encoding.as_str()),
            ("AP8=", "binary")
        );
        assert!(encoded(r#"{"kind":"rpc","data":{"$bytes":"!"}}"#).is_err());
        assert!(encoded(r#"{"kind":"notify_channel_state","data":3}"#).is_err());
    }

    #[test]
    fn refuses_headers_of_the_transport() {
        let form = |headers: &str| -> Form {
            serde_json::from_str(&format!(r#"{{"kind":"rpc","headers":{{{headers}}}}}"#)).unwrap()
        };
        let (method, timeout) = (Method::of(Event::Rpc), Duration::from_secs(1));
        for headers in [
            r#""grpc-timeout":"1""#,
            r#""Host":"x""#,
            r#""a b":"x""#,
            r#""a":"\n""#,
        ] {
            assert!(
                request(&form(headers), b"", method, timeout).is_err(),
                "{headers}"
            );
        }
        let request = request(&form(r#""X-Tenant":"a""#), b"", method, timeout).unwrap();
        assert_eq!(request.headers()["x-tenant"], "a");
    }
}
