fn ping() {}
#[allow(deprecated)]
const _: () = {
    ::centrifugo::__private::inventory::submit(::centrifugo::__private::Route {
        kind: ::centrifugo::__private::Kind::Rpc,
        pattern: ::core::option::Option::Some("ping"),
        channel_type: ::core::option::Option::None,
        name: "ping",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        docs: "",
        takes: &[],
        returns: "()",
        schemas: ::centrifugo::__private::handler_schemas!([]),
        timeout: ::core::option::Option::None,
        handler: &::centrifugo::__private::LayeredHandler::new(
            &::centrifugo::__private::SyncHandler {
                sources: (),
                function: ping,
                reply: <() as ::centrifugo::__private::RpcReply>::REPLY,
            },
            crate::auth::only_staff,
            "crate::auth::only_staff",
        ),
    })
};
