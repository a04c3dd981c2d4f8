#[derive(centrifugo::ReplyError)]
#[reply(error = 404)]
enum AppError {
    #[reply(error = 405, message = "no")]
    No,
}

fn main() {
    let _ = AppError::No;
}
