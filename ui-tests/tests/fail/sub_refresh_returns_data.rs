use centrifugo::Data;

#[centrifugo::sub_refresh(channel = "a:*")]
fn handler() -> Data {
    Data::default()
}

fn main() {}
