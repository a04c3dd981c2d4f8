//! What a derived error gives the client.

use std::error::Error as _;

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
    #[error("no such file")]
    #[reply(error = 405)]
    File { source: std::io::Error },
    #[error("database")]
    #[reply(internal)]
    Db(#[from] std::io::Error),
    #[error(transparent)]
    #[reply(transparent)]
    Other(#[from] Error),
    // As thiserror takes it too.
    #[error("no room")]
    #[reply(error = 407)]
    Room { source: Option<std::fmt::Error> },
    #[error("braces {{}}")]
    #[reply(error = 1003)]
    Named { field: u8 },
}

fn io() -> std::io::Error {
    std::io::Error::other("a secret")
}

fn file() -> AppError {
    AppError::File { source: io() }
}

#[test]
fn each_variant() {
    for (error, text, temporary) in [
        (AppError::NoSuchUser, "error 404: no such user", false),
        (AppError::Busy, "error 1001: slow down", true),
        (AppError::Full(7), "error 1002: room 7 is full", false),
        (AppError::Banned, "disconnect 4501: you are banned", false),
        (AppError::Later(io()), "disconnect 4000: later", false),
        (file(), "error 405: no such file", false),
        (AppError::Db(io()), "internal error", true),
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
fn what_has_a_source_shows_it_to_the_log() {
    for (error, text) in [
        // Another text than the client's stands before the source.
        (
            AppError::Later(io()),
            "Error(disconnect 4000: later: database a secret)",
        ),
        (file(), "Error(error 405: no such file: a secret)"),
        (AppError::Db(io()), "Error(internal error: database: a secret)"),
        (
            AppError::Other(Error::permission_denied().with_source("not a member")),
            "Error(error 103: permission denied: not a member)",
        ),
        (AppError::Room { source: None }, "Error(error 407: no room)"),
        (AppError::Busy, "Error(error 1001: slow down)"),
    ] {
        assert_eq!(format!("{:?}", Error::from(error)), text);
    }
}

#[test]
fn the_source_is_what_was_returned() {
    for error in [file(), AppError::Later(io()), AppError::Db(io())] {
        let text = error.to_string();
        let error = Error::from(error);
        let source = error
            .source()
            .and_then(|source| source.downcast_ref::<AppError>());
        assert_eq!(source.map(ToString::to_string), Some(text));
    }
}

/// A field that is called `source`, but no error: without thiserror it is a field as any other.
#[derive(ReplyError)]
#[reply(error = 406, message = "another source")]
struct Plain {
    source: u8,
}

#[test]
fn without_thiserror_no_field_is_a_source() {
    let plain = Plain { source: 1 };
    assert_eq!(plain.source, 1);
    assert_eq!(
        format!("{:?}", plain.into_error()),
        "Error(error 406: another source)"
    );
}

#[test]
fn a_long_reason_is_clipped() {
    let error = Error::disconnect::<4001>("0123456789012345678901234567890123456789 ü");
    assert_eq!(
        error.to_string(),
        "disconnect 4001: 01234567890123456789012345678901"
    );
}
