//! Channel types and handlers that contradict each other.

use centrifugo::reply;

#[centrifugo::channel("chat:{room}", presence, history_size = 100)]
struct Chat {
    room: u32,
}

#[centrifugo::channel("chat:{room}/{thread}", presence, history_size = 50)]
struct Thread {
    room: u32,
    thread: u32,
}

#[centrifugo::channel("news:{topic}", publication = u32)]
struct News {
    topic: String,
}

#[centrifugo::channel("news:{name}", publication = String)]
struct SameNews {
    name: String,
}

#[centrifugo::channel("prices:{market}", item = u32, subscription_type = "map")]
struct Prices {
    market: String,
}

#[centrifugo::subscribe(channel = Chat)]
fn join(_chat: Chat) -> reply::Subscribe {
    reply::Subscribe::allow()
}

#[centrifugo::shared_poll_refresh(channel = Prices)]
fn prices(_prices: Prices) -> reply::SharedPoll<u32> {
    reply::SharedPoll::typed()
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
