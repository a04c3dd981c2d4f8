//! All that can be wrong at start.

use centrifugo::State;

struct Missing;

#[centrifugo::rpc("twice")]
fn once(_missing: State<Missing>) {}

#[centrifugo::rpc("twice")]
fn twice() {}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
