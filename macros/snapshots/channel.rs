/// A room of the chat.
struct Chat {
    rest: String,
    room: RoomId,
}
#[automatically_derived]
impl ::centrifugo::__private::ChannelType for Chat {
    const INFO: &'static ::centrifugo::__private::ChannelInfo = &::centrifugo::__private::ChannelInfo {
        name: "Chat",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        docs: "A room of the chat.",
        pattern: "chat:{room}/{rest*}.x",
        prefix: "chat:",
        fields: &[
            ::centrifugo::__private::ChannelField {
                name: "room",
                type_name: "RoomId",
                is_rest: false,
                after: "/",
            },
            ::centrifugo::__private::ChannelField {
                name: "rest",
                type_name: "String",
                is_rest: true,
                after: ".x",
            },
        ],
        publication: ::core::option::Option::Some("Line"),
        item: ::core::option::Option::Some("Score"),
        types: ::centrifugo::__private::channel_types!([Line] [Score]),
        options: &[
            ::centrifugo::__private::ChannelOption {
                name: "presence",
                value: ::centrifugo::__private::OptionValue::Bool(true),
            },
            ::centrifugo::__private::ChannelOption {
                name: "join_leave",
                value: ::centrifugo::__private::OptionValue::Bool(false),
            },
            ::centrifugo::__private::ChannelOption {
                name: "history_size",
                value: ::centrifugo::__private::OptionValue::Int(100i64),
            },
            ::centrifugo::__private::ChannelOption {
                name: "history_ttl",
                value: ::centrifugo::__private::OptionValue::Text("1h"),
            },
            ::centrifugo::__private::ChannelOption {
                name: "allowed_delta_types",
                value: ::centrifugo::__private::OptionValue::List(&["fossil"]),
            },
            ::centrifugo::__private::ChannelOption {
                name: "map.mode",
                value: ::centrifugo::__private::OptionValue::Text("ephemeral"),
            },
        ],
    };
    fn to_channel(
        &self,
    ) -> ::core::result::Result<
        ::std::string::String,
        ::centrifugo::__private::ChannelError,
    > {
        ::centrifugo::__private::write_channel(
            <Self as ::centrifugo::__private::ChannelType>::INFO,
            &[
                &self.room as &dyn ::core::fmt::Display,
                &self.rest as &dyn ::core::fmt::Display,
            ],
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
        ::core::result::Result::Ok(Self {
            room: found
                .field(
                    0usize,
                    <RoomId as ::centrifugo::__private::FromParam>::from_param,
                )?,
            rest: found
                .field(
                    1usize,
                    <String as ::centrifugo::__private::FromParam>::from_param,
                )?,
        })
    }
}
#[automatically_derived]
impl ::core::fmt::Display for Chat {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter
            .write_str(
                &<Self as ::centrifugo::__private::ChannelType>::to_channel(self)
                    .unwrap_or_default(),
            )
    }
}
#[automatically_derived]
impl ::core::str::FromStr for Chat {
    type Err = ::centrifugo::__private::ChannelError;
    fn from_str(channel: &str) -> ::core::result::Result<Self, Self::Err> {
        <Self as ::centrifugo::__private::ChannelType>::from_channel(channel)
    }
}
#[automatically_derived]
impl<K: ::centrifugo::__private::HasChannel> ::centrifugo::__private::FromEvent<K>
for Chat {
    const IN_MEMORY: bool = true;
    fn from_event(
        event: &::centrifugo::__private::TypedEvent<K>,
    ) -> ::centrifugo::__private::Extracted<'_, Self> {
        ::centrifugo::__private::channel_from_event(event)
    }
}
#[automatically_derived]
impl ::centrifugo::__private::HasPublication for Chat {
    type Publication = Line;
}
#[automatically_derived]
impl ::centrifugo::__private::HasItem for Chat {
    type Item = Score;
}
#[allow(deprecated)]
const _: () = {
    ::centrifugo::__private::inventory::submit(
        ::centrifugo::__private::ChannelDef(
            <Chat as ::centrifugo::__private::ChannelType>::INFO,
        ),
    )
};
