fn say(room: RoomId, member: Scoped<Member>) -> reply::Publish {
    reply::Publish::allow()
}
#[allow(deprecated)]
const _: () = {
    ::renamed::__private::inventory::submit(::renamed::__private::Route {
        kind: ::renamed::Kind::Publish,
        pattern: ::core::option::Option::Some("chat:{room}"),
        name: "say",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        docs: "",
        takes: &["RoomId", "Scoped<Member>"],
        returns: "reply::Publish",
        timeout: ::core::option::Option::Some(
            ::core::time::Duration::from_millis(900u64),
        ),
        handler: &::renamed::__private::Blocking {
            sources: (
                ::renamed::__private::param(
                    0usize,
                    <RoomId as ::renamed::FromParam>::from_param,
                ),
                <Scoped<
                    Member,
                > as ::renamed::FromEvent<::renamed::kind::Publish>>::SOURCE,
            ),
            function: say,
            reply: <reply::Publish as ::renamed::IntoReply<
                ::renamed::kind::Publish,
            >>::REPLY,
        },
    })
};
