//! Who may connect.

use centrifugo::{Json, reply};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::AppError;

/// What the page sends when it connects.
#[derive(Deserialize, JsonSchema)]
struct Login {
    /// The name of the user.
    name: String,
}

/// Lets everybody in who has a name. Check a session or a password here.
#[centrifugo::connect]
async fn connect(Json(login): Json<Login>) -> Result<reply::Connect, AppError> {
    let name = login.name.trim();
    if name.is_empty() || name.len() > 40 {
        return Err(AppError::InvalidName);
    }
    Ok(reply::Connect::user(name))
}
