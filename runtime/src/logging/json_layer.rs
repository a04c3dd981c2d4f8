//! The layer that writes log lines as JSON objects.

use std::borrow::Cow;
use std::cell::RefCell;

use smallvec::smallvec;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use super::json_members::{JsonMembers, Keys, push_quoted, remove_member};
use super::line_time::LineTime;
use super::log_format::MAX_LINE_LEN;

/// The length of a text in a line that would be too long otherwise, in bytes before it is escaped.
const MAX_TEXT_LEN: usize = 4 * 1024;
/// The memory for the fields of a span at first. Most spans of events need less.
const SPAN_CAPACITY: usize = 256;
/// The number of spans whose memory a thread keeps. More of them are open at once if a connection has sent as many events.
const MAX_UNUSED: usize = 64;
/// The most memory that a thread keeps for the text of its next line, in bytes.
const MAX_KEPT: usize = 4 * 1024;

/// Writes each event as an object with `time`, `level`, `target`, `message`, `trace_id` and `span_id` inside of a trace,
/// `fields`, and `spans` from the outermost one. A line that would be too long has shorter texts and fewer members, so that it
/// is still valid JSON. `omitted` names the members that it does not have.
///
/// Events are frequent, so a line is formatted without the layer of `tracing_subscriber`, in memory that the thread keeps.
pub(super) struct JsonLayer<W> {
    write: W,
}

/// The fields of a span as the members of an object, without its braces.
struct SpanMembers(String);

impl Drop for SpanMembers {
    fn drop(&mut self) {
        Buffers::reuse(std::mem::take(&mut self.0));
    }
}

/// What a line has of its event.
#[derive(Clone, Copy)]
struct Detail {
    max_text_len: usize,
    has_fields: bool,
    has_spans: bool,
}

/// How much a line has, from the most to the least. The first one whose line is short enough is used.
const DETAILS: [Detail; 4] = [
    Detail {
        max_text_len: usize::MAX,
        has_fields: true,
        has_spans: true,
    },
    Detail {
        max_text_len: MAX_TEXT_LEN,
        has_fields: true,
        has_spans: true,
    },
    Detail {
        max_text_len: MAX_TEXT_LEN,
        has_fields: true,
        has_spans: false,
    },
    Detail {
        max_text_len: MAX_TEXT_LEN,
        has_fields: false,
        has_spans: false,
    },
];

/// The memory of a thread for its lines.
#[derive(Default)]
struct Buffers {
    line: String,
    message: String,
    members: String,
    value: String,
    time: LineTime,
    /// The memory of spans that have ended.
    unused: Vec<String>,
}

thread_local! {
    static BUFFERS: RefCell<Buffers> = RefCell::default();
}

impl Buffers {
    /// Calls a function with the memory of this thread, or with new memory if a value logs while it is formatted or the thread is
    /// ending.
    fn with<R>(f: impl Fn(&mut Self) -> R) -> R {
        let kept = BUFFERS.try_with(|buffers| {
            let mut buffers = buffers.try_borrow_mut().ok()?;
            // A value may have panicked while it was formatted.
            buffers.clear();
            let result = f(&mut buffers);
            buffers.shrink();
            Some(result)
        });
        kept.ok().flatten().unwrap_or_else(|| f(&mut Self::default()))
    }

    /// Keeps the memory of a span that has ended for the next one.
    fn reuse(mut members: String) {
        // Without these buffers, or while they are used, the memory is freed.
        let _ = BUFFERS.try_with(|buffers| {
            if let Ok(mut buffers) = buffers.try_borrow_mut()
                && members.capacity() == SPAN_CAPACITY
                && buffers.unused.len() < MAX_UNUSED
            {
                members.clear();
                buffers.unused.push(members);
            }
        });
    }

    fn texts(&mut self) -> [&mut String; 4] {
        [
            &mut self.line,
            &mut self.message,
            &mut self.members,
            &mut self.value,
        ]
    }

    fn clear(&mut self) {
        self.texts().into_iter().for_each(String::clear);
    }

    /// Keeps the memory of short texts only.
    fn shrink(&mut self) {
        for text in self.texts() {
            if text.capacity() > MAX_KEPT {
                text.clear();
                text.shrink_to(MAX_KEPT);
            }
        }
    }

