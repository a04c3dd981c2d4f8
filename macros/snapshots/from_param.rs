#[automatically_derived]
impl ::centrifugo::__private::FromParam for RoomId {
    fn from_param(text: &str) -> ::core::result::Result<Self, ::std::string::String> {
        ::core::result::Result::Ok(Self {
            0: <u64 as ::centrifugo::__private::FromParam>::from_param(text)?,
        })
    }
}
