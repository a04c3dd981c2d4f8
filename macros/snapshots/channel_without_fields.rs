pub struct Lobby;
#[automatically_derived]
impl ::centrifugo::__private::ChannelType for Lobby {
    const INFO: &'static ::centrifugo::__private::ChannelInfo = &::centrifugo::__private::ChannelInfo {
        name: "Lobby",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        docs: "",
        pattern: "lobby",
        prefix: "lobby",
        fields: &[],
        publication: ::core::option::Option::None,
        item: ::core::option::Option::None,
        types: ::centrifugo::__private::channel_types!([] []),
        options: &[],
    };
    fn to_channel(
        &self,
    ) -> ::core::result::Result<
        ::std::string::String,
        ::centrifugo::__private::ChannelError,
    > {
        ::centrifugo::__private::write_channel(
            <Self as ::centrifugo::__private::ChannelType>::INFO,
            &[],
        )
    }
    fn from_channel(
        channel: &str,
    ) -> ::core::result::Result<Self, ::centrifugo::__private::ChannelError> {
        let found = ::centrifugo::__private::ChannelMatch::new(
            <Self as ::centrifugo::__private::ChannelType>::INFO,
            channel,
        )?;
        let _ = &found;
        ::core::result::Result::Ok(Self {})
    }
}
#[automatically_derived]
impl ::core::fmt::Display for Lobby {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter
            .write_str(
                &<Self as ::centrifugo::__private::ChannelType>::to_channel(self)
                    .unwrap_or_default(),
            )
    }
}
#[automatically_derived]
impl ::core::str::FromStr for Lobby {
    type Err = ::centrifugo::__private::ChannelError;
    fn from_str(channel: &str) -> ::core::result::Result<Self, Self::Err> {
        <Self as ::centrifugo::__private::ChannelType>::from_channel(channel)
    }
}
#[automatically_derived]
impl<K: ::centrifugo::__private::HasChannel> ::centrifugo::__private::FromEvent<K>
for Lobby {
    const IN_MEMORY: bool = true;
    fn from_event(
        event: &::centrifugo::__private::TypedEvent<K>,
    ) -> ::centrifugo::__private::Extracted<'_, Self> {
        ::centrifugo::__private::channel_from_event(event)
    }
}
#[allow(deprecated)]
const _: () = {
    ::centrifugo::__private::inventory::submit(
        ::centrifugo::__private::ChannelDef(
            <Lobby as ::centrifugo::__private::ChannelType>::INFO,
        ),
    )
};
