#[derive(centrifugo::ReplyError)]
enum AppError {
    #[reply(error = 404)]
    No,
}

fn main() {
    let _ = AppError::No;
}
