use centrifugo::Data;

#[centrifugo::map_publish(channel = "a:*")]
fn handler() -> Data {
    Data::default()
}

fn main() {}
