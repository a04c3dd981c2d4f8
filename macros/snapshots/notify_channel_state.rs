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
        handler: &::centrifugo::__private::Plain {
            sources: (),
            function: r#match,
            reply: <() as ::centrifugo::IntoReply<
                ::centrifugo::kind::NotifyChannelState,
            >>::REPLY,
        },
    })
};
