//! The errors of handlers, and what clients see of them.

/// The page shows the text in `#[error]`. The texts of internal errors are only in the log.
#[derive(Debug, thiserror::Error, centrifugo::ReplyError)]
pub enum ChatError {
    #[error("a name has 2 to 20 letters, digits, - or _")]
    #[reply(error = 422)]
    BadName,
    #[error("this name is taken")]
    #[reply(error = 409)]
    NameTaken,
    #[error("a secret has 16 to 128 characters")]
    #[reply(error = 423)]
    BadSecret,
    #[error("log in again")]
    #[reply(disconnect = 4001)]
    LoginAgain,
    #[error("you are banned")]
    #[reply(disconnect = 4503)]
    Banned,

    #[error("the room is full")]
    #[reply(error = 1001)]
    Full,
    #[error("this is not the password")]
    #[reply(error = 1002)]
    WrongPassword,
    #[error("this room is for moderators")]
    #[reply(error = 1003)]
    ModeratorsOnly,
    #[error("you are not in this room")]
    #[reply(error = 1004)]
    NotInRoom,
    #[error("a moderator expelled you from this room")]
    #[reply(error = 1005)]
    Expelled,

    #[error("there is nothing in this message")]
    #[reply(error = 1010)]
    Empty,
    #[error("a message has at most 500 characters")]
    #[reply(error = 1011)]
    TooLong,

    #[error("this server can't link devices")]
    #[reply(error = 1020)]
    NoTokens,

    #[error("only moderators may do this")]
    #[reply(error = 403)]
    NotModerator,
    #[error("there is nobody of this name, or it is a moderator")]
    #[reply(error = 404)]
    NoSuchUser,

    #[error("the database")]
    #[reply(internal)]
    Store(#[from] crate::store::StoreError),
    #[error("the token")]
    #[reply(internal)]
    Token(#[from] centrifugo::token::TokenError),
    #[error("the server API")]
    #[reply(internal)]
    Api(#[from] centrifugo::api::Error),
}
