#[centrifugo::rpc("a")]
fn handler(_text: centrifugo::Json<std::borrow::Cow<'_, str>>) {}

fn main() {}
