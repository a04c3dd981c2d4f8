//! Puts the copies of an event together: for the terminal, for the console and for recordings.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::deadline::deadline;
use super::pending_event::PendingEvent;
use super::recent_events::{RecentEvents, is_of_event};
use super::stream_view::{direction_name, stream_data};
use super::{AnswerView, HandlerIndex, unix_ms};
use crate::description::Event;
use crate::dev::hub::Hub;
use crate::dev::proxy::{Direction, EventId, Message, Observation, Observations, Status};
use crate::dev::recording::Recordings;
use crate::dev::terminal::{EventLine, Terminal};
use crate::invoke::{LogLine, Method, Outcome};
use crate::recording::LeftOut;

/// How long after the end of an event a line of the log may belong to it.
const LATE_LINE: Duration = Duration::from_millis(50);

/// Reads what the proxy observes.
pub(crate) struct Assembler {
    pending: HashMap<EventId, PendingEvent>,
    recent: RecentEvents,
    /// The last two events that ended, the later one first.
    last_ended: [Option<(EventId, SystemTime)>; 2],
    handlers: watch::Receiver<Arc<HandlerIndex>>,
    hub: Arc<Hub>,
    recordings: Arc<Recordings>,
    terminal: Terminal,
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
            recent: RecentEvents::default(),
            last_ended: [None; 2],
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
                let event = PendingEvent::new(at, method, metadata, source);
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
            Direction::FromClient => event.take_request(message),
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
        self.recent.add(id, event.kind, event.request.unwrap_or_default());
        self.last_ended = [Some((id, at)), self.last_ended[0]];
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
        let message = event.message(id, &request, handler, &answer, duration);
        self.terminal.event(&EventLine {
            at: event.at,
            kind: event.kind,
            target: request.target(),
            user: &request.user,
            outcome: answer.outcome,
            answer: &answer.seen,
            duration,
            is_from_console: event.is_from_console(),
        });
        let answer = if is_from_program {
            answer.recorded
        } else {
            Err(LeftOut::NoAnswer)
        };
        let recorded = event.take_recorded(answer);
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
        let event = self.event_of(&line, at);
        self.terminal.log(&line);
        self.hub.push(&json!({
            "type": "log", "at_ms": unix_ms(at), "level": line.level, "text": line.text, "event": event, "outcome": line.outcome.map(Outcome::name),
        }));
    }

    /// Returns the event to which a log line belongs: the newest one with the same kind, client and target, or the only one that
    /// is in hand, or the only one that has just ended. A line that a handler prints can arrive after its answer.
    fn event_of(&self, line: &LogLine, at: SystemTime) -> Option<EventId> {
        if line.kind.is_some() {
            let pending = self.pending.iter().filter(|(_, event)| {
                let request = event.request.as_ref();
                request
                    .is_some_and(|request| is_of_event(line, event.kind, &request.client, request.target()))
            });
            return pending
                .map(|(id, _)| *id)
                .max()
                .or_else(|| self.recent.find(line));
        }
        let mut in_hand = self.pending.iter().filter(|(_, event)| !event.is_shown);
        let ended = self.last_ended.iter().flatten();
        let mut just_ended = ended.filter(|(_, end)| at.duration_since(*end).unwrap_or_default() < LATE_LINE);
        match (in_hand.next(), in_hand.next()) {
            (Some((id, _)), None) => Some(*id),
            (None, _) => match (just_ended.next(), just_ended.next()) {
                (Some((id, _)), None) => Some(*id),
                _ => None,
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use centrifugo_proto::proxy;
    use http::HeaderMap;
    use prost::Message as _;

    use super::*;
    use crate::dev::proxy::Source;
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
    fn a_line_that_comes_after_the_answer_belongs_to_the_only_event_that_has_just_ended() {
        let mut observed = Observed::new();
        let event_of_line = |observed: &mut Observed, at| {
            let line = "printed by a handler".into();
            observed.assembler.take(Observation::Log { at, line });
            let (_, text) = observed.hub.after(0, usize::MAX).pop().unwrap();
            serde_json::from_str::<Value>(&text).unwrap()["event"].take()
        };
        let before = SystemTime::now();
        assert_eq!(event_of_line(&mut observed, before), Value::Null);
        observed.call(1, None, Status::unavailable("no handler"), true);
        let after = SystemTime::now();
        assert_eq!(event_of_line(&mut observed, before), 1);
        assert_eq!(event_of_line(&mut observed, after + LATE_LINE), Value::Null);
        observed.call(2, None, Status::unavailable("no handler"), true);
        assert_eq!(event_of_line(&mut observed, before), Value::Null);
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
