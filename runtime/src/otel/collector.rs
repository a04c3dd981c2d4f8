//! The connection to the collector, by the `OTEL_*` variables.

use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};

/// Where traces go by default, as OpenTelemetry defines it.
const DEFAULT_ENDPOINT: &str = "http://localhost:4317";

/// Creates the exporter. Call it inside of the runtime that keeps the connection.
///
/// # Errors
///
/// Returns a text if a variable is invalid.
pub(super) fn exporter(variable: &impl Fn(&str) -> Option<String>) -> Result<SpanExporter, String> {
    let set = |names: [&'static str; 2]| {
        let set = names.into_iter().find_map(|name| Some((name, variable(name)?)));
        set.filter(|(_, value)| !value.trim().is_empty())
    };
    let protocol = set([
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
        "OTEL_EXPORTER_OTLP_PROTOCOL",
    ]);
    if let Some((name, protocol)) = protocol.filter(|(_, protocol)| protocol.trim() != "grpc") {
        return Err(format!(
            "{name} is `{}`, but only `grpc` is built in; collectors receive it on port 4317",
            protocol.escape_debug()
        ));
    }
    let endpoint = set([
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
    ]);
    let endpoint = endpoint.map_or_else(|| DEFAULT_ENDPOINT.to_owned(), |(_, endpoint)| endpoint);
    let builder = SpanExporter::builder().with_tonic();
    let builder = if endpoint.trim().to_ascii_lowercase().starts_with("https:") {
        with_tls(builder)?
    } else {
        builder
    };
    builder
        .with_endpoint(endpoint.trim())
        .build()
        .map_err(|error| error.to_string())
}

type Builder = opentelemetry_otlp::SpanExporterBuilder<opentelemetry_otlp::TonicExporterBuilderSet>;

#[cfg(feature = "tls")]
fn with_tls(builder: Builder) -> Result<Builder, String> {
    use opentelemetry_otlp::WithTonicConfig as _;

    // tonic would panic without a provider.
    crate::tls::crypto_provider()?;
    let roots = opentelemetry_otlp::tonic_types::transport::ClientTlsConfig::new().with_native_roots();
    Ok(builder.with_tls_config(roots))
}

#[cfg(not(feature = "tls"))]
fn with_tls(_: Builder) -> Result<Builder, String> {
    Err(
        "the endpoint of the collector is `https`: enable the feature `tls-ring` or `tls-aws-lc-rs` of the crate \
         `centrifugo`, or use a collector on this machine"
            .to_owned(),
    )
}
