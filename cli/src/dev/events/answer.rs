//! Answers of all kinds as the client sees them.

use std::time::Duration;

use bytes::Bytes;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::json_view::clip_members;
use crate::description::Event;
use crate::dev::proxy::Status;
use crate::invoke::{self, InvokeError, Outcome, Response, ResponseStatus};
use crate::recording::{LeftOut, RecordedAnswer};

/// The part of the caller's limit that the crate `centrifugo` reserves for the way back, at most a tenth of the limit.
const MARGIN: Duration = Duration::from_millis(20);

/// The answer to an event.
#[derive(Clone, Debug)]
pub(crate) struct AnswerView {
    /// What the client sees: `result`, `error`, `disconnect` or `status`.
    pub(crate) seen: Value,
    /// The answer for recordings.
    pub(crate) recorded: Result<RecordedAnswer, LeftOut>,
    pub(crate) outcome: Outcome,
}

impl AnswerView {
    /// Reads the response of an event. An error is a refusal if the program answered without a handler. A call that succeeded
    /// without a response is one whose response was not copied.
    pub(crate) fn new(kind: Event, response: Option<Bytes>, status: &Status, is_refusal: bool) -> Self {
        if !status.is_ok() {
            return Self::of_status(status, is_refusal);
        }
        let Some(bytes) = response else {
            return Self {
                seen: json!({ "result": { "$clipped": "", "length": null } }),
                recorded: Err(LeftOut::AnswerUnknown),
                outcome: Outcome::Unknown,
            };
        };
        Self::of_response(kind, &bytes, is_refusal).unwrap_or_else(|error| {
            let status = Status {
                code: 13,
                message: format!("the response cannot be read: {error}"),
            };
            Self {
                recorded: Err(LeftOut::AnswerInvalid),
                ..Self::of_status(&status, is_refusal)
            }
        })
    }

    fn of_status(status: &Status, is_refusal: bool) -> Self {
        let seen = json!({ "status": { "code": status.code, "message": status.message } });
        Self {
            recorded: Ok(RecordedAnswer::Status(ResponseStatus {
                code: status.code.try_into().unwrap_or(i32::MAX),
                message: status.message.clone(),
            })),
            seen,
            outcome: match status.code {
                Status::DEADLINE_EXCEEDED => Outcome::Timeout,
                _ if is_refusal => Outcome::Refused,
                _ => Outcome::Failed,
            },
        }
    }

    fn of_response(kind: Event, bytes: &Bytes, is_refusal: bool) -> Result<Self, InvokeError> {
        let json = response_json(kind, bytes)?;
        let response = Response::from_json(&json)?;
        let mut seen = match &response {
            Response::Result(result) if result.get() == "null" => json!({ "result": {} }),
            // Only a result can be nested too deep for a `Value`.
            response => serde_json::to_value(response)
                .unwrap_or_else(|_| json!({ "result": { "$clipped": "", "length": json.get().len() } })),
        };
        clip_members(&mut seen);
        Ok(Self {
            seen,
            recorded: Ok(RecordedAnswer::Response(json)),
            outcome: match response.outcome() {
                Outcome::Error if is_refusal => Outcome::Refused,
                outcome => outcome,
            },
        })
    }

    /// Takes an internal error after the time limit for the end of the time.
    pub(crate) fn check_time_limit(&mut self, duration: Duration, limit: Option<Duration>) {
        let is_over = limit.is_some_and(|limit| duration + MARGIN.min(limit / 10) >= limit);
        if self.outcome == Outcome::Failed && is_over {
            self.outcome = Outcome::Timeout;
        }
    }
}

/// Returns the response message as JSON, with the names of the .proto file. For a stream, it is the response in its first message.
fn response_json(kind: Event, bytes: &Bytes) -> Result<Box<RawValue>, InvokeError> {
    if kind == Event::SubscribeStream {
        let (response, _) = invoke::stream_message(bytes.clone())?;
        invoke::response_json(kind, &response.unwrap_or_default())
    } else {
        invoke::response_json(kind, bytes)
    }
}

