struct Profile;

#[centrifugo::rpc("a")]
fn handler() -> centrifugo::Json<Profile> {
    centrifugo::Json(Profile)
}

fn main() {}
