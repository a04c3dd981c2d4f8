//! The metrics of the server API's connections, with the real peers.

mod support;

use std::time::{Duration, Instant};

use centrifugo::api::Client as Api;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use serde_json::json;
use support::api::{ApiTransport, setup};
use tokio::task::JoinSet;

/// The metrics of one transport.
#[derive(Debug, Default)]
struct Recorded {
    connections: f64,
    batches: Vec<f64>,
}

impl Recorded {
    /// Adds what was recorded since the last call: a snapshot sets gauges back to zero and empties histograms.
    fn update(&mut self, snapshotter: &Snapshotter, transport: &str) {
        for (key, _, _, value) in snapshotter.snapshot().into_vec() {
            let is_transport =
                |label: &metrics::Label| label.key() == "transport" && label.value() == transport;
            if !key.key().labels().any(is_transport) {
                continue;
            }
            match (key.key().name(), value) {
                ("centrifugo_backend_api_connections", DebugValue::Gauge(change)) => {
                    self.connections += change.into_inner();
                }
                ("centrifugo_backend_api_batched_publishes", DebugValue::Histogram(sizes)) => {
                    self.batches
                        .extend(sizes.into_iter().map(|size| size.into_inner()));
                }
                _ => {}
            }
        }
    }
}

/// Publishes 300 messages at once.
async fn publish_at_once(api: &Api) {
    let mut calls = JoinSet::new();
    for number in 0..300 {
        let api = api.clone();
        calls.spawn_local(async move { api.publish("room:1", &json!(number)).await.map(|_| ()) });
    }
    while let Some(published) = calls.join_next().await {
        published.expect("no panic").expect("published");
    }
}

fn counts_connections(way: ApiTransport, transport: &str) {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let stack = setup(env!("CARGO_BIN_EXE_backend")).start();
    let builder = way.client(&stack);
    // Tasks stay on this thread, which has the recorder.
    metrics::with_local_recorder(&recorder, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let local = tokio::task::LocalSet::new();
        local.block_on(&runtime, async {
            let api = builder
                .timeout(Duration::from_secs(15))
                .build()
                .expect("a client");
            publish_at_once(&api).await;
            let mut recorded = Recorded::default();
            recorded.update(&snapshotter, transport);
            let Recorded { connections, batches } = &recorded;
            if way == ApiTransport::Http {
                assert!((1.0..=300.0).contains(connections), "{recorded:?}");
                // The first requests are sent at once and combine nothing.
                let total = batches.iter().sum::<f64>();
                assert!((290.0..=300.0).contains(&total), "{recorded:?}");
                assert!(
                    batches.len() < 100 && batches.iter().all(|size| *size <= 100.0),
                    "{recorded:?}"
                );
            } else {
                assert_eq!((*connections, batches.len()), (1.0, 0));
            }
            drop(api);
            let end = Instant::now() + Duration::from_secs(10);
            while recorded.connections != 0.0 {
                assert!(
                    Instant::now() < end,
                    "connections of a dropped client are open: {recorded:?}"
                );
                tokio::time::sleep(Duration::from_millis(20)).await;
                recorded.update(&snapshotter, transport);
            }
        });
    });
}

#[test]
fn counts_the_connection_over_roadrunner() {
    counts_connections(ApiTransport::RoadRunner, "roadrunner");
}

#[test]
fn counts_the_connection_over_grpc() {
    counts_connections(ApiTransport::Grpc, "grpc");
}

#[test]
fn counts_connections_and_batches_over_http() {
    counts_connections(ApiTransport::Http, "http");
}
