#[centrifugo::map_publish]
fn cursor() -> centrifugo::reply::MapPublish {
    centrifugo::reply::MapPublish::allow()
}

fn main() {}
