//! Subscription streams in process: the first response, publications in both directions, and the end.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use centrifugo::extract::Incoming;
use centrifugo::proto::proxy;
use centrifugo::reply::{self, Publication};
use centrifugo::testing::{TestClient, TestStream};
use centrifugo::{Channel, Connection, Data, Error, Json, Meta, State, UserId};
use tokio::sync::Notify;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

/// Records of the handlers.
#[derive(Default)]
struct Records {
    made: AtomicUsize,
    dropped: AtomicBool,
    ended: Notify,
    received: Mutex<Vec<String>>,
}

#[centrifugo::state]
fn records() -> Records {
    Records::default()
}

struct Room(tokio::sync::broadcast::Sender<Data>);

#[centrifugo::state]
fn room() -> Room {
    Room(tokio::sync::broadcast::Sender::new(16))
}

async fn client() -> TestClient {
    TestClient::builder().build().await.unwrap()
}

fn allow<S>(publications: S) -> reply::Stream
where
    S: tokio_stream::Stream<Item: reply::IntoPublication> + Send + 'static,
{
    reply::Stream::new(reply::Subscribe::allow(), publications)
}

#[centrifugo::subscribe_stream(channel = "prices:{market}")]
async fn prices(
    market: String,
    user: UserId,
    channel: Channel,
    connection: Connection,
    meta: Option<Meta<String>>,
    Json(from): Json<u32>,
) -> Result<reply::Stream, Error> {
    match market.as_str() {
        "secret" => return Err(Error::permission_denied()),
        "banned" => return Err(Error::disconnect::<4501>("banned")),
        "down" => return Err(Error::internal("the exchange is down")),
        "panic" => panic!("at the decision"),
        "unserializable" => {
            let answer = reply::Subscribe::allow().data(&FailsToSerialize);
            return Ok(reply::Stream::new(answer, tokio_stream::pending::<Publication>()));
        }
        _ => {}
    }
    let meta = meta.map(|Meta(meta)| meta);
    let answer = reply::Subscribe::allow()
        .data(&(&*user, &*channel, connection.protocol, meta))
        .expires_at(reply::Time::from_unix_seconds(2_000_000_000));
    let all = [
        Publication::json(&from).tag("currency", "USD"),
        Publication::bytes("[1]"),
    ];
    Ok(reply::Stream::new(answer, tokio_stream::iter(all)))
}

struct FailsToSerialize;

impl serde::Serialize for FailsToSerialize {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("broken"))
    }
}

#[centrifugo::subscribe_stream(channel = "slow", timeout = "30ms")]
async fn slow() -> reply::Stream {
    tokio::time::sleep(Duration::from_secs(5)).await;
    allow(tokio_stream::pending::<Json<u8>>())
}

#[centrifugo::subscribe_stream(channel = "long", timeout = "30ms")]
fn long() -> reply::Stream {
    let late = tokio_stream::once(()).then(|()| async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Json("late")
    });
    allow(late)
}

/// Publishes three numbers and then ends as the channel says.
#[centrifugo::subscribe_stream(channel = "end:{how}")]
fn end(how: String, records: State<Records>) -> reply::Stream {
    struct RecordsDrop(State<Records>);
    impl Drop for RecordsDrop {
        fn drop(&mut self) {
            self.0.dropped.store(true, Ordering::SeqCst);
            self.0.ended.notify_one();
        }
    }
    let guard = RecordsDrop(records);
    let all = tokio_stream::iter(0u32..).map(move |number| {
        guard.0.made.fetch_add(1, Ordering::SeqCst);
        match (number, how.as_str()) {
            (0..3, _) | (_, "never") => Ok(Publication::json(&number)),
            (_, "error") => Err(Error::internal("the source is gone")),
            (_, "refusal") => Err(Error::custom::<1001>("no more")),
            (_, "bytes") => Ok(Publication::bytes(&b"\xff"[..])),
            (_, "broken") => Ok(Publication::json(&FailsToSerialize)),
            _ => panic!("in the stream"),
        }
    });
    allow(all)
}

/// Publishes what the client publishes, in upper case.
#[centrifugo::subscribe_stream(channel = "echo:*")]
fn echo(incoming: Incoming) -> reply::Stream {
    allow(incoming.map(|publication| {
        let text: String = publication.json()?;
        let mut loud = Publication::json(&text.to_uppercase());
        for (key, value) in publication.tags {
            loud = loud.tag(key, value);
        }
        Ok::<_, Error>(loud)
    }))
}

