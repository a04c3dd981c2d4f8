use centrifugo::Data;

#[centrifugo::notify_channel_state]
fn handler() -> Data {
    Data::default()
}

fn main() {}
