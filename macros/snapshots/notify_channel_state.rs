fn r#match() {}
#[allow(deprecated)]
const _: () = {
    ::centrifugo::__private::inventory::submit(::centrifugo::__private::Route {
        kind: ::centrifugo::Kind::NotifyChannelState,
        pattern: ::core::option::Option::None,
        name: "match",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        docs: "",
        takes: &[],
        returns: "()",
        timeout: ::core::option::Option::None,
        states: &[],
        call: |call| ::centrifugo::__private::answer(
            call,
            |event: ::centrifugo::TypedEvent<::centrifugo::kind::NotifyChannelState>| async move {
                let reply = r#match();
                <() as ::centrifugo::IntoReply<
                    ::centrifugo::kind::NotifyChannelState,
                >>::into_reply(reply, ::centrifugo::__private::client(&event))
            },
        ),
    })
};
