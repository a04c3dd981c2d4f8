#[derive(centrifugo::ReplyError)]
enum AppError {
    #[reply(error = 2000, message = "no")]
    No,
}

fn main() {
    let _ = AppError::No;
}
