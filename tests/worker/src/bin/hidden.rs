//! A handler that is never called: another one answers for all that it would.

use centrifugo::Json;

#[centrifugo::rpc("*/get")]
fn hidden() -> Json<&'static str> {
    Json("hidden")
}

#[centrifugo::rpc("{path*}/get")]
fn wins(path: String) -> Json<String> {
    Json(path)
}

fn main() -> Result<(), centrifugo::ServeError> {
    centrifugo::serve()
}
