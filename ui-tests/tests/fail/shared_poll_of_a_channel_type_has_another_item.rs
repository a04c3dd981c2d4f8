use centrifugo::reply;

#[centrifugo::channel("prices:{market}", item = u32)]
struct Prices {
    market: String,
}

#[centrifugo::shared_poll_refresh(channel = Prices)]
fn prices() -> reply::SharedPoll<u32> {
    reply::SharedPoll::typed().item("gold", 1, "no number")
}

fn main() {}