#[cfg(test)]
mod tests {
    use centrifugo_proto::proxy;
    use prost::Message as _;

    use super::*;

    const OK: Status = Status {
        code: 0,
        message: String::new(),
    };

    fn rpc(response: &proxy::RpcResponse, is_refusal: bool) -> AnswerView {
        AnswerView::new(Event::Rpc, Some(response.encode_to_vec().into()), &OK, is_refusal)
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
        let answer = rpc(&response, false);
        assert_eq!(
            (answer.seen, answer.outcome),
            (json!({ "result": { "data": [1] } }), Outcome::Ok)
        );
        // An error takes precedence over a result, and a disconnect over both.
        response.error = Some(error);
        let answer = rpc(&response, false);
        let expected = json!({ "error": { "code": 404, "message": "no such user", "temporary": false } });
        assert_eq!((answer.seen, answer.outcome), (expected, Outcome::Error));
        assert_eq!(rpc(&response, true).outcome, Outcome::Refused);
        response.disconnect = Some(proxy::Disconnect {
            code: 4501,
            reason: "banned".into(),
        });
        let answer = rpc(&response, false);
        let expected = json!({ "disconnect": { "code": 4501, "reason": "banned" } });
        assert_eq!((answer.seen, answer.outcome), (expected, Outcome::Disconnect));
    }

    #[test]
    fn shows_statuses_and_empty_answers() {
        let answer = AnswerView::new(Event::Refresh, None, &Status::unavailable("gone"), false);
        assert_eq!(answer.outcome, Outcome::Failed);
        assert_eq!(
            answer.seen,
            json!({ "status": { "code": 14, "message": "gone" } })
        );
        let answer = AnswerView::new(Event::Refresh, None, &Status::unavailable("no handler"), true);
        assert_eq!(answer.outcome, Outcome::Refused);
        let answer = AnswerView::new(Event::Rpc, Some(Bytes::new()), &OK, false);
        assert_eq!(answer.seen, json!({ "result": {} }));
        let broken = AnswerView::new(Event::Rpc, Some(Bytes::from_static(&[255])), &OK, false);
        assert_eq!(broken.outcome, Outcome::Failed);
    }

    #[test]
    fn does_not_call_an_unknown_answer_a_success() {
        let answer = AnswerView::new(Event::Rpc, None, &OK, false);
        assert_eq!(answer.outcome, Outcome::Unknown);
        assert_eq!(answer.recorded.unwrap_err(), LeftOut::AnswerUnknown);
        let broken = AnswerView::new(Event::Rpc, Some(Bytes::from_static(&[255])), &OK, false);
        assert_eq!(broken.recorded.unwrap_err(), LeftOut::AnswerInvalid);
    }

    #[test]
    fn shows_the_outcome_of_an_answer_that_is_nested_deep() {
        let mut response = proxy::RpcResponse {
            result: Some(proxy::RpcResult {
                data: format!("{}{}", "[".repeat(200), "]".repeat(200)).into(),
                ..Default::default()
            }),
            ..Default::default()
        };
        let answer = rpc(&response, false);
        assert_eq!(answer.outcome, Outcome::Ok);
        assert_eq!(answer.seen["result"]["$clipped"], "");
        response.error = Some(proxy::Error {
            code: 404,
            ..Default::default()
        });
        assert_eq!(rpc(&response, false).outcome, Outcome::Error);
    }

    #[test]
    fn tells_time_limits_from_other_failures() {
        let mut answer = AnswerView::new(Event::Rpc, None, &Status::unavailable(""), false);
        let limit = Some(Duration::from_millis(100));
        answer.check_time_limit(Duration::from_millis(89), limit);
        assert_eq!(answer.outcome, Outcome::Failed);
        answer.check_time_limit(Duration::from_secs(90), None);
        assert_eq!(answer.outcome, Outcome::Failed);
        answer.check_time_limit(Duration::from_millis(90), limit);
        assert_eq!(answer.outcome, Outcome::Timeout);
    }
}
