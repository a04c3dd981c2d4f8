//! The backend for what RoadRunner does not deliver: streams, maps and shared polls.

use std::fs::File;
use std::io::Write as _;
use std::time::{Duration, Instant};

use centrifugo::extract::{Incoming, MapKey};
use centrifugo::proto::proxy::SharedPollRefreshRequest;
use centrifugo::reply::{self, Publication};
use centrifugo::{Data, Error, Json, UserId};
use serde_json::{Value, json};
use tokio_stream::StreamExt as _;

/// Appends to the file that the test named.
fn note(line: &str) {
    if let Some(path) = std::env::var_os("NOTES")
        && let Ok(mut file) = File::options().append(true).create(true).open(path)
    {
        let _ = file.write_all(format!("{line}\n").as_bytes());
    }
}

struct Noted(String);

impl Drop for Noted {
    fn drop(&mut self) {
        note(&self.0);
    }
}

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

/// One way: numbers, and then what the channel says.
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
    let noted = Noted(format!("dropped {how}"));
    let numbers = tokio_stream::iter(0u32..)
        .throttle(Duration::from_millis(20))
        .map(move |number| match (number, noted.0.as_str()) {
            (3.., "dropped ends") => None,
            (3.., "dropped fails") => Some(Err(Error::internal("a secret of the clock"))),
            (3.., "dropped panics") => panic!("a secret of the code"),
            (3.., "dropped as-it-is") => None,
            (0, "dropped as-it-is") => Some(Ok(Publication::bytes("1152921504606846976"))),
            (1, "dropped as-it-is") => Some(Ok(Publication::bytes("{}"))),
            (2, "dropped as-it-is") => Some(Ok(Publication::bytes("1.0"))),
            _ => Some(Ok(Publication::json(&number).tag("by", "clock"))),
        });
    let until_none = numbers.take_while(Option::is_some).filter_map(|number| number);
    Ok(reply::Stream::new(
        reply::Subscribe::allow().data(&*user),
        until_none,
    ))
}

/// Both ways: what a client publishes comes back with a number, until it says «bye».
/// Always ready; each item costs so many microseconds.
#[centrifugo::subscribe_stream(channel = "spins:{microseconds}")]
fn spins(microseconds: u64) -> reply::Stream {
    let noted = Noted("dropped spins".into());
    let numbers = tokio_stream::iter(0u64..).map(move |number| {
        let _ = &noted;
        let end = Instant::now() + Duration::from_micros(microseconds);
        while Instant::now() < end {
            std::hint::spin_loop();
        }
        Json(number)
    });
    reply::Stream::new(reply::Subscribe::allow(), numbers)
}

#[centrifugo::subscribe_stream(channel = "talk:{room}")]
fn talk(room: String, incoming: Incoming) -> reply::Stream {
    let noted = Noted(format!("dropped {room}"));
    let mut number = 0;
    let answers = incoming
        .map(move |publication| {
            let _ = &noted;
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

#[centrifugo::subscribe(channel = "prices:*")]
fn watch_prices() -> reply::Subscribe {
    reply::Subscribe::allow()
}

/// Fails for a channel «down» until the file `up` is there.
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
