//! Sends events of the page's form to the program.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::event_log::log_of_event;
use super::form::Form;
use super::proxy_call::ProxyCall;
use crate::dev::described::Described;
use crate::dev::events::{AnswerView, HandlerIndex};
use crate::dev::hub::Hub;
use crate::dev::proxy::Proxy;
use crate::invoke::Invocation;

/// How long an event may take, if the form does not say it.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_TIMEOUT: Duration = Duration::from_secs(600);

/// Sends events of the form.
pub(crate) struct Sender {
    pub(crate) proxy: Proxy,
    pub(crate) description: watch::Receiver<Option<Described>>,
}

/// How the program handles an event.
struct Handling {
    has_handler: bool,
    /// Whether the handler takes a stream in both directions.
    is_two_way: bool,
    /// The time limit of the handler.
    limit: Option<Duration>,
}

impl Sender {
    /// Sends the event of a form. Returns the answer for the page, or why the form is wrong.
    pub(super) async fn send(&self, body: &[u8], hub: &Hub) -> Result<Value, String> {
        let form = Form::read(body)?;
        let two_way = form.two_way;
        let id = self.proxy.next_id();
        // Log lines are told apart by the client.
        let mut invocation = form.into_invocation(format!("console-{id}"))?;
        let handling = self.handling(&invocation);
        invocation.two_way = two_way.unwrap_or(handling.is_two_way);
        let kind = invocation.kind;
        let timeout = invocation
            .timeout_ms
            .map_or(DEFAULT_TIMEOUT, Duration::from_millis)
            .min(MAX_TIMEOUT);
        let call = ProxyCall::new(&invocation, timeout).map_err(|error| error.to_string())?;
        let first_log = *hub.newest().borrow();
        let started = Instant::now();
        let end = call.send(id, &self.proxy).await;
        let duration = started.elapsed();
        let is_refusal = !handling.has_handler && end.is_from_program;
        let mut answer = AnswerView::new(kind, end.response, &end.status, is_refusal);
        answer.check_time_limit(duration, handling.limit.into_iter().chain([timeout]).min());
        Ok(json!({
            "id": id,
            "outcome": answer.outcome.name(),
            "duration_us": u64::try_from(duration.as_micros()).unwrap_or(u64::MAX),
            "answer": answer.seen,
            "log": log_of_event(hub, first_log, id).await,
        }))
    }

    /// Returns how the program handles an event.
    fn handling(&self, invocation: &Invocation) -> Handling {
        let Some(described) = self.description.borrow().clone() else {
            return Handling {
                has_handler: true,
                is_two_way: false,
                limit: None,
            };
        };
        let target = invocation
            .channel
            .as_deref()
            .or(invocation.method.as_deref())
            .unwrap_or_default();
        let index = HandlerIndex::new(&described.description);
        let found = index.find(invocation.kind, target);
        Handling {
            has_handler: found.is_some(),
            is_two_way: found.is_some_and(|handler| handler.two_way),
            limit: index.time_limit(invocation.kind, target),
        }
    }
}
