/// Gets a user.
pub async fn get_user(
    Json(q): Json<GetUser>,
    db: State<Db>,
) -> Result<Json<Profile>, AppError> {
    db.get(q.id).await
}
#[allow(deprecated)]
const _: () = {
    ::centrifugo::__private::inventory::submit(::centrifugo::__private::Route {
        kind: ::centrifugo::__private::Kind::Rpc,
        pattern: ::core::option::Option::Some("user/get"),
        channel_type: ::core::option::Option::None,
        name: "get_user",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        docs: "Gets a user.",
        takes: &["Json<GetUser>", "State<Db>"],
        returns: "Result<Json<Profile>, AppError>",
        schemas: ::centrifugo::__private::handler_schemas!(
            [Json < GetUser >, State < Db >, Result < Json < Profile >, AppError >]
        ),
        timeout: ::core::option::Option::None,
        handler: &::centrifugo::__private::AsyncHandler {
            sources: (
                <Json<
                    GetUser,
                > as ::centrifugo::__private::FromEvent<
                    ::centrifugo::__private::markers::Rpc,
                >>::SOURCE,
                <State<
                    Db,
                > as ::centrifugo::__private::FromEvent<
                    ::centrifugo::__private::markers::Rpc,
                >>::SOURCE,
            ),
            function: get_user,
            reply: <Result<
                Json<Profile>,
                AppError,
            > as ::centrifugo::__private::RpcReply>::REPLY,
        },
    })
};