/// A chat room: all clients receive all publications, and clients of two-way streams can publish.
#[centrifugo::subscribe_stream(channel = "room")]
fn room_stream(incoming: Option<Incoming>, State(room): State<Room>) -> reply::Stream {
    let heard = BroadcastStream::new(room.0.subscribe()).filter_map(Result::ok);
    if let Some(mut incoming) = incoming {
        tokio::spawn(async move {
            while let Some(publication) = incoming.next().await {
                let _ = room.0.send(publication.data);
            }
        });
    }
    allow(heard)
}

/// Reads the client's publications in a spawned task and publishes numbers.
#[centrifugo::subscribe_stream(channel = "task:{count}")]
fn task(count: usize, mut incoming: Incoming, records: State<Records>) -> reply::Stream {
    tokio::spawn(async move {
        while let Some(publication) = incoming.next().await {
            records.received.lock().unwrap().push(publication.json().unwrap());
        }
        records.ended.notify_one();
    });
    let numbers = tokio_stream::iter((0..count).map(Json));
    // After its numbers, the stream stays open. `task:0` ends at once.
    match count {
        0 => allow(numbers),
        _ => allow(numbers.chain(tokio_stream::pending())),
    }
}

/// Publishes endlessly and reads nothing.
#[centrifugo::subscribe_stream(channel = "deaf")]
fn deaf() -> reply::Stream {
    allow(tokio_stream::once(Json(1)).chain(tokio_stream::pending()))
}

#[centrifugo::subscribe_stream(channel = "dropped")]
fn dropped(incoming: Incoming) -> reply::Stream {
    drop(incoming);
    allow(tokio_stream::pending::<Json<u8>>())
}

#[centrifugo::subscribe_stream(channel = "twice")]
fn twice(_first: Incoming, _second: Incoming) -> reply::Stream {
    allow(tokio_stream::pending::<Json<u8>>())
}

