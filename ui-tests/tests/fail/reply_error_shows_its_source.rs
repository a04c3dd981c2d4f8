#[derive(Debug, thiserror::Error, centrifugo::ReplyError)]
enum AppError {
    #[error("no: {0}")]
    #[reply(error = 404)]
    No(#[from] std::io::Error),
}

fn main() {}
