//! Puts the copies of an event together: for the terminal, for the console and for recordings.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::HeaderMap;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::metadata::metadata_map;
use super::{AnswerView, HandlerIndex, Recorded, RequestView, bytes_view};
use crate::description::Event;
use crate::dev::hub::Hub;
use crate::dev::proxy::{Direction, EventId, Message, Observation, Observations, Source, Status};
use crate::dev::recording::Recordings;
use crate::dev::terminal::{EventLine, Terminal};
use crate::invoke::{LogLine, Method, client_publication, request_json, stream_message, stream_request};
use crate::recording::LeftOut;

/// Log lines that come this long after the end of an event may belong to it.
const LOG_DELAY: Duration = Duration::from_millis(500);
/// Ended events to which log lines may belong.
const MAX_RECENT: usize = 256;

/// Reads what the proxy observes.
pub(crate) struct Assembler {
    pending: HashMap<EventId, PendingEvent>,
    recent: VecDeque<RecentEvent>,
    handlers: watch::Receiver<Arc<HandlerIndex>>,
    hub: Arc<Hub>,
    recordings: Arc<Recordings>,
    terminal: Terminal,
}

/// An event that has not ended.
struct PendingEvent {
    at: SystemTime,
    kind: Event,
    metadata: HeaderMap,
    source: Source,
    /// Whether the event opened a stream in both directions.
    two_way: bool,
    request: Option<RequestView>,
    /// The request message as JSON.
    request_json: Result<Box<RawValue>, LeftOut>,
    /// Whether a message of the response came.
    has_response: bool,
    /// The first message of the response, if its bytes were copied.
    response: Option<Bytes>,
    /// Whether the event was shown. A stream is shown when its first message comes.
    is_shown: bool,
}

/// What log lines say about an event.
struct RecentEvent {
    id: EventId,
    kind: Event,
    client: String,
    target: String,
    ended: Instant,
}

impl Assembler {
    pub(crate) fn new(
        handlers: watch::Receiver<Arc<HandlerIndex>>,
        hub: Arc<Hub>,
        recordings: Arc<Recordings>,
        terminal: Terminal,
    ) -> Self {
        Self {
            pending: HashMap::new(),
            recent: VecDeque::new(),
            handlers,
            hub,
            recordings,
            terminal,
        }
    }

    /// Reads observations for as long as there are any.
    pub(crate) async fn run(mut self, mut observations: Observations) {
        while let Some(observation) = observations.next().await {
            self.take(observation);
            let missed = observations.take_missed();
            if missed > 0 {
                self.terminal.warning(&format!(
                    "{missed} events are not shown: there were too many at once"
                ));
            }
        }
    }

    fn take(&mut self, observation: Observation) {
        match observation {
            Observation::Opened {
                id,
                at,
                path,
                metadata,
                source,
            } => {
                let Some(method) = Method::from_path(&path) else {
                    return;
                };
                let event = PendingEvent {
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
                };
                self.pending.insert(id, event);
            }
            Observation::Message {
                id,
                at,
                direction,
                message,
            } => self.message(id, at, direction, message),
            Observation::Ended {
                id,
                at,
                duration,
                status,
                is_from_program,
            } => self.end(id, at, duration, &status, is_from_program),
            Observation::Log { at, line } => self.log(at, &line),
        }
    }

    fn message(&mut self, id: EventId, at: SystemTime, direction: Direction, message: Message) {
        let Some(event) = self.pending.get_mut(&id) else {
            return;
        };
        let is_first = match direction {
            Direction::FromClient => event.request.is_none(),
            Direction::ToClient => !event.is_shown && !event.has_response,
        };
        if !is_first {
            let view = stream_data(direction, &message);
            self.stream_message(id, at, direction_name(direction), view, None);
            return;
        }
        match direction {
            Direction::FromClient => {
                let bytes = message.bytes.and_then(|bytes| {
                    if event.two_way {
                        stream_request(bytes).ok()
                    } else {
                        Some(bytes)
                    }
                });
                event.request_json = match &bytes {
                    Some(bytes) => request_json(event.kind, bytes).map_err(|_| LeftOut::RequestInvalid),
                    None => Err(LeftOut::RequestUnknown),
                };
                let request = bytes.and_then(|bytes| RequestView::decode(event.kind, bytes).ok());
                let mut request = request.unwrap_or_default();
                if let Ok(json) = &event.request_json {
                    request.take_list(event.kind, json);
                }
                event.request = Some(request);
            }
            Direction::ToClient => {
                event.has_response = true;
                event.response = message.bytes;
                if event.kind == Event::SubscribeStream {
                    let duration = at.duration_since(event.at).unwrap_or_default();
                    self.show(id, duration, &Status::ok(), true);
                }
            }
        }
    }

