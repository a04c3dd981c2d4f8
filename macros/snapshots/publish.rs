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
        states: &[
            ::renamed::StateNeed::all(
                <Scoped<
                    Member,
                > as ::renamed::FromEvent<::renamed::kind::Publish>>::STATES,
            ),
        ],
        call: |call| ::renamed::__private::answer(
            call,
            |event: ::renamed::TypedEvent<::renamed::kind::Publish>| async move {
                let a0 = ::renamed::__private::param::<
                    RoomId,
                    ::renamed::kind::Publish,
                >(&event, 0usize)?;
                let a1 = <Scoped<
                    Member,
                > as ::renamed::FromEvent<::renamed::kind::Publish>>::from_event(&event)
                    .first()?;
                let a1 = match a1 {
                    ::renamed::Extracted::Now(value) => value?,
                    ::renamed::Extracted::Later(future) => future.await?,
                };
                let reply = ::renamed::__private::blocking(move || say(a0, a1)).await?;
                <reply::Publish as ::renamed::IntoReply<
                    ::renamed::kind::Publish,
                >>::into_reply(reply, ::renamed::__private::client(&event))
            },
        ),
    })
};
