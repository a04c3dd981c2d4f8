#[derive(centrifugo::ReplyError)]
enum AppError {
    #[reply(error = 404, message = "no", temprary)]
    No,
}

fn main() {
    let _ = AppError::No;
}
