#[centrifugo::channel(
    "chat:{room}",
    presence = "yes",
    history_size = "100",
    history_ttl = "1 day",
    history_meta_ttl = 30,
    force_recovery_mode,
    allowed_delta_types = "fossil",
    history_size = 5,
)]
struct Chat {
    room: u32,
}

fn main() {}
