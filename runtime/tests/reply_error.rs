//! What a derived error gives the client.

use centrifugo::{Error, ReplyError};

#[derive(Debug, thiserror::Error, ReplyError)]
enum AppError {
    #[error("no such user")]
    #[reply(error = 404)]
    NoSuchUser,
    #[error("slow down")]
    #[reply(error = 1001, temporary)]
    Busy,
    #[error("room {0} is full")]
    #[reply(error = 1002)]
    Full(u32),
    #[error("you are banned")]
    #[reply(disconnect = 4501)]
    Banned,
    #[error("database {0}")]
    #[reply(disconnect = 4000, reason = "later")]
    Later(#[source] std::io::Error),
    #[error("database")]
    #[reply(internal)]
    Db(#[from] std::io::Error),
    #[error(transparent)]
    #[reply(transparent)]
    Other(#[from] Error),
    #[error("braces {{}}")]
    #[reply(error = 1003)]
    Named { field: u8 },
}

#[test]
fn each_variant() {
    let io = || std::io::Error::other("a secret");
    for (error, text, temporary) in [
        (AppError::NoSuchUser, "error 404: no such user", false),
        (AppError::Busy, "error 1001: slow down", true),
        (AppError::Full(7), "error 1002: room 7 is full", false),
        (AppError::Banned, "disconnect 4501: you are banned", false),
        (AppError::Later(io()), "disconnect 4000: later", false),
        (AppError::Db(io()), "internal error: database: a secret", true),
        (
            AppError::Other(Error::permission_denied()),
            "error 103: permission denied",
            false,
        ),
        (AppError::Named { field: 1 }, "error 1003: braces {}", false),
    ] {
        let error = Error::from(error);
        assert_eq!(
            (error.to_string().as_str(), error.is_temporary()),
            (text, temporary)
        );
    }
}

#[test]
fn a_long_reason_is_clipped() {
    let error = Error::disconnect::<4001>("0123456789012345678901234567890123456789 ü");
    assert_eq!(
        error.to_string(),
        "disconnect 4001: 01234567890123456789012345678901"
    );
}
