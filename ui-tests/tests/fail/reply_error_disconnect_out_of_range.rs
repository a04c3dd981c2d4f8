#[derive(centrifugo::ReplyError)]
enum AppError {
    #[reply(disconnect = 5000, message = "no")]
    No,
}

fn main() {
    let _ = AppError::No;
}
