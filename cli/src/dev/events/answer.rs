//! Answers of all kinds as the client sees them.

use std::time::Duration;

use bytes::Bytes;
use centrifugo_proto::proxy;
use prost::Message;
use serde_json::{Value, json};

use super::json_view::clip_members;
use crate::description::Event;
use crate::dev::proxy::Status;
use crate::invoke::{self, InvokeError};

/// The part of the caller's limit that the crate `centrifugo` reserves for the way back, at most a tenth of the limit.
const MARGIN: Duration = Duration::from_millis(20);
/// The code of an internal error.
const INTERNAL: u64 = 100;

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Ok,
    Error,
    Disconnect,
    Failed,
    Refused,
    Timeout,
}

impl Outcome {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::Disconnect => "disconnect",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
        }
    }
}

/// The answer to an event.
#[derive(Clone, Debug)]
pub(crate) struct AnswerView {
    /// What the client sees: `result`, `error`, `disconnect` or `status`.
    pub(crate) seen: Value,
    /// The response message as JSON, or the status. `None` if the message is not known.
    pub(crate) recorded: Option<String>,
    pub(crate) outcome: Outcome,
}

impl AnswerView {
    /// Reads the response of an event that had a handler or not.
    pub(crate) fn new(kind: Event, response: Option<Bytes>, status: &Status, has_handler: bool) -> Self {
        let json = response
            .filter(|_| status.is_ok())
            .map(|bytes| response_json(kind, &bytes));
        match json {
            Some(Ok(recorded)) => Self::of_response(recorded, has_handler),
            Some(Err(error)) => Self::of_status(
                &Status {
                    code: 13,
                    message: format!("the response cannot be read: {error}"),
                },
                has_handler,
            ),
            None if status.is_ok() => Self {
                seen: json!({ "result": { "$clipped": "", "length": null } }),
                recorded: None,
                outcome: Outcome::Ok,
            },
            None => Self::of_status(status, has_handler),
        }
    }

    fn of_status(status: &Status, has_handler: bool) -> Self {
        let seen = json!({ "status": { "code": status.code, "message": status.message } });
        Self {
            recorded: Some(seen.to_string()),
            seen,
            outcome: match status.code {
                Status::DEADLINE_EXCEEDED => Outcome::Timeout,
                _ if !has_handler && status.code != Status::UNAVAILABLE => Outcome::Refused,
                _ => Outcome::Failed,
            },
        }
    }

    fn of_response(recorded: String, has_handler: bool) -> Self {
        let response: Value = serde_json::from_str(&recorded).unwrap_or_default();
        let member = |name: &str| response.get(name).filter(|value| !value.is_null());
        let (mut seen, outcome) = if let Some(disconnect) = member("disconnect") {
            let disconnect =
                json!({ "code": number(disconnect, "code"), "reason": text(disconnect, "reason") });
            (json!({ "disconnect": disconnect }), Outcome::Disconnect)
        } else if let Some(error) = member("error") {
            let code = number(error, "code");
            let is_temporary = error
                .get("temporary")
                .and_then(Value::as_bool)
                .unwrap_or_default();
            let outcome = match code {
                INTERNAL => Outcome::Failed,
                _ if !has_handler => Outcome::Refused,
                _ => Outcome::Error,
            };
            let error = json!({ "code": code, "message": text(error, "message"), "temporary": is_temporary });
            (json!({ "error": error }), outcome)
        } else {
            let result = member("result").cloned().unwrap_or_else(|| json!({}));
            (json!({ "result": result }), Outcome::Ok)
        };
        clip_members(&mut seen);
        Self {
            seen,
            recorded: Some(recorded),
            outcome,
        }
    }

    /// Takes an internal error after the time limit for the end of the time.
    pub(crate) fn check_time_limit(&mut self, duration: Duration, limit: Option<Duration>) {
        let is_over = limit.is_some_and(|limit| duration + MARGIN.min(limit / 10) >= limit);
        if self.outcome == Outcome::Failed && is_over {
            self.outcome = Outcome::Timeout;
        }
    }
}

fn number(value: &Value, name: &str) -> u64 {
    value.get(name).and_then(Value::as_u64).unwrap_or_default()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Returns the response message as JSON, with the names of the .proto file. For a stream, it is the response in its first message.
fn response_json(kind: Event, bytes: &[u8]) -> Result<String, InvokeError> {
    let json = if kind == Event::SubscribeStream {
        let message = proxy::StreamSubscribeResponse::decode(bytes)
            .map_err(|error| InvokeError::Answer(error.to_string()))?;
        let response = message.subscribe_response.unwrap_or_default();
        invoke::response_json(kind, &response.encode_to_vec())
    } else {
        invoke::response_json(kind, bytes)
    };
    json.map(|json| json.get().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: Status = Status {
        code: 0,
        message: String::new(),
    };

    fn rpc(response: &proxy::RpcResponse, has_handler: bool) -> AnswerView {
        AnswerView::new(
            Event::Rpc,
            Some(response.encode_to_vec().into()),
            &OK,
            has_handler,
        )
    }

    #[test]
    fn shows_what_the_client_sees() {
        let result = proxy::RpcResult {
            data: Bytes::from_static(b"[1]"),
            ..Default::default()
        };
        let error = proxy::Error {
            code: 404,
            message: "no such user".into(),
            temporary: false,
        };
        let mut response = proxy::RpcResponse {
            result: Some(result),
            ..Default::default()
        };
        let answer = rpc(&response, true);
        assert_eq!(
            (answer.seen, answer.outcome),
            (json!({ "result": { "data": [1] } }), Outcome::Ok)
        );
        // An error takes precedence over a result, and a disconnect over both.
        response.error = Some(error);
        let answer = rpc(&response, true);
        let expected = json!({ "error": { "code": 404, "message": "no such user", "temporary": false } });
        assert_eq!((answer.seen, answer.outcome), (expected, Outcome::Error));
        assert_eq!(rpc(&response, false).outcome, Outcome::Refused);
        response.disconnect = Some(proxy::Disconnect {
            code: 4501,
            reason: "banned".into(),
        });
        let answer = rpc(&response, true);
        let expected = json!({ "disconnect": { "code": 4501, "reason": "banned" } });
        assert_eq!((answer.seen, answer.outcome), (expected, Outcome::Disconnect));
    }

    #[test]
    fn shows_statuses_and_empty_answers() {
        let answer = AnswerView::new(Event::Refresh, None, &Status::unavailable("gone"), true);
        assert_eq!(answer.outcome, Outcome::Failed);
        assert_eq!(
            answer.seen,
            json!({ "status": { "code": 14, "message": "gone" } })
        );
        let answer = AnswerView::new(Event::Rpc, Some(Bytes::new()), &OK, true);
        assert_eq!(answer.seen, json!({ "result": {} }));
        let broken = AnswerView::new(Event::Rpc, Some(Bytes::from_static(&[255])), &OK, true);
        assert_eq!(broken.outcome, Outcome::Failed);
    }

    #[test]
    fn tells_time_limits_from_other_failures() {
        let mut answer = AnswerView::new(Event::Rpc, None, &Status::unavailable(""), true);
        let limit = Some(Duration::from_millis(100));
        answer.check_time_limit(Duration::from_millis(89), limit);
        assert_eq!(answer.outcome, Outcome::Failed);
        answer.check_time_limit(Duration::from_secs(90), None);
        assert_eq!(answer.outcome, Outcome::Failed);
        answer.check_time_limit(Duration::from_millis(90), limit);
        assert_eq!(answer.outcome, Outcome::Timeout);
    }
}
