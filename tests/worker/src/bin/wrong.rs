//! All that can be wrong at start.

use centrifugo::{State, extract::Invalid};

struct Missing;
struct Shared;

#[centrifugo::rpc("twice")]
fn once(_missing: State<Missing>) {}

#[centrifugo::rpc("twice")]
fn twice() {}

#[centrifugo::invalid]
fn one_reader(_invalid: Invalid) {}

#[centrifugo::invalid]
fn other_reader(_invalid: Invalid) {}

#[centrifugo::state]
fn one_shared() -> Shared {
    Shared
}

#[centrifugo::state]
fn other_shared() -> Shared {
    Shared
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