    fn end(
        &mut self,
        id: EventId,
        at: SystemTime,
        duration: Duration,
        status: &Status,
        is_from_program: bool,
    ) {
        let Some(event) = self.pending.get(&id) else {
            return;
        };
        if event.is_shown {
            let seen = json!({ "code": status.code, "message": status.message });
            self.stream_message(id, at, "end", Value::Null, Some(seen));
        } else {
            self.show(id, duration, status, is_from_program);
        }
        let Some(event) = self.pending.remove(&id) else {
            return;
        };
        let request = event.request.unwrap_or_default();
        if self.recent.len() == MAX_RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(RecentEvent {
            id,
            kind: event.kind,
            target: request.target().to_owned(),
            client: request.client,
            ended: Instant::now(),
        });
    }

    /// Shows an event whose answer has come, or that ended without an answer of the program.
    fn show(&mut self, id: EventId, duration: Duration, status: &Status, is_from_program: bool) {
        let Some(event) = self.pending.get_mut(&id) else {
            return;
        };
        event.is_shown = true;
        let request = event.request.clone().unwrap_or_default();
        let index = self.handlers.borrow().clone();
        let handler = index.find(event.kind, request.target());
        let is_refusal = handler.is_none() && is_from_program;
        let mut answer = AnswerView::new(event.kind, event.response.take(), status, is_refusal);
        let limits = [
            index.time_limit(event.kind, request.target()),
            deadline(&event.metadata),
        ];
        answer.check_time_limit(duration, limits.into_iter().flatten().min());
        let metadata = metadata_map(&event.metadata);
        let at_ms = unix_ms(event.at);
        let is_from_console = event.source == Source::Console;
        let message = json!({
            "type": "event",
            "id": id,
            "at_ms": at_ms,
            "kind": event.kind.name(),
            "pattern": handler.and_then(|handler| handler.pattern.as_deref()),
            "handler": handler.map(|handler| handler.name.as_str()),
            "channel": non_empty(&request.channel),
            "method": non_empty(&request.method),
            "two_way": event.two_way,
            "user": request.user,
            "client": request.client,
            "transport": request.transport,
            "protocol": request.protocol,
            "key": non_empty(&request.key),
            "headers": metadata,
            "data": bytes_view(&request.data),
            "meta": bytes_view(&request.meta),
            "outcome": answer.outcome.name(),
            "duration_us": u64::try_from(duration.as_micros()).unwrap_or(u64::MAX),
            "answer": answer.seen,
            "source": is_from_console.then_some("console"),
        });
        self.terminal.event(&EventLine {
            at: event.at,
            kind: event.kind,
            target: request.target(),
            user: &request.user,
            outcome: answer.outcome,
            answer: &answer.seen,
            duration,
            is_from_console,
        });
        let answer = if is_from_program {
            answer.recorded
        } else {
            Err(LeftOut::NoAnswer)
        };
        // The request is not needed again.
        let request = std::mem::replace(&mut event.request_json, Err(LeftOut::RequestUnknown));
        let recorded = answer.and_then(|answer| {
            Ok(Recorded {
                kind: event.kind,
                two_way: event.two_way,
                request: request?,
                headers: std::mem::take(&mut event.metadata),
                answer,
                at_ms,
            })
        });
        self.recordings.add(id, recorded);
        self.hub.push(&message);
    }

    fn stream_message(
        &self,
        id: EventId,
        at: SystemTime,
        direction: &str,
        data: Value,
        status: Option<Value>,
    ) {
        self.hub.push(&json!({
            "type": "stream", "id": id, "at_ms": unix_ms(at), "direction": direction, "data": data, "status": status,
        }));
    }

    fn log(&mut self, at: SystemTime, line: &str) {
        let line = LogLine::parse(line);
        let event = self.event_of(&line);
        self.terminal.log(&line);
        self.hub.push(&json!({
            "type": "log", "at_ms": unix_ms(at), "level": line.level, "text": line.text, "event": event,
        }));
    }

    /// Returns the event to which a log line belongs: the newest one with the same kind, client and target, or the only one that
    /// is in hand.
    fn event_of(&self, line: &LogLine) -> Option<EventId> {
        let is_of = |kind: Event, client: &str, target: &str| {
            line.kind.as_deref() == Some(kind.name())
                && line.client.as_deref().is_none_or(|of| of == client)
                && line.target.as_deref().is_none_or(|of| of == target)
        };
        if line.kind.is_some() {
            let pending = self.pending.iter().filter(|(_, event)| {
                let request = event.request.as_ref();
                request.is_some_and(|request| is_of(event.kind, &request.client, request.target()))
            });
            return pending.map(|(id, _)| *id).max().or_else(|| {
                let mut recent = self.recent.iter().rev();
                let found = recent.find(|event| {
                    event.ended.elapsed() < LOG_DELAY && is_of(event.kind, &event.client, &event.target)
                });
                found.map(|event| event.id)
            });
        }
        let mut in_hand = self.pending.iter().filter(|(_, event)| !event.is_shown);
        match (in_hand.next(), in_hand.next()) {
            (Some((id, _)), None) => Some(*id),
            _ => None,
        }
    }
}

