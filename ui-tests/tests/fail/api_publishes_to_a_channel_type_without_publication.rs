#[centrifugo::channel("chat:{room}")]
struct Chat {
    room: u32,
}

async fn publish(api: centrifugo::api::Client) {
    let _ = api.channel(Chat { room: 1 }).publish("text").await;
    let _ = api.broadcast_to([Chat { room: 1 }], "text").await;
}

fn main() {}
