use centrifugo::Data;

#[centrifugo::refresh]
fn handler() -> Data {
    Data::default()
}

fn main() {}
