//! The backend of a Centrifugo application.

use centrifugo::{Json, ServeError, reply};

/// Lets everybody in.
#[centrifugo::connect]
async fn connect() -> reply::Connect {
    reply::Connect::anonymous()
}

#[centrifugo::rpc("greet")]
async fn greet(Json(name): Json<String>) -> Json<String> {
    Json(format!("hello {name}"))
}

fn main() -> Result<(), ServeError> {
    centrifugo::serve()
}

#[cfg(test)]
mod tests {
    use centrifugo::BoxError;
    use centrifugo::testing::TestClient;

    #[tokio::test]
    async fn greets() -> Result<(), BoxError> {
        let t = TestClient::builder().build().await?;
        let answer = t.rpc("greet").data("\"ann\"").await;
        assert_eq!(answer.json::<String>()?, "hello ann");
        Ok(())
    }
}
