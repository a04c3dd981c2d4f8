use centrifugo::Data;

#[centrifugo::subscribe_stream(channel = "a:*")]
fn handler() -> Data {
    Data::default()
}

fn main() {}
