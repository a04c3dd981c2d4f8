#[derive(centrifugo::ReplyError)]
enum AppError {
    #[reply(error = 404, internal)]
    No,
}

fn main() {
    let _ = AppError::No;
}
