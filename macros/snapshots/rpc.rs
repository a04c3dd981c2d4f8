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
        kind: ::centrifugo::Kind::Rpc,
        pattern: ::core::option::Option::Some("user/get"),
        name: "get_user",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        docs: "Gets a user.",
        takes: &["Json<GetUser>", "State<Db>"],
        returns: "Result<Json<Profile>, AppError>",
        timeout: ::core::option::Option::None,
        states: &[
            ::centrifugo::StateNeed::all(
                <Json<
                    GetUser,
                > as ::centrifugo::FromEvent<::centrifugo::kind::Rpc>>::STATES,
            ),
            ::centrifugo::StateNeed::all(
                <State<Db> as ::centrifugo::FromEvent<::centrifugo::kind::Rpc>>::STATES,
            ),
        ],
        call: |call| ::centrifugo::__private::answer(
            call,
            |event: ::centrifugo::TypedEvent<::centrifugo::kind::Rpc>| async move {
                let a0 = <Json<
                    GetUser,
                > as ::centrifugo::FromEvent<
                    ::centrifugo::kind::Rpc,
                >>::from_event(&event)
                    .first()?;
                let a1 = <State<
                    Db,
                > as ::centrifugo::FromEvent<
                    ::centrifugo::kind::Rpc,
                >>::from_event(&event)
                    .first()?;
                let a0 = match a0 {
                    ::centrifugo::Extracted::Now(value) => value?,
                    ::centrifugo::Extracted::Later(future) => future.await?,
                };
                let a1 = match a1 {
                    ::centrifugo::Extracted::Now(value) => value?,
                    ::centrifugo::Extracted::Later(future) => future.await?,
                };
                let reply = get_user(a0, a1).await;
                <Result<
                    Json<Profile>,
                    AppError,
                > as ::centrifugo::IntoReply<
                    ::centrifugo::kind::Rpc,
                >>::into_reply(reply, ::centrifugo::__private::client(&event))
            },
        ),
    })
};
