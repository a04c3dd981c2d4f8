//! The metrics of events, streams, states and calls of the server API, by a recorder of the program.

#![cfg(feature = "metrics")]
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use centrifugo::extract::Incoming;
use centrifugo::testing::TestClient;
use centrifugo::{Error, Json, State, UserId, reply};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use tokio_stream::StreamExt as _;

struct Slow;

#[centrifugo::state]
async fn slow_state() -> Slow {
    tokio::time::sleep(Duration::from_millis(30)).await;
    Slow
}

#[centrifugo::rpc("good/{item}")]
fn good(item: String, _slow: State<Slow>) -> Json<String> {
    metrics::counter!("shop_items_total").increment(1);
    Json(item)
}

#[centrifugo::rpc("refused")]
fn refused() -> Result<(), Error> {
    Err(Error::permission_denied())
}

#[centrifugo::rpc("banned")]
fn banned() -> Result<(), Error> {
    Err(Error::disconnect::<4501>("banned"))
}

#[centrifugo::rpc("failed")]
async fn failed() -> Result<(), Error> {
    tokio::task::yield_now().await;
    Err(Error::internal("the database"))
}

#[centrifugo::rpc("panics")]
fn panics() {
    panic!("expected");
}

struct PanicsOnDrop;

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        panic!("expected");
    }
}

#[centrifugo::rpc("hangs", timeout = "20ms")]
async fn hangs() {
    let _guard = PanicsOnDrop;
    std::future::pending().await
}

#[centrifugo::refresh]
fn refresh(UserId(user): UserId) -> Result<reply::Refresh, Error> {
    match &*user {
        "internal" => Err(Error::internal("the database")),
        "gone" => Err(Error::permission_denied()),
        _ => Ok(reply::Refresh::extend_to(reply::Time::after(
            Duration::from_secs(60),
        ))),
    }
}

#[centrifugo::subscribe_stream(channel = "echo:*")]
fn echo(incoming: Incoming) -> reply::Stream {
    reply::Stream::new(
        reply::Subscribe::allow(),
        incoming.map(|publication| publication.data),
    )
}

/// The values of counters and gauges, and the numbers of values in histograms, by name and labels.
struct Recorded(BTreeMap<String, f64>);

impl Recorded {
    fn take(snapshotter: &Snapshotter) -> Self {
        let metrics = snapshotter.snapshot().into_vec();
        let values = metrics.into_iter().map(|(key, _, _, value)| {
            let (_, key) = key.into_parts();
            let labels: Vec<_> = key
                .labels()
                .map(|label| format!("{}={}", label.key(), label.value()))
                .collect();
            let name = key.name().trim_start_matches("centrifugo_backend_");
            let value = match value {
                DebugValue::Counter(count) => count as f64,
                DebugValue::Gauge(value) => value.into_inner(),
                DebugValue::Histogram(values) => values.len() as f64,
            };
            (format!("{name}{{{}}}", labels.join(",")), value)
        });
        Self(values.collect())
    }

    fn of(&self, name: &str) -> Vec<(&str, f64)> {
        let prefix = format!("{name}{{");
        let metrics = self.0.iter().filter_map(|(key, value)| {
            let labels = key.strip_prefix(&prefix)?.strip_suffix('}')?;
            Some((labels, *value))
        });
        metrics.collect()
    }
}

/// Runs a test inside of a runtime with one thread, whose metrics are recorded.
fn record<F: Future>(test: impl FnOnce(Snapshotter) -> F) {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(test(snapshotter));
    });
}

#[test]
fn counts_events_by_kind_handler_and_outcome() {
    record(async |snapshotter| {
        let t = TestClient::builder().build().await.unwrap();
        for item in ["a", "b", "c"] {
            assert_eq!(
                t.rpc(&format!("good/{item}")).await.json::<String>().unwrap(),
                item
            );
        }
        for method in [
            "refused", "banned", "failed", "failed", "panics", "hangs", "no/such",
        ] {
            t.rpc(method).await;
        }
        for user in ["42", "internal", "gone"] {
            t.refresh().user(user).await;
        }
        let recorded = Recorded::take(&snapshotter);
        let events = [
            ("kind=refresh,handler=refresh,outcome=error", 1.0),
            ("kind=refresh,handler=refresh,outcome=internal", 1.0),
            ("kind=refresh,handler=refresh,outcome=ok", 1.0),
            ("kind=rpc,handler=banned,outcome=disconnect", 1.0),
            ("kind=rpc,handler=failed,outcome=internal", 2.0),
            ("kind=rpc,handler=good,outcome=ok", 3.0),
            ("kind=rpc,handler=hangs,outcome=timeout", 1.0),
            ("kind=rpc,handler=none,outcome=refused", 1.0),
            ("kind=rpc,handler=panics,outcome=panic", 1.0),
            ("kind=rpc,handler=refused,outcome=error", 1.0),
        ];
        assert_eq!(recorded.of("events_total"), events);
        assert_eq!(recorded.of("event_duration_seconds"), events);
        assert_eq!(
            recorded.of("events_in_flight"),
            [("kind=refresh", 0.0), ("kind=rpc", 0.0)]
        );
        assert_eq!(recorded.of("events_refused_total"), [("reason=no_handler", 1.0)]);
        assert_eq!(recorded.of("handler_timeouts_total"), [("handler=hangs", 1.0)]);
        let panics = [("handler=hangs", 1.0), ("handler=panics", 1.0)];
        assert_eq!(recorded.of("panics_total"), panics);
        assert_eq!(recorded.of("grace_total"), [("kind=refresh", 1.0)]);
        // The program's own metric is in the same recorder.
        assert_eq!(recorded.of("shop_items_total"), [("", 3.0)]);
    });
}

