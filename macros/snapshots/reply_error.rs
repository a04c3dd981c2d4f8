#[automatically_derived]
impl ::centrifugo::ReplyError for AppError {
    fn into_error(self) -> ::centrifugo::Error {
        match self {
            ref this @ Self::NoSuchUser { .. } => {
                let _ = this;
                ::centrifugo::Error::custom::<404>("no such user")
            }
            ref this @ Self::Banned { .. } => {
                let _ = this;
                ::centrifugo::Error::disconnect::<4501>("banned")
            }
            this @ Self::Db { .. } => ::centrifugo::Error::internal(this),
            Self::Other { 0: inner } => ::centrifugo::ReplyError::into_error(inner),
        }
    }
}
#[automatically_derived]
impl ::core::convert::From<AppError> for ::centrifugo::Error {
    fn from(error: AppError) -> Self {
        ::centrifugo::ReplyError::into_error(error)
    }
}
