use centrifugo::Data;

#[centrifugo::notify_cache_empty(channel = "a:*")]
fn handler() -> Data {
    Data::default()
}

fn main() {}
