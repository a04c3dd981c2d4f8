//! Channel types that share a namespace with each other and with a pattern.

use centrifugo::reply;

#[centrifugo::channel("chat:{room}", publication = u32, presence, history_size = 100, history_ttl = "1h")]
struct Chat {
    room: u32,
}

#[centrifugo::channel("chat:{room}/{thread}", presence)]
struct Thread {
    room: u32,
    thread: u32,
}

#[centrifugo::channel("scores:{game}", item = u32, map.mode = "ephemeral", map.key_ttl = "5m", map.default_page_size = 50)]
struct Scores {
    game: u32,
}

#[centrifugo::channel("a:{game}", presence)]
struct Refused {
    game: u32,
}

#[centrifugo::channel("lobby", join_leave)]
struct Lobby;

#[centrifugo::subscribe(channel = Chat)]
fn join(_chat: Chat) -> reply::Subscribe {
    reply::Subscribe::allow()
}

#[centrifugo::subscribe(channel = "chat:*")]
fn others() -> reply::Subscribe {
    reply::Subscribe::allow()
}

#[centrifugo::map_publish(channel = Scores)]
fn score(_scores: Scores, centrifugo::Json(score): centrifugo::Json<u32>) -> reply::MapPublish<u32> {
    reply::MapPublish::typed(&score)
}

#[centrifugo::channel("seats:{row}", subscription_type = "map", map.mode = "ephemeral", map.key_ttl = "5m")]
struct Seats {
    row: u32,
}

#[centrifugo::subscribe(channel = Seats)]
fn watch_seats(seats: Seats) -> reply::Subscribe {
    let _ = seats.row;
    reply::Subscribe::allow()
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
