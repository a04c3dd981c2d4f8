//! Receives traces over OTLP, as a collector does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Identity, Server, ServerTlsConfig};
use tonic::{Request, Response, Status};

const TIMEOUT: Duration = Duration::from_secs(20);

/// A span that was received.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceivedSpan {
    /// The attributes of the process.
    pub resource: BTreeMap<String, String>,
    /// The name and version of the library.
    pub scope: (String, String),
    /// What it stands for.
    pub name: String,
    /// `Server` is 2, `Client` is 3.
    pub kind: i32,
    /// In hexadecimal digits.
    pub trace_id: String,
    /// In hexadecimal digits.
    pub span_id: String,
    /// In hexadecimal digits; empty without a parent.
    pub parent_id: String,
    /// All values as text.
    pub attributes: BTreeMap<String, String>,
    /// The trace and span of each link.
    pub links: Vec<(String, String)>,
    /// 0 is unset, 1 is ok, 2 is an error.
    pub status: i32,
    /// The names of the events: messages of the log.
    pub events: Vec<String>,
}

impl ReceivedSpan {
    /// Returns an attribute, or an empty text.
    pub fn attribute(&self, key: &str) -> &str {
        self.attributes.get(key).map_or("", String::as_str)
    }
}

/// A receiver of traces on a free port.
pub struct TraceReceiver {
    endpoint: String,
    spans: Spans,
}

#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<ReceivedSpan>>>);

impl TraceReceiver {
    /// Starts to listen.
    pub async fn start() -> Self {
        Self::listen(Server::builder(), "http").await
    }

    /// Starts to listen with TLS. The certificate must be one of `localhost`.
    pub async fn start_with_tls(cert: &str, key: &str) -> Self {
        let tls = ServerTlsConfig::new().identity(Identity::from_pem(cert, key));
        let server = Server::builder().tls_config(tls).expect("a certificate");
        Self::listen(server, "https").await
    }

    async fn listen(mut server: Server, scheme: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let spans = Spans::default();
        let service = TraceServiceServer::new(spans.clone());
        tokio::spawn(
            server
                .add_service(service)
                .serve_with_incoming(TcpIncoming::from(listener)),
        );
        Self {
            endpoint: format!("{scheme}://localhost:{port}"),
            spans,
        }
    }

    /// Returns the value of `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    /// Returns all spans so far.
    pub fn spans(&self) -> Vec<ReceivedSpan> {
        self.spans
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits for a span. Panics after 20 s.
    pub async fn wait_for(&self, what: &str, is_it: impl Fn(&ReceivedSpan) -> bool) -> ReceivedSpan {
        let end = Instant::now() + TIMEOUT;
        loop {
            let spans = self.spans();
            if let Some(span) = spans.iter().find(|span| is_it(span)) {
                return span.clone();
            }
            assert!(Instant::now() < end, "no {what}: {spans:#?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

#[tonic::async_trait]
impl TraceService for Spans {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let mut received = Vec::new();
        for of_resource in request.into_inner().resource_spans {
            let resource = texts(of_resource.resource.unwrap_or_default().attributes);
            for of_scope in of_resource.scope_spans {
                let scope = of_scope.scope.unwrap_or_default();
                received.extend(of_scope.spans.into_iter().map(|span| {
                    ReceivedSpan {
                        resource: resource.clone(),
                        scope: (scope.name.clone(), scope.version.clone()),
                        name: span.name,
                        kind: span.kind,
                        trace_id: hex(&span.trace_id),
                        span_id: hex(&span.span_id),
                        parent_id: hex(&span.parent_span_id),
                        attributes: texts(span.attributes),
                        links: span
                            .links
                            .iter()
                            .map(|link| (hex(&link.trace_id), hex(&link.span_id)))
                            .collect(),
                        status: span.status.map_or(0, |status| status.code),
                        events: span.events.into_iter().map(|event| event.name).collect(),
                    }
                }));
            }
        }
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(received);
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn texts(attributes: Vec<KeyValue>) -> BTreeMap<String, String> {
    let text = |attribute: KeyValue| {
        let value = match attribute.value.and_then(|value| value.value) {
            Some(any_value::Value::StringValue(text)) => text,
            Some(any_value::Value::IntValue(number)) => number.to_string(),
            other => format!("{other:?}"),
        };
        (attribute.key, value)
    };
    attributes.into_iter().map(text).collect()
}
