use centrifugo::reply;

#[derive(serde::Serialize)]
struct Welcome {
    unread: u32,
}

#[centrifugo::subscribe_stream(channel = "ticks")]
fn ticks() -> reply::Stream {
    let answer = reply::Subscribe::allow().typed(&Welcome { unread: 2 });
    reply::Stream::new(answer, tokio_stream::iter([centrifugo::Json(1)]))
}

fn main() {}
