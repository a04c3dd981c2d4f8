async fn db(config: State<Config>) -> Result<Db, DbError> {
    Db::open(&config).await
}
#[allow(deprecated)]
const _: () = {
    ::centrifugo::__private::inventory::submit(::centrifugo::__private::StateDef {
        id: || ::core::any::TypeId::of::<Db>(),
        type_name: || ::core::any::type_name::<Db>(),
        name: "db",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        needs: &[
            ::centrifugo::__private::StateNeed::all(
                <State<Config> as ::centrifugo::__private::FromStates>::STATES,
            ),
        ],
        build: |states| ::std::boxed::Box::pin(async move {
            let a0 = ::centrifugo::__private::from_states::<State<Config>>(&states)?;
            ::centrifugo::__private::state_result(db(a0).await)
        }),
    })
};
