//! Two states that need each other, one that needs none, and one that none needs.

use centrifugo::State;

struct Alone;
struct Chicken;
struct Egg;
struct Missing;
struct Omelette;

#[centrifugo::state]
fn alone() -> Alone {
    Alone
}

#[centrifugo::state]
fn chicken(_alone: State<Alone>, _egg: State<Egg>) -> Chicken {
    Chicken
}

#[centrifugo::state]
fn egg(_chicken: State<Chicken>) -> Egg {
    Egg
}

#[centrifugo::state]
fn omelette(_egg: State<Egg>) -> Omelette {
    Omelette
}

#[centrifugo::rpc("only")]
fn only(_missing: State<Missing>) {}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
