use centrifugo::Data;

#[centrifugo::publish(channel = "a:*")]
fn handler() -> Data {
    Data::default()
}

fn main() {}
