//! Calls of the server API inside handlers.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::net::TcpListener;
use std::time::{Duration, Instant};

use centrifugo::api::{Client, ErrorKind};
use centrifugo::testing::TestClient;
use centrifugo::{Api, Error, Json, State};
use tokio::sync::mpsc;

const NEWS: &str = "news:1";

#[centrifugo::rpc("publish", timeout = "1s")]
async fn publish(api: Api) -> Result<(), Error> {
    api.publish(NEWS, &1).timeout(Duration::from_secs(60)).await?;
    Ok(())
}

#[centrifugo::rpc("publish/late", timeout = "1s")]
async fn publish_late(api: Api) -> Result<Json<bool>, Error> {
    tokio::time::sleep(Duration::from_millis(800)).await;
    let begun = Instant::now();
    let error = api.publish(NEWS, &1).await.unwrap_err();
    let took = begun.elapsed();
    let is_in_time = took < Duration::from_millis(200) && error.kind() == ErrorKind::TimedOut;
    Ok(Json(is_in_time))
}

#[centrifugo::rpc("publish/blocking", timeout = "1s", blocking)]
fn publish_blocking(api: Api) -> Json<bool> {
    let result = tokio::runtime::Handle::current().block_on(async { api.publish(NEWS, &1).await });
    Json(result.unwrap_err().kind() == ErrorKind::TimedOut)
}

#[centrifugo::rpc("publish/later", timeout = "1s")]
fn publish_later(api: Api, State(sender): State<mpsc::UnboundedSender<Duration>>) {
    let client = Client::clone(&api);
    tokio::spawn(async move {
        let begun = Instant::now();
        let _ = client
            .publish(NEWS, &1)
            .timeout(Duration::from_millis(1500))
            .await;
        let _ = sender.send(begun.elapsed());
    });
}

async fn test_client(api: Client) -> (TestClient, mpsc::UnboundedReceiver<Duration>) {
    let (sender, receiver) = mpsc::unbounded_channel::<Duration>();
    let t = TestClient::builder()
        .api(api)
        .state(sender)
        .build()
        .await
        .unwrap();
    (t, receiver)
}

/// Returns a client whose server accepts connections and never answers, and its listener.
fn silent() -> (Client, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let client = Client::http(format!("http://{address}/api")).build().unwrap();
    (client, listener)
}

#[tokio::test]
async fn reports_an_unreachable_server_before_the_handler_times_out() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for client in [
        Client::http(format!("http://{address}/api")),
        Client::grpc(format!("grpc://{address}")),
    ] {
        let (t, _receiver) = test_client(client.build().unwrap()).await;
        let begun = Instant::now();
        let answer = t.rpc("publish").await;
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        assert_eq!(answer.error().unwrap().code, 100);
        let text = answer.source().unwrap();
        for part in ["Publish", NEWS, &address.to_string(), "refused"] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}

#[tokio::test]
async fn limits_a_call_to_the_rest_of_the_event() {
    let (client, _listener) = silent();
    let (t, _receiver) = test_client(client).await;
    assert!(t.rpc("publish/late").await.json::<bool>().unwrap());
    let answer = t.rpc("publish").await;
    let text = answer.source().unwrap();
    assert!(
        text.contains("when the time limit of the event is nearly over"),
        "{text}"
    );
}

/// A blocking handler runs on another thread than the future that waits for it.
#[tokio::test]
async fn limits_a_call_of_a_blocking_handler_to_the_event() {
    let (client, _listener) = silent();
    let (t, _receiver) = test_client(client).await;
    let begun = Instant::now();
    assert!(t.rpc("publish/blocking").await.json::<bool>().unwrap());
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

/// A call that was cut short says nothing about its connection, so the next call is sent at once.
#[tokio::test]
async fn sends_the_next_call_at_once_after_one_that_was_cut_short() {
    let (client, _listener) = silent();
    let (t, _receiver) = test_client(client.clone()).await;
    assert!(t.rpc("publish/late").await.json::<bool>().unwrap());
    let error = client
        .publish(NEWS, &1)
        .timeout(Duration::from_millis(20))
        .await
        .unwrap_err();
    assert!(
        !error.to_string().contains("after an earlier call failed"),
        "not sent at once: {error}"
    );
}

#[tokio::test]
async fn does_not_limit_calls_of_spawned_tasks_to_the_event() {
    let (client, _listener) = silent();
    let (t, mut receiver) = test_client(client).await;
    assert!(t.rpc("publish/later").await.result().is_some());
    let took = receiver.recv().await.unwrap();
    assert!(took >= Duration::from_millis(1500), "{took:?}");
}
