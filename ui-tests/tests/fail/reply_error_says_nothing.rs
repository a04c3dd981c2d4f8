#[derive(centrifugo::ReplyError)]
enum AppError {
    No,
}

fn main() {
    let _ = AppError::No;
}
