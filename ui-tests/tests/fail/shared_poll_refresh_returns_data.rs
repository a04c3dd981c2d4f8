use centrifugo::Data;

#[centrifugo::shared_poll_refresh(channel = "a:*")]
fn handler() -> Data {
    Data::default()
}

fn main() {}
