use centrifugo::Data;

#[centrifugo::subscribe(channel = "a:*")]
fn handler() -> Data {
    Data::default()
}

fn main() {}
