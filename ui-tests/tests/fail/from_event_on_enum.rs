#[derive(centrifugo::FromEvent)]
enum Caller {
    One,
}

fn main() {
    let _ = Caller::One;
}
