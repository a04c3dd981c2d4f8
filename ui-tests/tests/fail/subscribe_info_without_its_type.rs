use centrifugo::reply;

#[derive(serde::Serialize)]
struct Line {
    text: String,
}

#[derive(serde::Serialize)]
struct Role {
    is_moderator: bool,
}

#[centrifugo::subscribe(channel = "chat:*")]
fn join() -> reply::Subscribe<Line, Role> {
    let line = Line { text: String::new() };
    reply::Subscribe::allow().info(&Role { is_moderator: true }).typed(&line)
}

fn main() {}
