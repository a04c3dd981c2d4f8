//! Stream handlers: one-way and two-way, and streams that end, fail, panic, hang or block.

use std::time::Duration;

use centrifugo::extract::Incoming;
use centrifugo::reply::{self, Publication};
use centrifugo::{Error, Json, State, UserId};
use test_support::{NoteOnDrop, note};
use tokio::sync::watch;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::WatchStream;

/// The counter that all `clock:*` streams publish.
struct Clock(watch::Sender<u32>);

#[centrifugo::state]
fn clock() -> Clock {
    Clock(watch::Sender::new(0))
}

#[centrifugo::rpc("tick")]
fn tick(State(clock): State<Clock>) -> Json<usize> {
    clock.0.send_modify(|time| *time += 1);
    Json(clock.0.receiver_count())
}

#[centrifugo::subscribe_stream(channel = "clock:*")]
fn clocks(State(clock): State<Clock>) -> reply::Stream {
    let times = WatchStream::new(clock.0.subscribe()).map(Json);
    reply::Stream::new(reply::Subscribe::allow(), times)
}

/// Publishes the counter, and echoes what the client publishes.
#[centrifugo::subscribe_stream(channel = "two-way-clock:*")]
fn two_way_clocks(State(clock): State<Clock>, incoming: Incoming) -> reply::Stream {
    let times = WatchStream::new(clock.0.subscribe()).map(|time| Publication::json(&time));
    let echoed = incoming.map(|publication| Publication::bytes(publication.data.into_bytes()));
    reply::Stream::new(reply::Subscribe::allow(), times.merge(echoed))
}

#[centrifugo::subscribe_stream(channel = "numbers:{how}")]
fn numbers(how: String, user: UserId) -> Result<reply::Stream, Error> {
    match how.as_str() {
        "refused" => return Err(Error::permission_denied()),
        "banned" => return Err(Error::disconnect::<4501>("banned")),
        "internal" => return Err(Error::internal("a secret of the database")),
        "panic" => panic!("a secret of the code"),
        _ => {}
    }
    let guard = NoteOnDrop::new(format!("dropped {how}"));
    let numbers = tokio_stream::iter(0..3).map(move |number| {
        let _ = &guard;
        match (number, how.as_str()) {
            (2, "fails") => Err(Error::internal("a secret of the database")),
            (2, "panics") => panic!("a secret of the code"),
            _ => Ok(Publication::json(&number).tag("of", "three")),
        }
    });
    Ok(reply::Stream::new(
        reply::Subscribe::allow().data(&*user),
        numbers,
    ))
}

/// Echoes what the client publishes, until the client publishes `"bye"` or closes its side.
#[centrifugo::subscribe_stream(channel = "echo")]
fn echo(incoming: Incoming) -> reply::Stream {
    let guard = NoteOnDrop::new("dropped echo");
    let echoed = incoming
        .take_while(|publication| &*publication.data != br#""bye""#)
        .map(move |publication| {
            let _ = &guard;
            Publication::bytes(publication.data.into_bytes())
        });
    reply::Stream::new(reply::Subscribe::allow(), echoed)
}

#[centrifugo::subscribe_stream(channel = "hangs", timeout = "100ms")]
async fn hangs() -> reply::Stream {
    let _guard = NoteOnDrop::new("dropped hangs");
    std::future::pending().await
}

#[centrifugo::subscribe_stream(channel = "never-yields", timeout = "100ms")]
fn never_yields() -> reply::Stream {
    std::thread::sleep(Duration::from_millis(1500));
    reply::Stream::new(reply::Subscribe::allow(), tokio_stream::empty::<Json<u8>>())
}

/// Blocks its thread for 1.5 s before the second item.
#[centrifugo::subscribe_stream(channel = "blocks")]
fn blocks() -> reply::Stream {
    let numbers = tokio_stream::iter(0..2)
        .throttle(Duration::from_millis(200))
        .map(|number| {
            if number == 1 {
                note("blocking");
                std::thread::sleep(Duration::from_millis(1500));
            }
            Json(number)
        });
    reply::Stream::new(reply::Subscribe::allow(), numbers)
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
