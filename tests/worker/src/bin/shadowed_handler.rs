//! A handler that is never called, because another pattern takes precedence for all of its methods.

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
