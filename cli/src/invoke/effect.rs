//! What Centrifugo makes of an answer.

use serde::Deserialize;

use super::Response;
use crate::description::Event;

/// The members of results on which the effect depends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Members {
    expired: bool,
    expire_at: i64,
    populated: bool,
}

/// Returns what Centrifugo makes of an answer, or `None` if the client receives the answer as it is.
pub fn effect(kind: Event, response: &Response) -> Option<&'static str> {
    match kind {
        Event::Refresh => refresh(response),
        Event::SubRefresh => sub_refresh(response),
        Event::NotifyChannelState => match response {
            Response::Result(_) => Some("no client receives this answer"),
            _ => {
                Some("no client receives this answer; Centrifugo repeats the notification until it succeeds")
            }
        },
        Event::NotifyCacheEmpty => match response {
            Response::Result(result) if members(result.get()).populated => {
                Some("no client receives this answer; Centrifugo reads the channel again")
            }
            _ => Some("no client receives this answer; the channel stays empty"),
        },
        Event::SharedPollRefresh => Some("clients receive the items whose version is newer"),
        Event::Connect => match response {
            Response::Result(result) if result.get() == "null" => Some(
                "the answer has no credentials: Centrifugo accepts the client only if another way to authenticate does, such as a token or \
                 `client.allow_anonymous_connect_without_token`",
            ),
            Response::Status(_) => Some("the client receives error 100 (temporary), and connects again"),
            _ => None,
        },
        _ => match response {
            Response::Result(result) if result.get() == "null" => {
                Some("Centrifugo reads the empty answer as a permission with default options")
            }
            Response::Status(_) => Some("the client receives error 100 (temporary)"),
            _ => None,
        },
    }
}

fn refresh(response: &Response) -> Option<&'static str> {
    match response {
        Response::Status(_) => Some("the connection goes on for 60 s, then Centrifugo asks again"),
        Response::Result(result) => {
            let members = members(result.get());
            let goes_on = !members.expired && members.expire_at > 0 && result.get() != "null";
            (!goes_on).then_some("the connection ends with code 3005 (connection expired)")
        }
        Response::Error(_) | Response::Disconnect(_) => Some(
            "Centrifugo reads no error and no disconnect of a refresh: the connection ends with code 3005 (connection expired)",
        ),
    }
}

fn sub_refresh(response: &Response) -> Option<&'static str> {
    match response {
        Response::Status(_) => Some("the subscription goes on for 60 s, then Centrifugo asks again"),
        Response::Result(result) => {
            let members = members(result.get());
            if members.expired || result.get() == "null" {
                Some("the subscription ends with code 2501 (subscription expired)")
            } else if members.expire_at == 0 {
                Some("the subscription goes on, and Centrifugo does not ask again")
            } else {
                None
            }
        }
        Response::Error(_) | Response::Disconnect(_) => Some(
            "Centrifugo reads no error and no disconnect of a sub_refresh: the subscription ends with code 2501 (subscription expired)",
        ),
    }
}

fn members(json: &str) -> Members {
    serde_json::from_str(json).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    fn of(kind: Event, json: &str) -> String {
        let response: Response = serde_json::from_str(json).unwrap();
        effect(kind, &response).unwrap_or("-").to_owned()
    }

    #[test]
    fn follows_the_rules_of_centrifugo() {
        let status = r#"{ "status": { "code": 13, "message": "x" } }"#;
        let error = r#"{ "error": { "code": 101 } }"#;
        for (kind, json, part) in [
            (Event::Refresh, status, "60 s"),
            (Event::SubRefresh, status, "60 s"),
            (Event::Rpc, status, "error 100"),
            (Event::Connect, status, "connects again"),
            (Event::Refresh, error, "3005"),
            (Event::SubRefresh, error, "2501"),
            (Event::Rpc, error, "-"),
            (Event::Connect, error, "-"),
            (Event::NotifyChannelState, error, "repeats"),
            (Event::Refresh, r#"{ "result": { "expire_at": 9 } }"#, "-"),
            (Event::Refresh, r#"{ "result": {} }"#, "3005"),
            (Event::SubRefresh, r#"{ "result": {} }"#, "not ask again"),
            (Event::SubRefresh, r#"{ "result": { "expired": true } }"#, "2501"),
            (Event::Connect, r#"{ "result": null }"#, "no credentials"),
            (Event::Subscribe, r#"{ "result": null }"#, "permission"),
            (Event::Subscribe, r#"{ "result": {} }"#, "-"),
            (
                Event::NotifyCacheEmpty,
                r#"{ "result": { "populated": true } }"#,
                "again",
            ),
        ] {
            let effect = of(kind, json);
            assert!(effect.contains(part), "{kind} {json}: {effect}");
        }
        assert!(effect(Event::Rpc, &Response::Result(RawValue::NULL.to_owned())).is_some());
    }
}
