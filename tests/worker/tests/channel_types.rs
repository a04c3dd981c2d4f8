//! Channel types: names, handlers and typed calls of the server API.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::fmt;

use centrifugo::api::{Delivery, ErrorKind, method};
use centrifugo::extract::MapKey;
use centrifugo::proto::api::{
    HistoryResult, MapEntry, MapReadStateResult, MapReadStreamResult, PresenceResult, PresenceStatsResult,
    Publication,
};
use centrifugo::testing::{self, TestClient};
use centrifugo::{Channel, ChannelType, Error, FromParam, Json, Scoped, reply};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    text: String,
}

fn line(text: &str) -> Line {
    Line { text: text.into() }
}

#[derive(Clone, Debug, PartialEq, FromParam)]
struct RoomId(String);

impl fmt::Display for RoomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A room of the chat.
#[derive(Clone, Debug, PartialEq)]
#[centrifugo::channel("chat:{room}", publication = Line, presence, history_size = 100, history_ttl = "1h")]
struct Chat {
    room: RoomId,
}

impl Chat {
    fn of(room: &str) -> Self {
        Self {
            room: RoomId(room.into()),
        }
    }
}

#[derive(Debug, PartialEq)]
#[centrifugo::channel("board:{team}/{path*}-{page}", item = Line)]
struct Board {
    page: String,
    team: u8,
    path: String,
}

#[derive(Debug, PartialEq)]
#[centrifugo::channel("lobby")]
struct Lobby;

#[centrifugo::channel("prices:{market}", item = f64)]
struct Prices {
    market: String,
}

#[centrifugo::channel("clock:{city*}", publication = u32)]
struct Clock {
    city: String,
}

struct Room(String);

#[centrifugo::scoped]
fn room(chat: Chat) -> Room {
    Room(format!("room {}", chat.room))
}

#[centrifugo::subscribe(channel = Chat)]
fn join(chat: Chat, Scoped(room): Scoped<Room>) -> reply::Subscribe {
    reply::Subscribe::allow().data(&(chat.room.0.as_str(), room.0.as_str()))
}

#[centrifugo::publish(channel = Chat)]
async fn say(chat: Chat, Json(line): Json<Line>) -> Result<reply::Publish<Line>, Error> {
    if chat.room.0 == "quiet" {
        return Err(Error::permission_denied());
    }
    Ok(reply::Publish::typed(&line).tag("room", chat.to_string()))
}

#[centrifugo::sub_refresh(channel = Chat)]
fn stay(_chat: Chat) -> reply::SubRefresh {
    reply::SubRefresh::expired()
}

#[centrifugo::subscribe_stream(channel = Clock)]
fn ticks(clock: Clock) -> Result<reply::Stream<u32>, Error> {
    let ticks = [Ok(clock.city.len() as u32), Err(Error::bad_request())];
    Ok(reply::Stream::typed(
        reply::Subscribe::allow(),
        tokio_stream::iter(ticks),
    ))
}

#[centrifugo::map_publish(channel = Board)]
fn put(_board: Board, MapKey(_key): MapKey, Json(line): Json<Line>) -> reply::MapPublish<Line> {
    reply::MapPublish::typed(&line).only_new()
}

#[centrifugo::map_remove(channel = Board)]
fn remove(_board: Board) -> reply::MapRemove {
    reply::MapRemove::allow()
}

#[centrifugo::shared_poll_refresh(channel = Prices)]
fn prices(prices: Prices) -> reply::SharedPoll<f64> {
    reply::SharedPoll::typed()
        .item(prices.market, 7, &2031.5)
        .changed("gold", 8, &2.0, &1.0)
}

#[centrifugo::notify_cache_empty(channel = Lobby)]
fn empty(_lobby: Lobby) {}

// A pattern beside channel types: `Board` is read from a channel that it did not select.
#[centrifugo::subscribe(channel = "board:*")]
fn watch(board: Board, Channel(channel): Channel) -> reply::Subscribe {
    assert_eq!(board.to_channel().unwrap(), channel);
    reply::Subscribe::allow().data(&board.path)
}

fn board(team: u8, path: &str, page: &str) -> Board {
    Board {
        page: page.into(),
        team,
        path: path.into(),
    }
}

#[test]
fn writes_and_reads_channels() {
    assert_eq!(board(1, "a", "b").to_channel().unwrap(), "board:1/a-b");
    // The text of this value is the channel of another one.
    let error = board(1, "a:b/c-d", "e").to_channel().unwrap_err().to_string();
    assert!(
        error.contains("`board:1/a:b/c-d-e` would be read as other fields"),
        "{error}"
    );
    assert_eq!("board:1/a-b".parse(), Ok(board(1, "a", "b")));
    assert_eq!("board:1/a:b-c-d".parse(), Ok(board(1, "a:b", "c-d")));
    assert_eq!(board(1, "a:b", "c-d").to_channel().unwrap(), "board:1/a:b-c-d");
    assert_eq!(
        (Lobby.to_string(), "lobby".parse()),
        ("lobby".to_owned(), Ok(Lobby))
    );
    assert_eq!(Board::PATTERN, "board:{team}/{path*}-{page}");
    for (channel, reason) in [
        ("board:01/a-b", "leading zero"),
        ("board:x/a-b", "invalid digit"),
        ("board:1/a", "whose pattern is `board:{team}/{path*}-{page}`"),
        ("board:1/a-", "whose pattern is"),
        ("board:1/-b", "whose pattern is"),
        ("", "whose pattern is"),
    ] {
        let error = channel.parse::<Board>().unwrap_err().to_string();
        assert!(error.contains(reason), "{channel}: {error}");
    }
}

