struct Handlers;

impl Handlers {
    #[centrifugo::rpc("a")]
    fn handler(&self) {}
}

fn main() {}
