#[centrifugo::channel("{kind}:{id}", presence)]
struct Any {
    kind: String,
    id: u32,
}

fn main() {}
