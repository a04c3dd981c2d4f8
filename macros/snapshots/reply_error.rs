#[automatically_derived]
impl ::centrifugo::__private::ReplyError for AppError {
    fn into_error(self) -> ::centrifugo::__private::Error {
        match self {
            ref this @ Self::NoSuchUser { .. } => {
                let _ = this;
                ::centrifugo::__private::Error::custom::<404>("no such user")
            }
            ref this @ Self::Banned { .. } => {
                let _ = this;
                ::centrifugo::__private::Error::disconnect::<4501>("banned")
            }
            this @ Self::Db { .. } => ::centrifugo::__private::Error::internal(this),
            Self::Other { 0: inner } => {
                ::centrifugo::__private::ReplyError::into_error(inner)
            }
        }
    }
}
#[automatically_derived]
impl ::core::convert::From<AppError> for ::centrifugo::__private::Error {
    fn from(error: AppError) -> Self {
        ::centrifugo::__private::ReplyError::into_error(error)
    }
}
