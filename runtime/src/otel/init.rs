//! Sets up traces for a program that has no subscriber.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use opentelemetry::global;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SdkTracerProvider};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;

use super::collector;
use super::export_log::LoggedExporter;
use super::provider::PROVIDER;
use super::resource::resource;
use crate::logging::{self, LogFormat, TraceLayer};
use crate::settings::Environment;

/// Crates that send the traces. Their spans and logs are not traced, since each export would cause another one.
const OWN_CRATES: [&str; 7] = [
    "h2",
    "hyper",
    "hyper_util",
    "tonic",
    "tower",
    "opentelemetry",
    "opentelemetry_sdk",
];

/// Whether [`init`] has succeeded.
static IS_SET: Mutex<bool> = Mutex::new(false);

/// The error of [`init`].
#[derive(Debug)]
pub struct InitError(String);

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "traces can't be set up: {}", self.0)
    }
}

impl Error for InitError {}

/// Sends traces to an OpenTelemetry collector, and sets the built-in log as [`serve()`](crate::serve) does.
///
/// Call it at the start of `main`. The traces have the spans of events, of calls of the server API and of the handlers, from
/// level INFO on. [`serve()`](crate::serve) sends the last of them at its end; see [`flush`](super::flush) for other programs.
///
/// The standard variables apply: `OTEL_EXPORTER_OTLP_ENDPOINT` (`http://localhost:4317` by default), `OTEL_EXPORTER_OTLP_HEADERS`,
/// `OTEL_SERVICE_NAME` (the file name of the program by default), `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`, `OTEL_BSP_*`
/// and others. The protocol is gRPC. `OTEL_SDK_DISABLED=true` and `OTEL_TRACES_EXPORTER=none` turn the traces off.
///
/// A collector that is down or slow delays no event: up to 2,048 spans wait in memory, and further ones are dropped.
///
/// ```no_run
/// fn main() -> Result<(), centrifugo::ServeError> {
///     centrifugo::otel::init()?;
///     centrifugo::serve()
/// }
/// ```
///
/// # Errors
///
/// Returns an error if the program has set a subscriber already, if a variable is invalid, or if an earlier call has succeeded. No
/// thread is left then.
pub fn init() -> Result<(), InitError> {
    let mut is_set = IS_SET.lock().unwrap_or_else(PoisonError::into_inner);
    if *is_set {
        return Err(InitError(
            "`init` has set them up already; call it once, at the start of `main`".to_owned(),
        ));
    }
    init_from(&|name| std::env::var(name).ok()).map_err(InitError)?;
    *is_set = true;
    Ok(())
}

fn init_from(variable: &dyn Fn(&str) -> Option<String>) -> Result<(), String> {
    // `Server::from_env` reports an invalid value.
    let format = LogFormat::from_env(&mut Environment::new(variable));
    let traces = if is_enabled(variable)? {
        Some(provider(variable)?)
    } else {
        None
    };
    let layer = traces.as_ref().map(|(provider, _)| layer(provider));
    if !logging::init(format, layer) {
        return Err(
            "the program has set a tracing subscriber already; add a layer of `tracing_opentelemetry` to it instead".to_owned(),
        );
    }
    if let Some((provider, connection)) = traces {
        // For handlers and libraries that use OpenTelemetry themselves.
        global::set_tracer_provider(provider.clone());
        global::set_text_map_propagator(TraceContextPropagator::new());
        let _ = PROVIDER.set(provider);
        // The thread runs until the process exits.
        std::mem::forget(connection);
    }
    Ok(())
}

/// Returns whether the variables enable traces.
fn is_enabled(variable: &dyn Fn(&str) -> Option<String>) -> Result<bool, String> {
    let text = |name| variable(name).unwrap_or_default().trim().to_ascii_lowercase();
    if text("OTEL_SDK_DISABLED") == "true" {
        return Ok(false);
    }
    match &*text("OTEL_TRACES_EXPORTER") {
        "none" => Ok(false),
        "" | "otlp" => Ok(true),
        other => Err(format!(
            "OTEL_TRACES_EXPORTER is `{}`, but must be `otlp` or `none`",
            other.escape_debug()
        )),
    }
}

fn provider(
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<(SdkTracerProvider, ConnectionThread), String> {
    let (runtime, connection) =
        start_runtime().map_err(|error| format!("the thread of the export can't be started: {error}"))?;
    let _entered = runtime.enter();
    let exporter = LoggedExporter::new(collector::exporter(&variable)?);
    let provider = SdkTracerProvider::builder()
        .with_span_processor(BatchSpanProcessor::builder(exporter).build())
        .with_resource(resource())
        .build();
    Ok((provider, connection))
}

/// Ends the thread of the connection when it is dropped.
type ConnectionThread = oneshot::Sender<Infallible>;

/// Starts a thread that keeps the connection to the collector, so that handlers that block do not delay it.
fn start_runtime() -> std::io::Result<(Handle, ConnectionThread)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let handle = runtime.handle().clone();
    let (connection, end) = oneshot::channel::<Infallible>();
    std::thread::Builder::new()
        .name("centrifugo-otlp".into())
        .spawn(move || {
            let _ = runtime.block_on(end);
        })?;
    Ok((handle, connection))
}

fn layer(provider: &SdkTracerProvider) -> TraceLayer {
    let filter = OWN_CRATES
        .into_iter()
        .fold(Targets::new().with_default(LevelFilter::INFO), |filter, name| {
            filter.with_target(name, LevelFilter::OFF)
        });
    let scope = opentelemetry::InstrumentationScope::builder("centrifugo")
        .with_version(env!("CARGO_PKG_VERSION"))
        .build();
    tracing_opentelemetry::layer()
        .with_tracer(provider.tracer_with_scope(scope))
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_filter(filter)
        .boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(pairs: &[(&str, &str)]) -> String {
        let variable = |name: &str| {
            let pair = pairs.iter().find(|(key, _)| *key == name)?;
            Some(pair.1.to_owned())
        };
        init_from(&variable).unwrap_err()
    }

    #[test]
    fn reports_invalid_variables() {
        for (name, value, part) in [
            ("OTEL_TRACES_EXPORTER", "zipkin", "must be `otlp` or `none`"),
            (
                "OTEL_EXPORTER_OTLP_PROTOCOL",
                "http/protobuf",
                "only `grpc` is built in",
            ),
            (
                "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
                "x\n",
                "only `grpc` is built in",
            ),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a b", "endpoint"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "\u{0}", "endpoint"),
        ] {
            let error = error(&[(name, value)]);
            assert!(error.contains(part) && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn is_turned_off_by_the_standard_variables() {
        for (name, value) in [("OTEL_SDK_DISABLED", "True"), ("OTEL_TRACES_EXPORTER", "none")] {
            let variable = |key: &str| (key == name).then(|| value.to_owned());
            assert_eq!(is_enabled(&variable), Ok(false));
        }
        assert_eq!(is_enabled(&|_| None), Ok(true));
    }
}
