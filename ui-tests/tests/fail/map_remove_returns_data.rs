use centrifugo::Data;

#[centrifugo::map_remove(channel = "a:*")]
fn handler() -> Data {
    Data::default()
}

fn main() {}
