//! Log lines as JSON objects.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Debug, Display, Write as _};
use std::mem;

use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use super::convention_fields::is_convention;
use super::log_format::MAX_LINE_LEN;

/// The length of a text in a line that would be too long otherwise, in bytes before it is escaped.
const MAX_TEXT_LEN: usize = 4 * 1024;

/// The memory for a line at first. Most lines of events are shorter.
const LINE_CAPACITY: usize = 1024;
/// The same for the fields of an event or a span.
const MEMBERS_CAPACITY: usize = 256;

/// Formats an event as an object with `time`, `level`, `target`, `message`, `trace_id` and `span_id` inside of a trace, `fields`,
/// and `spans` from the outermost one. A line that would be too long has shorter texts and fewer members, so that it is still
/// valid JSON.
pub(super) struct JsonFormat;

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

/// Formats fields as the members of an object, without its braces, so that later fields can be appended.
pub(super) struct JsonFields;

impl<S, N> FormatEvent<S, N> for JsonFormat
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::with_capacity(LINE_CAPACITY);
        for detail in DETAILS {
            line.clear();
            write_line(&mut line, context, event, detail)?;
            if line.len() <= MAX_LINE_LEN {
                break;
            }
        }
        writer.write_str(&line)
    }
}

fn write_line<S, N>(
    line: &mut String,
    context: &FmtContext<'_, S, N>,
    event: &Event<'_>,
    detail: Detail,
) -> fmt::Result
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    let mut members = Members::new(detail.max_text_len);
    event.record(&mut members);
    let metadata = event.metadata();
    let message = members.message.as_deref().unwrap_or_default();
    write_start(line, *metadata.level(), metadata.target(), message)?;
    #[cfg(feature = "otel")]
    if let Some((trace_id, span_id)) = super::trace_ids::current() {
        write!(line, ",\"trace_id\":\"{trace_id}\",\"span_id\":\"{span_id}\"")?;
    }
    if detail.has_fields && !members.text.is_empty() {
        line.push_str(",\"fields\":{");
        line.push_str(&members.text);
        line.push('}');
    }
    if detail.has_spans {
        write_spans(line, context)?;
    }
    line.push_str("}\n");
    Ok(())
}

/// Writes the members that each line has, and no closing brace.
fn write_start(line: &mut String, level: Level, target: &str, message: &str) -> fmt::Result {
    line.push_str("{\"time\":\"");
    SystemTime.format_time(&mut Writer::new(line))?;
    line.push_str("\",\"level\":\"");
    line.push_str(level.as_str());
    line.push_str("\",\"target\":");
    push_quoted(line, target);
    line.push_str(",\"message\":");
    push_quoted(line, message);
    Ok(())
}

fn write_spans<S, N>(line: &mut String, context: &FmtContext<'_, S, N>) -> fmt::Result
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    let mut separator = ",\"spans\":[";
    let scope = context.event_scope().into_iter();
    for span in scope.flat_map(|scope| scope.from_root()) {
        line.push_str(separator);
        separator = ",";
        line.push_str("{\"name\":");
        push_quoted(line, span.name());
        let extensions = span.extensions();
        if let Some(fields) = extensions.get::<FormattedFields<N>>()
            && !fields.is_empty()
        {
            line.push(',');
            line.push_str(fields);
        }
        line.push('}');
    }
    if separator == "," {
        line.push(']');
    }
    Ok(())
}

impl<'a> FormatFields<'a> for JsonFields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'a>, fields: R) -> fmt::Result {
        let mut members = Members::new(usize::MAX);
        fields.record(&mut members);
        writer.write_str(&members.text)
    }

    fn add_fields(&self, current: &'a mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        let mut members = Members::new(usize::MAX);
        fields.record(&mut members);
        if !current.fields.is_empty() && !members.text.is_empty() {
            current.fields.push(',');
        }
        current.fields.push_str(&members.text);
        Ok(())
    }
}

/// Collects the message, and the other fields as the members of an object.
struct Members {
    max_text_len: usize,
    message: Option<String>,
    text: String,
    /// The memory for values that are formatted before they are quoted.
    value: String,
}

impl Members {
    fn new(max_text_len: usize) -> Self {
        Self {
            max_text_len,
            message: None,
            text: String::with_capacity(MEMBERS_CAPACITY),
            value: String::new(),
        }
    }

