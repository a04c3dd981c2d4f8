//! An event that has not ended.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::HeaderMap;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::handler_index::FoundHandler;
use super::metadata::metadata_map;
use super::{AnswerView, Recorded, RequestView, bytes_view, unix_ms};
use crate::description::Event;
use crate::dev::proxy::{EventId, Message, Source};
use crate::invoke::{Method, request_json, stream_request};
use crate::recording::{LeftOut, RecordedAnswer};

/// An event that has not ended.
pub(super) struct PendingEvent {
    pub(super) at: SystemTime,
    pub(super) kind: Event,
    pub(super) metadata: HeaderMap,
    source: Source,
    /// Whether the event opened a stream in both directions.
    two_way: bool,
    pub(super) request: Option<RequestView>,
    /// The request message as JSON.
    request_json: Result<Box<RawValue>, LeftOut>,
    /// Whether a message of the response came.
    pub(super) has_response: bool,
    /// The first message of the response, if its bytes were copied.
    pub(super) response: Option<Bytes>,
    /// Whether the event was shown. A stream is shown when its first message comes.
    pub(super) is_shown: bool,
}

impl PendingEvent {
    /// Starts with a call whose messages have not come yet.
    pub(super) fn new(at: SystemTime, method: Method, metadata: HeaderMap, source: Source) -> Self {
        Self {
            at,
            kind: method.kind,
            metadata,
            source,
            two_way: method.is_two_way,
            request: None,
            request_json: Err(LeftOut::RequestUnknown),
            has_response: false,
            response: None,
            is_shown: false,
        }
    }

    /// Takes the first message of the caller.
    pub(super) fn take_request(&mut self, message: Message) {
        let bytes = message.bytes.and_then(|bytes| {
            if self.two_way {
                stream_request(bytes).ok()
            } else {
                Some(bytes)
            }
        });
        self.request_json = match &bytes {
            Some(bytes) => request_json(self.kind, bytes).map_err(|_| LeftOut::RequestInvalid),
            None => Err(LeftOut::RequestUnknown),
        };
        let request = bytes.and_then(|bytes| RequestView::decode(self.kind, bytes).ok());
        let mut request = request.unwrap_or_default();
        if let Ok(json) = &self.request_json {
            request.take_list(self.kind, json);
        }
        self.request = Some(request);
    }

    pub(super) fn is_from_console(&self) -> bool {
        self.source == Source::Console
    }

    /// Returns the message for the page.
    pub(super) fn message(
        &self,
        id: EventId,
        request: &RequestView,
        handler: Option<&FoundHandler>,
        answer: &AnswerView,
        duration: Duration,
    ) -> Value {
        json!({
            "type": "event",
            "id": id,
            "at_ms": unix_ms(self.at),
            "kind": self.kind.name(),
            "pattern": handler.and_then(|handler| handler.pattern.as_deref()),
            "handler": handler.map(|handler| handler.name.as_str()),
            "channel": non_empty(&request.channel),
            "method": non_empty(&request.method),
            "two_way": self.two_way,
            "user": request.user,
            "client": request.client,
            "transport": request.transport,
            "protocol": request.protocol,
            "key": non_empty(&request.key),
            "headers": metadata_map(&self.metadata),
            "data": bytes_view(&request.data),
            "meta": bytes_view(&request.meta),
            "outcome": answer.outcome.name(),
            "duration_us": u64::try_from(duration.as_micros()).unwrap_or(u64::MAX),
            "answer": answer.seen,
            "source": self.is_from_console().then_some("console"),
        })
    }

    /// Returns the event with an answer of the program for recordings. The request and the metadata are not needed again.
    pub(super) fn take_recorded(
        &mut self,
        answer: Result<RecordedAnswer, LeftOut>,
    ) -> Result<Recorded, LeftOut> {
        let request = std::mem::replace(&mut self.request_json, Err(LeftOut::RequestUnknown));
        let answer = answer?;
        Ok(Recorded {
            kind: self.kind,
            two_way: self.two_way,
            request: request?,
            headers: std::mem::take(&mut self.metadata),
            answer,
            at_ms: unix_ms(self.at),
        })
    }
}

fn non_empty(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
