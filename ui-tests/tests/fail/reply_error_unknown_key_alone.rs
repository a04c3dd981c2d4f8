#[derive(centrifugo::ReplyError)]
enum AppError {
    #[reply(eror = 404, message = "no")]
    No,
}

fn main() {
    let _ = AppError::No;
}
