//! Log lines as JSON objects.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Debug};

use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use super::convention_fields::is_convention;

/// Formats an event as an object with `time`, `level`, `target`, `message`, `trace_id` and `span_id` inside of a trace, `fields`,
/// and `spans` from the outermost one.
pub(super) struct JsonFormat;

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
        let mut members = Members::default();
        event.record(&mut members);
        let metadata = event.metadata();
        writer.write_str("{\"time\":\"")?;
        SystemTime.format_time(&mut writer)?;
        write!(
            writer,
            "\",\"level\":\"{}\",\"target\":{},\"message\":{}",
            metadata.level(),
            quoted(metadata.target()),
            quoted(members.message.as_deref().unwrap_or_default()),
        )?;
        #[cfg(feature = "otel")]
        if let Some((trace_id, span_id)) = super::trace_ids::current() {
            write!(writer, ",\"trace_id\":\"{trace_id}\",\"span_id\":\"{span_id}\"")?;
        }
        if !members.text.is_empty() {
            write!(writer, ",\"fields\":{{{}}}", members.text)?;
        }
        let mut separator = ",\"spans\":[";
        let scope = context.event_scope().into_iter();
        for span in scope.flat_map(|scope| scope.from_root()) {
            writer.write_str(separator)?;
            separator = ",";
            write!(writer, "{{\"name\":{}", quoted(span.name()))?;
            let extensions = span.extensions();
            if let Some(fields) = extensions.get::<FormattedFields<N>>()
                && !fields.is_empty()
            {
                write!(writer, ",{fields}")?;
            }
            writer.write_char('}')?;
        }
        if separator == "," {
            writer.write_char(']')?;
        }
        writer.write_str("}\n")
    }
}

impl<'a> FormatFields<'a> for JsonFields {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'a>, fields: R) -> fmt::Result {
        let mut members = Members::default();
        fields.record(&mut members);
        writer.write_str(&members.text)
    }

    fn add_fields(&self, current: &'a mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        let mut members = Members::default();
        fields.record(&mut members);
        if !current.fields.is_empty() && !members.text.is_empty() {
            current.fields.push(',');
        }
        current.fields.push_str(&members.text);
        Ok(())
    }
}

/// Collects the message, and the other fields as the members of an object.
#[derive(Default)]
struct Members {
    message: Option<String>,
    text: String,
}

impl Members {
    fn add(&mut self, field: &Field, json: &str) {
        if is_convention(field) {
            return;
        }
        if !self.text.is_empty() {
            self.text.push(',');
        }
        self.text.push_str(&quoted(field.name()));
        self.text.push(':');
        self.text.push_str(json);
    }

    fn add_text(&mut self, field: &Field, text: &str) {
        if field.name() == "message" {
            self.message = Some(text.to_owned());
        } else {
            self.add(field, &quoted(text));
        }
    }
}

impl Visit for Members {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.add(field, &value.to_string());
        } else {
            self.add_text(field, &value.to_string());
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, &value.to_string());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, &value.to_string());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, &value.to_string());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add_text(field, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.add_text(field, &value.to_string());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = format!("{value:?}");
        self.add_text(field, &unquoted(&text));
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
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
