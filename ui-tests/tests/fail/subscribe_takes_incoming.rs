use centrifugo::extract::Incoming;
use centrifugo::reply;

#[centrifugo::subscribe(channel = "a:*")]
fn handler(_taken: Incoming) -> reply::Subscribe {
    reply::Subscribe::allow()
}

fn main() {}
