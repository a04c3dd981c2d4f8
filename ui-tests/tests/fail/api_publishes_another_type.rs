#[derive(serde::Serialize, serde::Deserialize)]
struct Line {
    text: String,
}

#[centrifugo::channel("chat:{room}", publication = Line)]
struct Chat {
    room: u32,
}

async fn publish(api: centrifugo::api::Client) {
    let _ = api.channel(Chat { room: 1 }).publish("no line").await;
}

fn main() {}
