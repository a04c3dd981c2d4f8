#[centrifugo::rpc("a")]
unsafe fn handler<'a, T>(_text: &'a str, _any: impl Sized) {}

fn main() {}
