use centrifugo::Data;

#[centrifugo::connect]
fn handler() -> Data {
    Data::default()
}

fn main() {}