#[test]
fn a_value_that_does_not_fit_has_no_channel() {
    for (room, reason) in [
        ("", "it is empty"),
        ("a:b", "`a:b` contains `:`"),
        ("a/b", "contains `/`"),
        ("a.b", "contains `.`"),
        ("a#b", "contains `#`"),
    ] {
        let error = Chat::of(room).to_channel().unwrap_err().to_string();
        assert!(
            error.contains("the field `room` of `Chat` does not fit the pattern `chat:{room}`")
                && error.contains(reason),
            "{error}"
        );
        assert_eq!(Chat::of(room).to_string(), "");
        assert_eq!(format!("{:20}", Chat::of(room)), "");
    }
    assert_eq!(Chat::of("ü-1").to_string(), "chat:ü-1");
    // Width and precision do not make another channel.
    assert_eq!(
        format!("{:20}|{:.2}", Chat::of("1"), Chat::of("1")),
        "chat:1|chat:1"
    );
}

#[tokio::test]
async fn handlers_take_channel_types() {
    let t = TestClient::builder().build().await.unwrap();
    let answer = t.subscribe("chat:a b").user("ann").await;
    assert_eq!(&answer.result().unwrap().data[..], br#"["a b","room a b"]"#);
    assert_eq!(
        t.subscribe("chat:a:b").user("ann").await.client_sees(),
        "error 103: permission denied"
    );
    let answer = t.subscribe("board:3/a-b").user("ann").await;
    assert_eq!(&answer.result().unwrap().data[..], br#""a""#);
    for channel in ["board:x/a-b", "board:1"] {
        assert_eq!(
            t.subscribe(channel).user("ann").await.client_sees(),
            "error 102: unknown channel"
        );
    }
    assert!(
        t.sub_refresh("chat:1")
            .user("ann")
            .await
            .result()
            .unwrap()
            .expired
    );
    assert!(
        t.map_remove("board:1/a-b", "k")
            .user("ann")
            .await
            .result()
            .is_some()
    );
}

#[tokio::test]
async fn publications_have_the_type_of_the_channel() {
    let t = TestClient::builder().build().await.unwrap();
    // What the type does not have is not published.
    let answer = t.publish("chat:1").data(r#"{"text":"hi","admin":true}"#).await;
    let result = answer.result().unwrap();
    assert_eq!(&result.data[..], br#"{"text":"hi"}"#);
    assert_eq!(result.tags["room"], "chat:1");
    assert_eq!(
        t.publish("chat:1").json(&7).await.client_sees(),
        "error 107: bad request"
    );
    let answer = t.publish("chat:quiet").json(&line("hi")).await;
    assert_eq!(answer.client_sees(), "error 103: permission denied");

    let answer = t
        .map_publish("board:1/a-b", "k")
        .user("ann")
        .json(&line("x"))
        .await;
    let result = answer.result().unwrap();
    assert_eq!(
        (&result.data[..], result.key_mode.as_str()),
        (&br#"{"text":"x"}"#[..], "if_new")
    );

    let answer = t.shared_poll_refresh("prices:ny", [("gold", 1)]).await;
    let items = &answer.result().unwrap().items;
    assert_eq!(
        (items[0].key.as_str(), &items[0].data[..]),
        ("ny", &b"2031.5"[..])
    );
    assert_eq!((items[1].version, &items[1].prev_data[..]), (8, &b"1.0"[..]));

    let mut stream = t.subscribe_stream("clock:Rome: EU").open_one_way().await;
    assert_eq!(stream.next_json::<u32>().await.unwrap(), 8);
    assert!(stream.next().await.is_none() && stream.failure().is_some());
}

#[tokio::test]
async fn calls_the_server_api_with_the_type_of_the_channel() {
    let fake = testing::Api::new();
    let api = fake.client();
    api.channel(Chat::of("1"))
        .publish(&line("one"))
        .tag("n", "1")
        .await
        .unwrap();
    api.broadcast_to([Chat::of("1"), Chat::of("2")], &line("two"))
        .await
        .unwrap();
    assert_eq!(
        fake.published_json::<Line>("chat:1").unwrap(),
        [line("one"), line("two")]
    );

    let publication = |offset, data: &'static str| Publication {
        offset,
        data: data.into(),
        ..Default::default()
    };
    fake.answer::<method::History>(HistoryResult {
        publications: vec![
            publication(7, r#"{"text":"a"}"#),
            publication(8, r#"{"text":"b"}"#),
        ],
        offset: 8,
        epoch: "e".into(),
    });
    let history = api
        .channel(Chat::of("1"))
        .history()
        .limit(50)
        .reverse()
        .await
        .unwrap();
    let lines: Vec<_> = history
        .publications
        .iter()
        .map(|publication| &*publication.data.text)
        .collect();
    assert_eq!(
        (lines, history.offset, history.epoch.as_str()),
        (vec!["a", "b"], 8, "e")
    );
    let request = &fake.calls::<method::History>()[0];
    assert_eq!(
        (request.channel.as_str(), request.limit, request.reverse),
        ("chat:1", 50, true)
    );
    let mut pages = api.channel(Chat::of("1")).history().pages(2);
    assert_eq!(
        pages.next().await.unwrap().unwrap().publications[1].data,
        line("b")
    );
    assert!(pages.next().await.is_none());

    fake.answer::<method::History>(HistoryResult {
        publications: vec![
            publication(7, r#"{"text":"a"}"#),
            publication(9, r#"{"text":1,"secret":2}"#),
        ],
        ..Default::default()
    });
    let error = api.channel(Chat::of("1")).history().all().await.unwrap_err();
    assert_eq!((error.kind(), error.method()), (ErrorKind::Unreadable, "History"));
    assert!(
        error
            .message()
            .contains("of the publication at offset 9 is not a `channel_types::Line`: $.text"),
        "{error}"
    );

    fake.answer::<method::Presence>(PresenceResult::default());
    fake.answer::<method::PresenceStats>(PresenceStatsResult::default());
    api.channel(Lobby).presence().await.unwrap();
    api.channel(Lobby).presence_stats().await.unwrap();
    api.channel(Lobby).history_remove().await.unwrap();
    api.channel(Lobby).subscribe("ann").await.unwrap();
    api.channel(Lobby).unsubscribe("ann").await.unwrap();
    assert_eq!(fake.calls::<method::Unsubscribe>()[0].channel, "lobby");
}

#[tokio::test]
async fn calls_map_and_shared_poll_methods_with_the_type_of_the_item() {
    let fake = testing::Api::new();
    let api = fake.client();
    let board = || board(1, "a", "b");
    api.channel(board())
        .map_publish("k", &line("x"))
        .version(3)
        .await
        .unwrap();
    let request = &fake.calls::<method::MapPublish>()[0];
    assert_eq!(
        (
            request.channel.as_str(),
            request.key.as_str(),
            &request.data[..],
            request.version
        ),
        ("board:1/a-b", "k", &br#"{"text":"x"}"#[..], 3)
    );
    let entry = |removed, data: &'static str| MapEntry {
        key: "k".into(),
        removed,
        data: data.into(),
        ..Default::default()
    };
    fake.answer::<method::MapReadState>(MapReadStateResult {
        entries: vec![entry(false, r#"{"text":"x"}"#)],
        cursor: "next".into(),
        ..Default::default()
    });
    let state = api
        .channel(board())
        .map_read_state()
        .limit(10)
        .key("k")
        .await
        .unwrap();
    assert_eq!(
        (state.entries[0].data.clone(), state.cursor.as_str()),
        (Some(line("x")), "next")
    );
    fake.answer::<method::MapReadStream>(MapReadStreamResult {
        entries: vec![entry(true, "")],
        ..Default::default()
    });
    let stream = api
        .channel(board())
        .map_read_stream()
        .since(1, "e")
        .await
        .unwrap();
    assert_eq!(
        (stream.entries[0].removed, &stream.entries[0].data),
        (true, &None)
    );
    api.channel(board()).map_remove("k").await.unwrap();
    api.channel(board()).map_stats().await.unwrap();
    api.channel(board()).map_clear().await.unwrap();
    let market = Prices { market: "ny".into() };
    api.channel(market)
        .shared_poll_publish("gold", 7, &2031.5)
        .await
        .unwrap();
    assert_eq!(&fake.calls::<method::SharedPollPublish>()[0].data[..], b"2031.5");
}

#[tokio::test]
async fn sends_no_call_for_a_value_that_has_no_channel() {
    let fake = testing::Api::new();
    let api = fake.client();
    let errors = [
        api.channel(Chat::of("a:b"))
            .publish(&line("x"))
            .await
            .unwrap_err(),
        api.channel(Chat::of("")).history().all().await.unwrap_err(),
        api.broadcast_to([Chat::of("1"), Chat::of("a/b")], &line("x"))
            .await
            .unwrap_err(),
    ];
    for error in &errors {
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Invalid, Delivery::NotSent)
        );
        assert!(
            error.to_string().contains("of `Chat` does not fit the pattern"),
            "{error}"
        );
    }
    assert!(fake.called().is_empty());
}
