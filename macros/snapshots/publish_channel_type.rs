fn say(chat: Chat, Json(line): Json<Line>) -> reply::Publish<Line> {
    reply::Publish::typed(&line)
}
#[allow(deprecated)]
const _: () = {
    ::centrifugo::__private::inventory::submit(::centrifugo::__private::Route {
        kind: ::centrifugo::__private::Kind::Publish,
        pattern: ::core::option::Option::Some(
            <rooms::Chat as ::centrifugo::__private::ChannelType>::PATTERN,
        ),
        channel_type: ::core::option::Option::Some(
            <rooms::Chat as ::centrifugo::__private::ChannelType>::INFO,
        ),
        name: "say",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        docs: "",
        takes: &["Chat", "Json<Line>"],
        returns: "reply::Publish<Line>",
        schemas: ::centrifugo::__private::handler_schemas!(
            [Chat, Json < Line >, reply::Publish < Line >]
        ),
        timeout: ::core::option::Option::None,
        handler: &::centrifugo::__private::SyncHandler {
            sources: (
                <Chat as ::centrifugo::__private::FromEvent<
                    ::centrifugo::__private::markers::Publish,
                >>::SOURCE,
                <Json<
                    Line,
                > as ::centrifugo::__private::FromEvent<
                    ::centrifugo::__private::markers::Publish,
                >>::SOURCE,
            ),
            function: say,
            reply: <reply::Publish<
                Line,
            > as ::centrifugo::__private::ChannelPublishReply<rooms::Chat>>::REPLY,
        },
    })
};