#[test]
fn counts_an_event_that_its_caller_cancels() {
    record(async |snapshotter| {
        let t = TestClient::builder().build().await.unwrap();
        let call = t.rpc("hangs").into_future();
        assert!(
            tokio::time::timeout(Duration::from_millis(1), call)
                .await
                .is_err()
        );
        let recorded = Recorded::take(&snapshotter);
        assert_eq!(
            recorded.of("events_total"),
            [("kind=rpc,handler=hangs,outcome=cancelled", 1.0)]
        );
        assert_eq!(recorded.of("events_in_flight"), [("kind=rpc", 0.0)]);
        assert!(recorded.of("handler_timeouts_total").is_empty());
    });
}

#[test]
fn counts_streams_and_their_messages() {
    record(async |snapshotter| {
        let t = TestClient::builder().build().await.unwrap();
        let mut stream = t.subscribe_stream("echo:1").user("42").open().await;
        for text in ["a", "b"] {
            stream.send_json(text);
            assert_eq!(stream.next_json::<String>().await.unwrap(), text);
        }
        let open = Recorded::take(&snapshotter);
        assert_eq!(open.of("streams_open"), [("handler=echo", 1.0)]);
        let messages = [
            ("handler=echo,direction=in", 2.0),
            ("handler=echo,direction=out", 2.0),
        ];
        assert_eq!(open.of("stream_messages_total"), messages);
        drop(stream);
        let closed = Recorded::take(&snapshotter);
        // The recorder sets values to 0 at each snapshot.
        assert_eq!(closed.of("streams_open"), [("handler=echo", -1.0)]);
        assert_eq!(
            open.of("events_total"),
            [("kind=subscribe_stream,handler=echo,outcome=ok", 1.0)]
        );
    });
}

#[test]
fn describes_the_build_and_the_states() {
    record(async |snapshotter| {
        TestClient::builder().build().await.unwrap();
        let recorded = Recorded::take(&snapshotter);
        let [(state, seconds)] = recorded.of("states_build_seconds")[..] else {
            panic!("one state: {:?}", recorded.0);
        };
        assert_eq!(state, "state=slow_state");
        assert!((0.03..10.0).contains(&seconds), "{seconds}");
        let [(build, 1.0)] = recorded.of("build_info")[..] else {
            panic!("one build: {:?}", recorded.0);
        };
        assert!(
            build.contains("version=0.") && build.contains("metrics"),
            "{build}"
        );
    });
}

#[cfg(feature = "api")]
#[test]
fn counts_calls_of_the_server_api() {
    record(async |snapshotter| {
        let api = centrifugo::testing::Api::new();
        let client = api.client();
        client.publish("news", &"hello").await.unwrap();
        client.publish("news", &"again").await.unwrap();
        let recorded = Recorded::take(&snapshotter);
        let calls = [(
            "method=Publish,transport=testing,outcome=ok,delivery=delivered",
            2.0,
        )];
        assert_eq!(recorded.of("api_calls_total"), calls);
        assert_eq!(recorded.of("api_call_duration_seconds"), calls);
        assert_eq!(recorded.of("api_in_flight"), [("transport=testing", 0.0)]);
    });
}

#[cfg(feature = "api")]
#[test]
fn counts_failures_of_the_connection_to_the_server_api() {
    record(async |snapshotter| {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let client = centrifugo::api::Client::http(format!("http://{address}"))
            .timeout(Duration::from_millis(200))
            .build()
            .unwrap();
        assert!(client.publish("news", &"hello").await.is_err());
        let recorded = Recorded::take(&snapshotter);
        let calls = [(
            "method=Publish,transport=http,outcome=not_connected,delivery=not_sent",
            1.0,
        )];
        assert_eq!(recorded.of("api_calls_total"), calls);
        let [("transport=http", reconnects)] = recorded.of("api_reconnects_total")[..] else {
            panic!("{:?}", recorded.0);
        };
        assert!(reconnects >= 1.0);
        assert_eq!(recorded.of("api_in_flight"), [("transport=http", 0.0)]);
    });
}

/// Returns a message as gRPC frames it.
#[cfg(feature = "grpc")]
fn grpc_frame(message: &impl prost::Message) -> Vec<u8> {
    let message = message.encode_to_vec();
    let mut frame = vec![0];
    frame.extend((message.len() as u32).to_be_bytes());
    frame.extend(message);
    frame
}

#[cfg(feature = "grpc")]
#[test]
fn counts_a_stream_after_a_stop_as_refused() {
    use tower_service::Service as _;
    record(async |snapshotter| {
        let server = centrifugo::Server::from_env().unwrap().allow_unauthenticated();
        let app = server.build().await.unwrap();
        let (handle, mut service) = (app.handle(), app.into_service().unwrap());
        handle.stop();
        let request = centrifugo::proto::proxy::SubscribeRequest {
            channel: "echo:1".into(),
            ..Default::default()
        };
        let path = "/centrifugal.centrifugo.proxy.CentrifugoProxy/SubscribeUnidirectional";
        let request = http::Request::post(path)
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .body(tonic::body::Body::new(http_body_util::Full::from(grpc_frame(
                &request,
            ))));
        let response = service.call(request.unwrap()).await.unwrap();
        assert_eq!(response.headers()["grpc-status"], "14");
        let recorded = Recorded::take(&snapshotter);
        let expected = ("kind=subscribe_stream,handler=echo,outcome=refused", 1.0);
        assert_eq!(recorded.of("events_total"), [expected]);
        assert_eq!(recorded.of("events_refused_total"), []);
        handle.finish().await;
    });
}