#[tokio::test]
async fn sends_the_response_as_the_first_message() {
    let t = client().await;
    let request = || t.subscribe_stream("prices:metal").user("ann").json(&7);
    let mut stream = request().meta("m").open_one_way().await;
    let result = stream.answer().result().unwrap();
    assert_eq!(&result.data[..], br#"["ann","prices:metal","json","m"]"#);
    assert_eq!(result.expire_at, 2_000_000_000);
    let first = stream.next().await.unwrap();
    assert_eq!(
        (&first.data[..], first.tags["currency"].as_str()),
        (&b"7"[..], "USD")
    );
    assert_eq!(stream.next_json::<[u8; 1]>().await.unwrap(), [1]);
    assert_eq!(stream.next().await, None);
    assert_eq!((stream.next().await, stream.failure()), (None, None));
    // The response without publications.
    assert!(request().await.result().is_some());
}

#[tokio::test]
async fn sends_a_refusal_as_the_only_message() {
    let t = client().await;
    for (channel, sees) in [
        ("prices:secret", "error 103: permission denied"),
        ("prices:banned", "disconnect 4501: banned"),
        ("nothing", "error 103: permission denied"),
        // Centrifugo ignores `temporary` in the error of a stream, so temporary errors must fail the call.
        ("prices:down", "error 100: internal server error (temporary)"),
        ("prices:panic", "error 100: internal server error (temporary)"),
        (
            "prices:unserializable",
            "error 100: internal server error (temporary)",
        ),
        ("twice", "error 100: internal server error (temporary)"),
        ("slow", "error 100: internal server error (temporary)"),
    ] {
        let mut stream = t.subscribe_stream(channel).user("ann").json(&7).open().await;
        assert_eq!(stream.answer().client_sees(), sees, "{channel}");
        assert_eq!(
            stream.answer().failure().is_some(),
            sees.starts_with("error 100"),
            "{channel}"
        );
        assert_eq!(stream.next().await, None);
    }
    let stream = t.subscribe_stream("prices:metal").json(&7).open().await;
    assert_eq!(stream.answer().client_sees(), "error 101: unauthorized");
    assert_eq!(stream.answer().source(), None);
    for (market, data, source) in [
        ("down", "7", "the exchange is down"),
        ("panic", "7", "panicked: at the decision"),
        ("metal", "x", "$: expected value at line 1 column 1"),
    ] {
        let request = t
            .subscribe_stream(&format!("prices:{market}"))
            .user("ann")
            .data(data);
        assert_eq!(request.open().await.answer().source(), Some(source));
    }
}

#[tokio::test]
async fn applies_the_time_limit_to_the_response_only() {
    let mut stream = client().await.subscribe_stream("long").open().await;
    assert_eq!(stream.next_json::<String>().await.unwrap(), "late");
    assert_eq!((stream.next().await, stream.failure()), (None, None));
}

#[tokio::test]
async fn ends_a_failed_stream_as_a_failure_and_logs_it() {
    let t = client().await;
    for (channel, why) in [
        ("end:error", "the source is gone"),
        ("end:refusal", "error 1001: no more"),
        ("end:bytes", "not JSON"),
        ("end:broken", "can't be serialized"),
        ("end:panic", "panicked: in the stream"),
    ] {
        let mut stream = t.subscribe_stream(channel).open().await;
        for number in 0..3 {
            assert_eq!(stream.next_json::<u32>().await.unwrap(), number);
        }
        let log = LogRecorder::default();
        let _logging = tracing::subscriber::set_default(log.clone());
        assert_eq!(stream.next().await, None);
        // The error text does not leave the process.
        assert_eq!(stream.failure(), Some("the stream failed"), "{channel}");
        let log = log.0.lock().unwrap().join("\n");
        assert!(log.contains(why) && log.contains("handler=\"end\""), "{log}");
        assert_eq!(stream.next().await, None);
    }
    // Bytes are allowed for clients that do not use JSON.
    let request = t.subscribe_stream("end:bytes");
    let mut stream = request
        .with(|request| request.protocol = "protobuf".into())
        .open()
        .await;
    for _ in 0..3 {
        stream.next().await.unwrap();
    }
    assert_eq!(&stream.next().await.unwrap().data[..], b"\xff");
}

#[tokio::test]
async fn polls_publications_on_demand_and_drops_them_with_the_client() {
    let t = client().await;
    drop(t.subscribe_stream("end:never").open().await);
    let mut stream = t.subscribe_stream("counts").open().await;
    assert_eq!(stream.next_json::<(usize, bool)>().await.unwrap(), (0, true));
    let mut never = t.subscribe_stream("end:never").open().await;
    for _ in 0..5 {
        never.next().await.unwrap();
    }
    let mut stream = t.subscribe_stream("counts").open().await;
    assert_eq!(stream.next_json::<(usize, bool)>().await.unwrap(), (5, true));
}

#[centrifugo::subscribe_stream(channel = "counts")]
fn counts(records: State<Records>) -> reply::Stream {
    let counts = (
        records.made.load(Ordering::SeqCst),
        records.dropped.load(Ordering::SeqCst),
    );
    allow(tokio_stream::once(Json(counts)))
}

#[tokio::test]
async fn exchanges_publications_in_both_directions() {
    let t = client().await;
    let mut stream = t.subscribe_stream("echo:1").open().await;
    stream.send_json("a");
    assert_eq!(stream.next_json::<String>().await.unwrap(), "A");
    stream.send(proxy::Publication {
        data: br#""b""#[..].into(),
        tags: [("x".to_owned(), "y".to_owned())].into(),
    });
    // A message without a publication is ignored.
    stream.send_raw("");
    stream.send_json("c");
    let loud = stream.next().await.unwrap();
    assert_eq!((&loud.data[..], loud.tags["x"].as_str()), (&br#""B""#[..], "y"));
    stream.finish();
    // Publications before the end are answered.
    assert_eq!(stream.next_json::<String>().await.unwrap(), "C");
    assert_eq!((stream.next().await, stream.failure()), (None, None));
    // On a one-way stream, `Incoming` has no messages and ends at once.
    let mut stream = t.subscribe_stream("echo:1").open_one_way().await;
    assert_eq!((stream.next().await, stream.failure()), (None, None));
}

#[tokio::test]
async fn fails_on_an_unreadable_message_of_the_client() {
    let t = client().await;
    for (channel, message) in [
        ("echo:1", &b"\x12\x7f"[..]),
        ("echo:1", b"\xff"),
        ("task:1", b"\x12\xff"),
    ] {
        let mut stream = t.subscribe_stream(channel).open().await;
        stream.send_raw(message);
        read_to_end(&mut stream).await;
        assert!(stream.failure().is_some(), "{channel} {message:?}");
    }
}

/// Any client can cause these lines, so they are counted after the first ten.
#[tokio::test]
async fn limits_the_log_lines_of_malformed_publications() {
    let t = client().await;
    let log = LogRecorder::default();
    let _logging = tracing::subscriber::set_default(log.clone());
    for _ in 0..12 {
        let mut stream = t.subscribe_stream("echo:1").open().await;
        stream.send_json(&7);
        assert_eq!(stream.next().await, None);
        assert!(stream.failure().is_some(), "data of another shape");
    }
    let log = log.0.lock().unwrap().join("\n");
    let lines = log
        .matches("stream ended: malformed message of the client")
        .count();
    assert_eq!(lines, 10, "{log}");
    assert!(!log.contains("stream failed"), "{log}");
}

#[tokio::test]
async fn ends_the_stream_when_the_client_side_ends() {
    let t = client().await;
    for channel in ["deaf", "dropped", "task:3", "room"] {
        let stream = t.subscribe_stream(channel).open().await;
        for _ in 0..100 {
            stream.send_json("ignored");
        }
        let mut stream = assert_stays_open(stream).await;
        stream.finish();
        read_to_end(&mut stream).await;
        assert_eq!(stream.failure(), None, "{channel}");
    }
    // A one-way stream has no client side that could end.
    assert_stays_open(t.subscribe_stream("deaf").open_one_way().await).await;
    assert_stays_open(t.subscribe_stream("room").open_one_way().await).await;
}

/// Reads the stream to its end, within 5 s.
async fn read_to_end(stream: &mut TestStream) {
    let end = async { while stream.next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(5), end).await.unwrap();
}

/// Reads all pending publications and asserts that the stream is still open.
async fn assert_stays_open(mut stream: TestStream) -> TestStream {
    while let Ok(next) = tokio::time::timeout(Duration::from_millis(50), stream.next()).await {
        assert!(next.is_some(), "the stream ended: {:?}", stream.failure());
    }
    stream
}

#[tokio::test]
async fn ends_the_incoming_messages_when_the_stream_ends() {
    for leave in [false, true] {
        let t = client().await;
        let mut stream = t
            .subscribe_stream(if leave { "task:1" } else { "task:0" })
            .open()
            .await;
        stream.send_json("a");
        stream.send_json("b");
        if leave {
            assert_eq!(stream.next_json::<u8>().await.unwrap(), 0);
            let records = t.state::<Records>().unwrap();
            let received = async {
                while records.received.lock().unwrap().len() < 2 {
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(Duration::from_secs(5), received)
                .await
                .unwrap();
            drop(stream);
        } else {
            assert_eq!(stream.next().await, None);
        }
        let mut ended = t.subscribe_stream("ended").open().await;
        let received: Vec<String> = ended.next_json().await.unwrap();
        if leave {
            assert_eq!(received, ["a", "b"]);
        }
    }
}

/// Reads in a spawned task although it refuses the subscription.
#[centrifugo::subscribe_stream(channel = "refuses")]
fn refuses(mut incoming: Incoming, records: State<Records>) -> Result<reply::Stream, Error> {
    tokio::spawn(async move {
        while incoming.next().await.is_some() {}
        records.ended.notify_one();
    });
    Err(Error::permission_denied())
}

#[tokio::test]
async fn ends_the_incoming_messages_on_a_refusal() {
    let t = client().await;
    let stream = t.subscribe_stream("refuses").open().await;
    assert!(stream.answer().error().is_some());
    let mut ended = t.subscribe_stream("ended").open().await;
    assert!(ended.next().await.is_some());
}

/// Waits for the end of the reading task and publishes what it received.
#[centrifugo::subscribe_stream(channel = "ended")]
async fn ended(records: State<Records>) -> reply::Stream {
    // The handler times out if the task does not end.
    records.ended.notified().await;
    let received = records.received.lock().unwrap().clone();
    allow(tokio_stream::once(Json(received)))
}

#[tokio::test]
async fn delivers_publications_to_several_clients() {
    let t = client().await;
    let mut ann = t.subscribe_stream("room").user("ann").open().await;
    let mut bob = t.subscribe_stream("room").user("bob").open().await;
    let mut ear = t.subscribe_stream("room").open_one_way().await;
    for number in 0..10 {
        ann.send_json(&number);
        for stream in [&mut ann, &mut bob, &mut ear] {
            assert_eq!(stream.next_json::<i32>().await.unwrap(), number);
        }
    }
}

#[tokio::test]
async fn serves_ten_thousand_streams() {
    let t = client().await;
    let mut streams = Vec::new();
    for _ in 0..10_000 {
        streams.push(t.subscribe_stream("echo:many").user("ann").open().await);
    }
    for (number, stream) in streams.iter_mut().enumerate() {
        stream.send_json(&format!("a{number}"));
        assert_eq!(stream.next_json::<String>().await.unwrap(), format!("A{number}"));
    }
}

/// Records the log events of the current thread as text.
#[derive(Clone, Default)]
struct LogRecorder(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for LogRecorder {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.is_event()
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        struct Text(String);
        impl tracing::field::Visit for Text {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn Debug) {
                self.0.push_str(&format!("{field}={value:?} "));
            }
        }
        let mut text = Text(String::new());
        event.record(&mut text);
        self.0.lock().unwrap().push(text.0);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}
