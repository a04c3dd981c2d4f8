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
    ::centrifugo::__private::error_info! {
        ::centrifugo::__private::ErrorInfo { name : "AppError", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), docs :
        "", cases : & [::centrifugo::__private::ErrorCase { name : "NoSuchUser", docs :
        "", answer : ::centrifugo::__private::ErrorAnswer::Error { code : 404, message :
        ::centrifugo::__private::ErrorText::Fixed("no such user"), is_temporary : false }
        }, ::centrifugo::__private::ErrorCase { name : "Banned", docs : "", answer :
        ::centrifugo::__private::ErrorAnswer::Disconnect { code : 4501, reason :
        ::centrifugo::__private::ErrorText::Fixed("banned") } },
        ::centrifugo::__private::ErrorCase { name : "Db", docs : "", answer :
        ::centrifugo::__private::ErrorAnswer::Internal },
        ::centrifugo::__private::ErrorCase { name : "Other", docs : "", answer :
        ::centrifugo::__private::ErrorAnswer::Transparent(< centrifugo::Error as
        ::centrifugo::__private::ReplyError > ::INFO) }] }
    }
}
#[automatically_derived]
impl ::core::convert::From<AppError> for ::centrifugo::__private::Error {
    fn from(error: AppError) -> Self {
        ::centrifugo::__private::ReplyError::into_error(error)
    }
}
::centrifugo::__private::register_error!(AppError);
