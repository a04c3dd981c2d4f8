fn r#match() {}
#[allow(deprecated)]
const _: () = {
    ::centrifugo::__private::inventory::submit(::centrifugo::__private::Route {
        kind: ::centrifugo::__private::Kind::NotifyChannelState,
        pattern: ::core::option::Option::None,
        channel_type: ::core::option::Option::None,
        name: "match",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        docs: "",
        takes: &[],
        returns: "()",
        schemas: ::centrifugo::__private::handler_schemas!([]),
        timeout: ::core::option::Option::None,
        handler: &::centrifugo::__private::SyncHandler {
            sources: (),
            function: r#match,
            reply: <() as ::centrifugo::__private::NotifyChannelStateReply>::REPLY,
        },
    })
};
