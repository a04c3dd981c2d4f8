#[derive(centrifugo::ReplyError)]
enum AppError {
    #[reply(disconnect = 4501, reason = "schön war es")]
    No,
}

fn main() {
    let _ = AppError::No;
}
