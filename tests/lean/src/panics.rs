//! A program that `tests/worker` builds with `panic = "abort"`.

use centrifugo::{Json, ServeError};

#[centrifugo::rpc("sum")]
fn sum(Json(numbers): Json<Vec<i64>>) -> Json<i64> {
    Json(numbers.iter().sum())
}

#[centrifugo::rpc("panic")]
async fn panic() {
    panic!("at the handler");
}

fn main() -> Result<(), ServeError> {
    centrifugo::serve()
}
