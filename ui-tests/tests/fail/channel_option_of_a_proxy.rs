#[centrifugo::channel("chat:{room}", subscribe_proxy_enabled, map.publish_proxy_name = "other", name = "chat")]
struct Chat {
    room: u32,
}

fn main() {}