    /// Begins a member. Its value follows.
    fn push_name(&mut self, field: &Field) {
        if !self.text.is_empty() {
            self.text.push(',');
        }
        push_quoted(&mut self.text, field.name());
        self.text.push(':');
    }

    /// Adds a number or a truth value.
    fn add(&mut self, field: &Field, json: impl Display) {
        if !is_convention(field) {
            self.push_name(field);
            // Writing to a text does not fail.
            let _ = write!(self.text, "{json}");
        }
    }

    fn add_text(&mut self, field: &Field, text: &str) {
        let text = cut(text, self.max_text_len);
        if field.name() == "message" {
            self.message = Some(text.into_owned());
        } else if !is_convention(field) {
            self.push_name(field);
            push_quoted(&mut self.text, &text);
        }
    }
}

impl Visit for Members {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.add(field, value);
        } else {
            self.add_text(field, &value.to_string());
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add_text(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.add_text(field, &value.to_string());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = mem::take(&mut self.value);
        text.clear();
        let _ = write!(text, "{value:?}");
        self.add_text(field, &unquoted(&text));
        self.value = text;
    }
}

/// Cuts a text off after this many bytes, or a little earlier between two characters.
fn cut(text: &str, max_len: usize) -> Cow<'_, str> {
    if text.len() <= max_len {
        return text.into();
    }
    let mut end = max_len;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{} … (cut)", text.get(..end).unwrap_or_default()).into()
}

/// Appends a text as JSON.
fn push_quoted(json: &mut String, text: &str) {
    let is_escaped = |byte: u8| byte < b' ' || matches!(byte, b'"' | b'\\');
    if text.bytes().any(is_escaped) {
        // Text is always valid in JSON.
        json.push_str(&serde_json::to_string(text).unwrap_or_default());
    } else {
        json.push('"');
        json.push_str(text);
        json.push('"');
    }
}

/// Reverts `Debug` of a text: removes its quotation marks and its escapes. Other text is returned unchanged.
fn unquoted(text: &str) -> Cow<'_, str> {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let Some(inner) = inner else {
        return text.into();
    };
    if !inner.contains('\\') {
        return inner.into();
    }
    let (mut plain, mut rest) = (String::with_capacity(inner.len()), inner);
    while let Some((before, escaped)) = rest.split_once('\\') {
        plain.push_str(before);
        let Some((c, after)) = unescape(escaped) else {
            // Not a text that `Debug` has escaped.
            return inner.into();
        };
        plain.push(c);
        rest = after;
    }
    plain.push_str(rest);
    plain.into()
}

/// Returns the character that follows a backslash, and the text after it.
fn unescape(escaped: &str) -> Option<(char, &str)> {
    let mut chars = escaped.chars();
    let c = match chars.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        'u' => {
            let (digits, after) = chars.as_str().strip_prefix('{')?.split_once('}')?;
            let c = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?;
            return Some((c, after));
        }
        c @ ('\\' | '"' | '\'') => c,
        _ => return None,
    };
    Some((c, chars.as_str()))
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(line);
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Returns the lines of a log as JSON, without their times.
    fn lines(log: impl FnOnce()) -> Vec<Value> {
        let lines = Lines::default();
        let writer = lines.clone();
        let layer = tracing_subscriber::fmt::layer()
            .event_format(JsonFormat)
            .fmt_fields(JsonFields)
            .with_writer(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        text.lines()
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
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn reverts_debug_of_text() {
        for text in ["", "a", "a\"b\\c\n\t\r\0'\u{1b}[31m\u{202e}é😀"] {
            assert_eq!(unquoted(&format!("{text:?}")), text);
        }
        for text in ["Some(\"a\")", "\"", "plain"] {
            assert_eq!(unquoted(text), text);
        }
        assert_eq!(unquoted(r#""\q""#), r"\q");
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
        });
        let cut = format!("{} … (cut)", "€".repeat(MAX_TEXT_LEN / 3));
        assert_eq!(lines[0]["fields"], json!({ "text": cut, "count": 3 }));
        assert_eq!(lines[1]["fields"], json!({ "text": half }));
        assert_eq!(lines[2]["fields"], json!({ "count": 3 }));
        assert!(lines[2].get("spans").is_none());
        assert!(lines[3].get("fields").is_none());
        assert_eq!(lines[3]["message"].as_str().unwrap().len(), MAX_TEXT_LEN);
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
}
