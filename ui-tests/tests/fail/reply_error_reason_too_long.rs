#[derive(centrifugo::ReplyError)]
enum AppError {
    #[reply(disconnect = 4501, reason = "far too long for a reason to leave")]
    No,
}

fn main() {
    let _ = AppError::No;
}
