fn say(room: RoomId, member: Scoped<Member>) -> reply::Publish {
    reply::Publish::allow()
}
#[allow(deprecated)]
const _: () = {
    ::renamed::__private::inventory::submit(::renamed::__private::Route {
        kind: ::renamed::__private::Kind::Publish,
        pattern: ::core::option::Option::Some("chat:{room}"),
        channel_type: ::core::option::Option::None,
        name: "say",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        docs: "",
        takes: &["RoomId", "Scoped<Member>"],
        returns: "reply::Publish",
        schemas: ::renamed::__private::handler_schemas!(
            [Scoped < Member >, reply::Publish]
        ),
        timeout: ::core::option::Option::Some(
            ::core::time::Duration::from_millis(900u64),
        ),
        handler: &::renamed::__private::BlockingHandler {
            sources: (
                ::renamed::__private::param(
                    0usize,
                    <RoomId as ::renamed::__private::FromParam>::from_param,
                ),
                <Scoped<
                    Member,
                > as ::renamed::__private::FromEvent<
                    ::renamed::__private::markers::Publish,
                >>::SOURCE,
            ),
            function: say,
            reply: <reply::Publish as ::renamed::__private::PublishReply>::REPLY,
        },
    })
};