    /// Formats an event.
    fn write_line<S>(&mut self, context: &Context<'_, S>, event: &Event<'_>, detail: Detail)
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        self.clear();
        event.record(&mut JsonMembers {
            text: &mut self.members,
            keys: Keys::new(),
            message: Some(&mut self.message),
            value: &mut self.value,
            max_text_len: detail.max_text_len,
        });
        let (line, metadata) = (&mut self.line, event.metadata());
        line.push_str("{\"time\":\"");
        self.time.push_now(line);
        line.push_str("\",\"level\":\"");
        line.push_str(metadata.level().as_str());
        line.push_str("\",\"target\":");
        push_quoted(line, metadata.target());
        line.push_str(",\"message\":");
        push_quoted(line, &self.message);
        #[cfg(feature = "otel")]
        push_trace_ids(line);
        let has_fields = !self.members.is_empty();
        if detail.has_fields && has_fields {
            line.push_str(",\"fields\":{");
            line.push_str(&self.members);
            line.push('}');
        }
        if detail.has_spans {
            push_spans(line, context, event);
        }
        let omits_fields = has_fields && !detail.has_fields;
        let omits_spans = !detail.has_spans && context.event_span(event).is_some();
        line.push_str(match (omits_fields, omits_spans) {
            (false, false) => "",
            (true, false) => r#","omitted":["fields"]"#,
            (false, true) => r#","omitted":["spans"]"#,
            (true, true) => r#","omitted":["fields","spans"]"#,
        });
        line.push_str("}\n");
    }
}

#[cfg(feature = "otel")]
fn push_trace_ids(line: &mut String) {
    use std::fmt::Write as _;

    if let Some((trace_id, span_id)) = super::trace_ids::current() {
        // Writing to a text does not fail.
        let _ = write!(line, ",\"trace_id\":\"{trace_id}\",\"span_id\":\"{span_id}\"");
    }
}

fn push_spans<S>(line: &mut String, context: &Context<'_, S>, event: &Event<'_>)
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let Some(innermost) = context.event_span(event) else {
        return;
    };
    line.push_str(",\"spans\":[");
    if innermost.parent().is_none() {
        // Most lines are in the span of their event alone.
        push_span(line, &innermost);
    } else {
        for span in innermost.scope().from_root() {
            push_span(line, &span);
            line.push(',');
        }
        line.pop();
    }
    line.push(']');
}

fn push_span<'a, S: LookupSpan<'a>>(line: &mut String, span: &SpanRef<'a, S>) {
    line.push_str("{\"name\":");
    push_quoted(line, span.name());
    let extensions = span.extensions();
    if let Some(SpanMembers(members)) = extensions.get()
        && !members.is_empty()
    {
        line.push(',');
        line.push_str(members);
    }
    line.push('}');
}

impl<W: Fn(&str) + 'static> JsonLayer<W> {
    /// Creates a layer that passes each line to `write`, with its newline.
    pub(super) fn new(write: W) -> Self {
        Self { write }
    }
}

impl<S, W> Layer<S> for JsonLayer<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn(&str) + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else {
            return;
        };
        let members = Buffers::with(|buffers| {
            let unused = buffers.unused.pop();
            let mut members = unused.unwrap_or_else(|| String::with_capacity(SPAN_CAPACITY));
            attributes.record(&mut span_members(&mut members, &mut buffers.value));
            members
        });
        span.extensions_mut().replace(SpanMembers(members));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else {
            return;
        };
        Buffers::with(|buffers| {
            // Formatted before the extensions are locked, because a value may log while it is formatted.
            let mut recorded = span_members(&mut buffers.members, &mut buffers.value);
            values.record(&mut recorded);
            let keys = recorded.keys;
            // A span may be recorded without an end. Lines do not have more than this anyway.
            if let Some(SpanMembers(members)) = span.extensions_mut().get_mut()
                && !buffers.members.is_empty()
                && members.len() < MAX_LINE_LEN
            {
                // A field that is recorded again has its last value.
                keys.iter().for_each(|key| remove_member(members, key));
                if !members.is_empty() {
                    members.push(',');
                }
                members.push_str(&buffers.members);
            }
        });
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        Buffers::with(|buffers| {
            for detail in DETAILS {
                buffers.write_line(&context, event, detail);
                if buffers.line.len() <= MAX_LINE_LEN {
                    break;
                }
            }
            (self.write)(&buffers.line);
        });
    }
}

