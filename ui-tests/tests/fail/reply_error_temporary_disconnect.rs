#[derive(centrifugo::ReplyError)]
enum AppError {
    #[reply(disconnect = 4501, reason = "no", temporary)]
    No,
}

fn main() {
    let _ = AppError::No;
}
