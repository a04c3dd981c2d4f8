//! A method that clients call.

use centrifugo::{Json, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whom to greet.
#[derive(Deserialize, JsonSchema)]
struct Greet {
    /// The name of somebody.
    whom: String,
}

/// A greeting.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Greeting {
    pub text: String,
}

/// Greets somebody on behalf of the user.
#[centrifugo::rpc("greet")]
async fn greet(user: UserId, Json(greet): Json<Greet>) -> Json<Greeting> {
    Json(Greeting {
        text: format!("{user} greets {}", greet.whom),
    })
}
