fn bye(db: State<Db>) {
    db.close()
}
#[allow(deprecated)]
const _: () = {
    ::centrifugo::__private::inventory::submit(::centrifugo::__private::ShutdownDef {
        name: "bye",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        needs: &[
            ::centrifugo::__private::StateNeed::all(
                <State<Db> as ::centrifugo::__private::FromStates>::STATES,
            ),
        ],
        call: |states| ::std::boxed::Box::pin(async move {
            let a0 = ::centrifugo::__private::from_states::<State<Db>>(&states)?;
            ::centrifugo::__private::shutdown_done(bye(a0));
            ::core::result::Result::Ok(())
        }),
    })
};