/// Returns how long the caller of an event waits for the answer.
fn deadline(metadata: &HeaderMap) -> Option<Duration> {
    let text = metadata.get("grpc-timeout")?.to_str().ok()?;
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: u64 = number.parse().ok()?;
    let seconds = |factor: u64| number.checked_mul(factor).map(Duration::from_secs);
    match unit {
        "H" => seconds(3600),
        "M" => seconds(60),
        "S" => seconds(1),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::FromClient => "from_client",
        Direction::ToClient => "to_client",
    }
}

/// Returns the data of a publication in a stream.
fn stream_data(direction: Direction, message: &Message) -> Value {
    let Some(bytes) = message.bytes.clone() else {
        return json!({ "$clipped": "", "length": message.len });
    };
    let publication = match direction {
        Direction::FromClient => client_publication(bytes),
        Direction::ToClient => stream_message(bytes).map(|(_, publication)| publication),
    };
    match publication {
        Ok(Some(publication)) => bytes_view(&publication.data.to_bytes()),
        _ => Value::Null,
    }
}

fn non_empty(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Returns a time in Unix milliseconds.
pub(crate) fn unix_ms(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use centrifugo_proto::proxy;
    use prost::Message as _;

    use super::*;
    use crate::dev::state::State;
    use crate::recording::{RecordedEvent, RecordingReader, Removed};

    /// What the assembler makes of calls of an RPC method, and what is recorded.
    struct Observed {
        assembler: Assembler,
        hub: Arc<Hub>,
        folder: tempfile::TempDir,
    }

    impl Observed {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("a.jsonl");
            let recordings =
                Recordings::new(Some(&file), Removed::new(&[]), folder.path().to_owned()).unwrap();
            let terminal = Terminal::silent();
            let hub = Arc::new(Hub::new(State::default(), terminal.clone()));
            let handlers = watch::channel(Arc::default()).1;
            Self {
                assembler: Assembler::new(handlers, Arc::clone(&hub), Arc::new(recordings), terminal),
                hub,
                folder,
            }
        }

        fn call(&mut self, id: EventId, response: Option<Message>, status: Status, is_from_program: bool) {
            let at = SystemTime::now();
            let request = proxy::RpcRequest {
                method: id.to_string(),
                ..Default::default()
            };
            let request = Bytes::from(request.encode_to_vec());
            let message = |direction, message| Observation::Message {
                id,
                at,
                direction,
                message,
            };
            let request = Message {
                len: request.len(),
                bytes: Some(request),
            };
            self.assembler.take(Observation::Opened {
                id,
                at,
                path: "/centrifugal.centrifugo.proxy.CentrifugoProxy/RPC".to_owned(),
                metadata: HeaderMap::new(),
                source: Source::Caller,
            });
            self.assembler.take(message(Direction::FromClient, request));
            if let Some(response) = response {
                self.assembler.take(message(Direction::ToClient, response));
            }
            self.assembler.take(Observation::Ended {
                id,
                at,
                duration: Duration::from_millis(1),
                status,
                is_from_program,
            });
        }

        /// The outcome of the last event.
        fn outcome(&self) -> Value {
            let (_, text) = self.hub.after(0, usize::MAX).pop().unwrap();
            serde_json::from_str::<Value>(&text).unwrap()["outcome"].take()
        }

        fn recorded(&self) -> Vec<RecordedEvent> {
            let file = std::fs::read(self.folder.path().join("a.jsonl")).unwrap();
            RecordingReader::new(file.as_slice())
                .map(Result::unwrap)
                .collect()
        }
    }

    #[test]
    fn records_only_answers_of_the_program() {
        let mut observed = Observed::new();
        observed.call(1, None, Status::cancelled(), false);
        observed.call(2, None, Status::unavailable("no program is running yet"), false);
        assert_eq!(observed.recorded().len(), 0);
        observed.call(3, None, Status::unavailable("the database is down"), true);
        let empty = Message {
            bytes: Some(Bytes::new()),
            len: 0,
        };
        observed.call(4, Some(empty), Status::ok(), true);
        let methods = observed
            .recorded()
            .into_iter()
            .map(|event| event.request.get().to_owned());
        assert_eq!(
            methods.collect::<Vec<_>>(),
            [r#"{"method":"3"}"#, r#"{"method":"4"}"#]
        );
    }

    #[test]
    fn tells_refusals_of_the_program_from_calls_that_do_not_reach_it() {
        let mut observed = Observed::new();
        observed.call(1, None, Status::unavailable("no handler"), true);
        assert_eq!(observed.outcome(), "refused");
        observed.call(2, None, Status::unavailable("no program is running yet"), false);
        assert_eq!(observed.outcome(), "failed");
        observed.call(3, None, Status::cancelled(), false);
        assert_eq!(observed.outcome(), "failed");
    }

    #[test]
    fn knows_that_it_does_not_know_a_long_answer() {
        let mut observed = Observed::new();
        let long = Message {
            bytes: None,
            len: 2 << 20,
        };
        observed.call(1, Some(long), Status::ok(), true);
        assert_eq!(observed.outcome(), "unknown");
        assert_eq!(observed.recorded().len(), 0);
    }
}
