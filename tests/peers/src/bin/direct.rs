//! A backend with the handlers that RoadRunner does not deliver events to: streams, maps and shared polls.

use std::time::{Duration, Instant};

use centrifugo::extract::{Incoming, MapKey};
use centrifugo::proto::proxy::SharedPollRefreshRequest;
use centrifugo::reply::{self, Publication};
use centrifugo::{Data, Error, Json, UserId};
use serde_json::{Value, json};
use test_support::{NoteOnDrop, note};
use tokio_stream::StreamExt as _;

#[derive(serde::Deserialize)]
struct Login {
    user: String,
}

#[centrifugo::connect]
fn connect(Json(login): Json<Login>) -> reply::Connect {
    reply::Connect::user(login.user)
}

#[centrifugo::rpc("pid")]
fn pid() -> Json<u32> {
    Json(std::process::id())
}

/// Publishes numbers and then ends as the channel says.
#[centrifugo::subscribe_stream(channel = "ticks:{how}")]
fn ticks(how: String, user: UserId) -> Result<reply::Stream, Error> {
    match how.as_str() {
        "secret" => return Err(Error::permission_denied()),
        "banned" => return Err(Error::disconnect::<4505>("no ticks")),
        "internal" => return Err(Error::internal("a secret of the clock")),
        "panic" => panic!("a secret of the code"),
        _ => {}
    }
    note(&format!("opened {how}"));
    let guard = NoteOnDrop::new(format!("dropped {how}"));
    let numbers = tokio_stream::iter(0u32..)
        .throttle(Duration::from_millis(20))
        .map(move |number| {
            let _ = &guard;
            match (number, how.as_str()) {
                (3.., "ends") => None,
                (3.., "fails") => Some(Err(Error::internal("a secret of the clock"))),
                (3.., "panics") => panic!("a secret of the code"),
                (3.., "as-it-is") => None,
                (0, "as-it-is") => Some(Ok(Publication::bytes("1152921504606846976"))),
                (1, "as-it-is") => Some(Ok(Publication::bytes("{}"))),
                (2, "as-it-is") => Some(Ok(Publication::bytes("1.0"))),
                _ => Some(Ok(Publication::json(&number).tag("by", "clock"))),
            }
        });
    let until_none = numbers.take_while(Option::is_some).filter_map(|number| number);
    Ok(reply::Stream::new(
        reply::Subscribe::allow().data(&*user),
        until_none,
    ))
}

/// A stream that is always ready and spends the given number of microseconds on each item.
#[centrifugo::subscribe_stream(channel = "spins:{microseconds}")]
fn spins(microseconds: u64) -> reply::Stream {
    let guard = NoteOnDrop::new("dropped spins");
    let numbers = tokio_stream::iter(0u64..).map(move |number| {
        let _ = &guard;
        let end = Instant::now() + Duration::from_micros(microseconds);
        while Instant::now() < end {
            std::hint::spin_loop();
        }
        Json(number)
    });
    reply::Stream::new(reply::Subscribe::allow(), numbers)
}

/// Echoes each publication with a number, until the client publishes `"bye"`.
#[centrifugo::subscribe_stream(channel = "talk:{room}")]
fn talk(room: String, incoming: Incoming) -> reply::Stream {
    let guard = NoteOnDrop::new(format!("dropped {room}"));
    let mut number = 0;
    let answers = incoming
        .map(move |publication| {
            let _ = &guard;
            number += 1;
            let said: Value = publication.json()?;
            match said.as_str() {
                Some("bye") => Ok::<_, Error>(None),
                Some("fail") => Err(Error::internal("a secret of the room")),
                _ => Ok(Some(Publication::json(&json!([number, said])))),
            }
        })
        .take_while(|answer| !matches!(answer, Ok(None)))
        .filter_map(Result::transpose);
    reply::Stream::new(reply::Subscribe::allow(), answers)
}

#[centrifugo::map_publish(channel = "slots:{board}")]
fn take(board: String, user: UserId, key: MapKey, data: Data) -> Result<reply::MapPublish, Error> {
    note(&format!("take {board} {} {}", &*key, &*user));
    match &*key {
        "secret" => Err(Error::permission_denied()),
        "banned" => Err(Error::disconnect::<4506>("no slots")),
        "internal" => Err(Error::internal("a secret of the board")),
        "named" => Ok(reply::MapPublish::allow()
            .key(&*user)
            .data(&json!({ "by": &*user }))
            .tag("board", board)),
        "once" => Ok(reply::MapPublish::allow().only_new()),
        _ => Ok(reply::MapPublish::allow().data_of(data)),
    }
}

#[centrifugo::map_remove(channel = "slots:*")]
fn leave(key: MapKey) -> Result<reply::MapRemove, Error> {
    match &*key {
        "kept" => Err(Error::permission_denied()),
        _ => Ok(reply::MapRemove::allow().tag("gone", "yes")),
    }
}

#[centrifugo::subscribe(channel = "seats:*")]
fn watch_seats() -> reply::Subscribe {
    reply::Subscribe::allow()
}

#[centrifugo::subscribe(channel = "prices:*")]
fn watch_prices() -> reply::Subscribe {
    reply::Subscribe::allow()
}

/// Fails for the channel `prices:down` until the file `up` exists.
#[centrifugo::shared_poll_refresh(channel = "prices:{market}")]
fn prices(market: String, request: SharedPollRefreshRequest) -> Result<reply::SharedPoll, Error> {
    if market == "down" && !std::path::Path::new("up").exists() {
        note("poll failed");
        return Err(Error::internal("a secret of the exchange"));
    }
    let gone = std::path::Path::new("gone").exists();
    Ok(request
        .items
        .iter()
        .fold(reply::SharedPoll::new(), |reply, item| match item.key.as_str() {
            "gold" => reply.item("gold", 0, &json!({ "price": 1u64 << 60, "market": market })),
            "tin" if gone => reply.removed("tin"),
            "tin" => reply.item("tin", 0, &1),
            _ => reply,
        }))
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
