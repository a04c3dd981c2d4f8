//! The default tracing subscriber. It writes to standard error, because RoadRunner uses standard output.

use std::io::{IsTerminal, Write};
use std::sync::OnceLock;

use tracing::level_filters::LevelFilter;
use tracing::{Level, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::{MakeWriter, format};
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::convention_fields::{SPANS, omit_conventions};
use super::json_layer::JsonLayer;
use super::line_queue::STANDARD_ERROR;
use super::log_format::{LogFormat, MAX_LINE_LEN};
use super::text_fields::TextFields;

/// The format of the subscriber of the process, if [`init`] has set it.
pub(super) static FORMAT: OnceLock<LogFormat> = OnceLock::new();

/// The end of a line that was cut off.
const CUT: &str = " … (cut)\n";

/// A layer that records traces. It has a filter of its own.
pub(crate) type TraceLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// Sets the default subscriber, unless the program has set its own. Returns whether it is set.
///
/// `RUST_LOG` is the filter of the log, such as `info,centrifugo=debug`. The default is `info`. It does not filter traces.
pub(crate) fn init(format: LogFormat, traces: Option<TraceLayer>) -> bool {
    let text = std::env::var("RUST_LOG").unwrap_or_default();
    let targets = text.parse::<Targets>();
    let filter = match &targets {
        Ok(targets) if !text.is_empty() => targets.clone(),
        _ => Targets::new().with_default(LevelFilter::INFO),
    };
    let filter = without_spans(filter);
    let has_traces = traces.is_some();
    let result = match traces {
        None => tracing_subscriber::registry()
            .with(log_layer(format))
            .with(filter)
            .try_init(),
        Some(traces) => tracing_subscriber::registry()
            .with(traces)
            .with(log_layer(format).with_filter(filter))
            .try_init(),
    };
    if result.is_err() {
        return false;
    }
    let _ = FORMAT.set(format);
    if !has_traces {
        omit_conventions();
    }
    if let Err(error) = targets {
        tracing::warn!(target: "centrifugo", %error, "RUST_LOG ignored: invalid; logging `info` and above");
    }
    true
}

fn log_layer<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    if format == LogFormat::Json {
        return JsonLayer::new(|line| STANDARD_ERROR.push(line.as_bytes())).boxed();
    }
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(QueueWriter)
        .with_ansi(std::io::stderr().is_terminal())
        .fmt_fields(TextFields);
    match format {
        LogFormat::Compact => layer.event_format(format::Format::default().compact()).boxed(),
        LogFormat::Text | LogFormat::Json => layer.boxed(),
    }
}

/// Disables the spans of events and API calls, unless the filter names them or asks for more than `info`. They cost time for
/// each event, and few lines of the log need them.
fn without_spans(filter: Targets) -> Targets {
    let unnamed = SPANS.into_iter().filter(|span| {
        let is_named = filter.iter().any(|(target, _)| target.starts_with(span));
        !is_named && !filter.would_enable(span, &Level::DEBUG)
    });
    unnamed.fold(filter.clone(), |filter, span| {
        filter.with_target(span, LevelFilter::WARN)
    })
}

/// A writer that puts lines into the queue of standard error. The subscriber writes each event with one call.
#[derive(Clone, Copy)]
struct QueueWriter;

impl Write for QueueWriter {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        match cut(line) {
            None => STANDARD_ERROR.push(line),
            Some(kept) => STANDARD_ERROR.push(&[kept, CUT.as_bytes()].concat()),
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for QueueWriter {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}

/// Returns the start of a line that is too long, up to a character boundary, so that [`CUT`] can follow. Returns `None` for other
/// lines. `JsonLayer` writes no line that is too long.
fn cut(line: &[u8]) -> Option<&[u8]> {
    if line.len() <= MAX_LINE_LEN {
        return None;
    }
    let mut end = MAX_LINE_LEN - CUT.len();
    while line.get(end)? & 0xc0 == 0x80 {
        end -= 1;
    }
    line.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_a_line_between_characters() {
        let line = |text: &str| cut(text.as_bytes()).map(|kept| std::str::from_utf8(kept).unwrap().len());
        let max = MAX_LINE_LEN - CUT.len();
        assert_eq!(line(&"x".repeat(MAX_LINE_LEN)), None);
        assert_eq!(line(&"x".repeat(MAX_LINE_LEN + 1)), Some(max));
        assert_eq!(line(&"€".repeat(MAX_LINE_LEN)), Some(max / 3 * 3));
        for before in 0..4 {
            let text = format!("{}{}", "x".repeat(before), "😀".repeat(MAX_LINE_LEN));
            assert_eq!(line(&text), Some((max - before) / 4 * 4 + before));
        }
    }

    #[test]
    fn enables_spans_only_on_demand() {
        let has_spans = |text: &str| {
            let filter = without_spans(text.parse().unwrap());
            filter.would_enable("centrifugo::event", &Level::INFO)
        };
        for filter in ["info", "warn", "centrifugo=info", "debug,centrifugo=info"] {
            assert!(!has_spans(filter), "{filter}");
        }
        for filter in ["debug", "centrifugo=debug", "info,centrifugo::event=info"] {
            assert!(has_spans(filter), "{filter}");
        }
        let filter = without_spans("warn".parse().unwrap());
        assert!(!filter.would_enable("mine", &Level::INFO));
    }
}