fn span_members<'a>(text: &'a mut String, value: &'a mut String) -> JsonMembers<'a> {
    JsonMembers {
        text,
        // Each span has its own name as `name`.
        keys: smallvec![Cow::Borrowed("name")],
        message: None,
        value,
        max_text_len: usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::iter;
    use std::panic::{self, AssertUnwindSafe};
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    /// Returns the text of a log.
    fn text(log: impl FnOnce()) -> String {
        let text = Arc::new(Mutex::new(String::new()));
        let written = text.clone();
        let layer = JsonLayer::new(move |line: &str| written.lock().unwrap().push_str(line));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
        let text = text.lock().unwrap();
        text.trim_end().to_owned()
    }

    /// Returns the lines of a log as JSON, without their times.
    fn lines(log: impl FnOnce()) -> Vec<Value> {
        text(log)
            .lines()
            .map(|line| {
                let mut line: Value =
                    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
                let time = line.as_object_mut().unwrap().remove("time").unwrap();
                assert!(time.as_str().unwrap().ends_with('Z'), "{time}");
                line
            })
            .collect()
    }

    #[test]
    fn formats_messages_and_fields() {
        let lines = lines(|| {
            tracing::info!(target: "a", count = 3_u64, ratio = 0.5, ok = true, text = "x\"\n", "done \"{}\"", 7);
            tracing::warn!(target: "b", quoted = ?"q", level = %"own", nan = f64::NAN);
            tracing::info!(target: "c", "\"a\" and \"b\"");
        });
        let expected = [
            json!({
                "level": "INFO", "target": "a", "message": "done \"7\"",
                "fields": { "count": 3, "ratio": 0.5, "ok": true, "text": "x\"\n" },
            }),
            json!({
                "level": "WARN", "target": "b", "message": "",
                "fields": { "quoted": "q", "level": "own", "nan": "NaN" },
            }),
            json!({ "level": "INFO", "target": "c", "message": "\"a\" and \"b\"" }),
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn cuts_texts_of_long_lines() {
        let (long, half) = ("€".repeat(MAX_LINE_LEN), "x".repeat(MAX_LINE_LEN / 2));
        let lines = lines(|| {
            tracing::info!(target: "a", text = long.as_str(), count = 3, "done");
            tracing::info!(target: "a", text = half.as_str(), "fits");
            let _span = tracing::info_span!("span", text = long.as_str()).entered();
            tracing::info!(target: "a", count = 3, "in a span");
            let control = "\u{1}".repeat(MAX_TEXT_LEN);
            tracing::info!(target: "a", a = control.as_str(), b = control.as_str(), c = control.as_str(), "{control}");
            tracing::info!(target: "a", parent: None, a = control.as_str(), b = control.as_str(), c = control.as_str(), "{control}");
        });
        let cut = format!("{} … (cut)", "€".repeat(MAX_TEXT_LEN / 3));
        assert_eq!(lines[0]["fields"], json!({ "text": cut, "count": 3 }));
        assert_eq!(lines[1]["fields"], json!({ "text": half }));
        assert_eq!(lines[2]["fields"], json!({ "count": 3 }));
        assert!(lines[2].get("spans").is_none());
        assert!(lines[3].get("fields").is_none());
        assert_eq!(lines[3]["message"].as_str().unwrap().len(), MAX_TEXT_LEN);
        let omitted: Vec<_> = lines.iter().map(|line| line.get("omitted").cloned()).collect();
        let expected = [
            None,
            None,
            Some(json!(["spans"])),
            Some(json!(["fields", "spans"])),
            Some(json!(["fields"])),
        ];
        assert_eq!(omitted, expected);
        for line in lines {
            assert!(line.to_string().len() <= MAX_LINE_LEN);
        }
    }

    #[test]
    fn shows_spans_with_fields_that_are_recorded_later() {
        let lines = lines(|| {
            let event = tracing::info_span!("event", kind = "rpc", outcome = tracing::field::Empty);
            let _event = event.enter();
            tracing::info!("first");
            event.record("outcome", "ok");
            let _inner = tracing::info_span!("inner").entered();
            tracing::info!("second");
        });
        assert_eq!(lines[0]["spans"], json!([{ "name": "event", "kind": "rpc" }]));
        let spans = json!([{ "name": "event", "kind": "rpc", "outcome": "ok" }, { "name": "inner" }]);
        assert_eq!(lines[1]["spans"], spans);
    }

    /// A parser keeps the last value of a key that is there twice, so this compares the text.
    #[test]
    fn has_each_key_once() {
        let line = text(|| {
            let span = tracing::info_span!("job", name = "import", name_ = 1, r#type = "csv", state = "new");
            span.record("state", "done, \"state\":").record("name", "export");
            let _span = span.entered();
            tracing::info!(target: "a", message = "own", time = 5, level = 7, a = 1, a = 2, "done");
        });
        let (_, line) = line.split_once(',').unwrap();
        let expected = concat!(
            r#""level":"INFO","target":"a","message":"done","#,
            r#""fields":{"message":"own","time":5,"level":7,"a":1,"a_":2},"#,
            r#""spans":[{"name":"job","name__":1,"type":"csv","state":"done, \"state\":","name_":"export"}]}"#,
        );
        assert_eq!(line, expected);
    }

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Layered(&'static str, #[source] Option<Box<Layered>>);

    #[test]
    fn shows_the_sources_of_errors() {
        let lines = lines(|| {
            let error = Layered("no reply", Some(Box::new(Layered("\"db\" is down", None))));
            tracing::error!(error = &error as &dyn std::error::Error, "failed");
        });
        assert_eq!(lines[0]["fields"], json!({ "error": "no reply: \"db\" is down" }));
    }

    /// A value that logs while it is formatted.
    struct Logs;

    impl fmt::Debug for Logs {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            tracing::info!(inner = 1, "inner");
            f.write_str("outer")
        }
    }

    #[test]
    fn formats_values_that_log() {
        let lines = lines(|| {
            let span = tracing::info_span!("span", first = 1, later = tracing::field::Empty).entered();
            // A subscriber that is not global receives no other events of values.
            span.record("later", tracing::field::debug(Logs));
            tracing::info!("done");
        });
        assert_eq!(lines[0]["message"], "inner");
        assert_eq!(lines[0]["spans"], json!([{ "name": "span", "first": 1 }]));
        assert_eq!(lines[1]["message"], "done");
        let spans = json!([{ "name": "span", "first": 1, "later": "outer" }]);
        assert_eq!(lines[1]["spans"], spans);
    }

    /// A value that panics while it is formatted.
    struct Panics;

    impl fmt::Debug for Panics {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("half")?;
            panic!("formatted")
        }
    }

    #[test]
    fn writes_nothing_of_a_value_that_panicked() {
        let lines = lines(|| {
            let empty = tracing::field::Empty;
            let span = tracing::info_span!("span", first = empty, second = empty).entered();
            let record = || {
                span.record("first", tracing::field::debug(Panics));
            };
            assert!(panic::catch_unwind(AssertUnwindSafe(record)).is_err());
            span.record("second", 2);
            tracing::info!("done");
        });
        assert_eq!(lines[0]["spans"], json!([{ "name": "span", "second": 2 }]));
    }

    #[test]
    fn keeps_no_memory_of_a_long_line() {
        lines(|| tracing::info!(text = "x".repeat(MAX_LINE_LEN / 2), "done"));
        for text in BUFFERS.take().texts() {
            assert!(text.capacity() <= MAX_KEPT, "{} bytes", text.capacity());
        }
    }

    #[test]
    fn reuses_the_memory_of_some_short_spans() {
        let unused = || BUFFERS.with_borrow(|buffers| buffers.unused.len());
        let lines = lines(|| {
            let long = tracing::info_span!("span", text = "x".repeat(SPAN_CAPACITY));
            let short = (0..2 * MAX_UNUSED).map(|id| tracing::info_span!("span", id));
            let spans: Vec<_> = iter::once(long).chain(short).collect();
            drop(spans);
            assert_eq!(unused(), MAX_UNUSED);
            let _span = tracing::info_span!("span", id = 1).entered();
            assert_eq!(unused(), MAX_UNUSED - 1);
            tracing::info!("done");
        });
        assert_eq!(lines[0]["spans"], json!([{ "name": "span", "id": 1 }]));
        let unused = BUFFERS.take().unused;
        assert_eq!(unused.len(), MAX_UNUSED);
        assert!(
            unused
                .iter()
                .all(|text| text.is_empty() && text.capacity() == SPAN_CAPACITY)
        );
    }
}
