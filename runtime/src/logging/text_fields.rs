//! Fields of log lines as text.

use std::error::Error;
use std::fmt::{self, Debug};

use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing_subscriber::field::{RecordFields, VisitOutput as _};
use tracing_subscriber::fmt::format::{DefaultVisitor, Writer};
use tracing_subscriber::fmt::{FormatFields, FormattedFields};

use super::convention_fields::is_convention;

/// Formats fields as the default of `tracing_subscriber`, without those whose names follow OpenTelemetry.
pub(super) struct TextFields;

impl<'a> FormatFields<'a> for TextFields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'a>, fields: R) -> fmt::Result {
        let mut visitor = ShortNames(DefaultVisitor::new(writer, true));
        fields.record(&mut visitor);
        visitor.0.finish()
    }

    fn add_fields(&self, current: &'a mut FormattedFields<Self>, fields: &Record<'_>) -> fmt::Result {
        let mut added = FormattedFields::<Self>::new(String::new());
        self.format_fields(added.as_writer(), fields)?;
        if !current.fields.is_empty() && !added.fields.is_empty() {
            current.fields.push(' ');
        }
        current.fields.push_str(&added.fields);
        Ok(())
    }
}

struct ShortNames<'a>(DefaultVisitor<'a>);

impl Visit for ShortNames<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if !is_convention(field) {
            self.0.record_str(field, value);
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.0.record_error(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if !is_convention(field) {
            self.0.record_debug(field, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[derive(Clone, Default)]
    struct Text(Arc<Mutex<Vec<u8>>>);

    impl Write for Text {
        fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(text);
            Ok(text.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn shows_the_short_names_of_events() {
        let text = Text::default();
        let writer = text.clone();
        let layer = tracing_subscriber::fmt::layer()
            .without_time()
            .with_ansi(false)
            .fmt_fields(TextFields)
            .with_writer(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            let event = tracing::info_span!(
                target: "centrifugo::event", "event",
                kind = "rpc", rpc.method = "RPC", outcome = tracing::field::Empty, error.type = tracing::field::Empty,
            );
            event.record("error.type", "timeout").record("outcome", "timeout");
            let _event = event.entered();
            let _own = tracing::info_span!("own", db.name = "x").entered();
            tracing::info!(n = 1, "done");
        });
        let text = String::from_utf8(text.0.lock().unwrap().clone()).unwrap();
        assert!(
            text.contains(r#"event{kind="rpc" outcome="timeout"}:own{db.name="x"}:"#)
                && text.contains("done n=1"),
            "{text}"
        );
    }
}
