fn odd(invalid: Invalid) {
    drop(invalid)
}
#[allow(deprecated)]
const _: () = {
    ::centrifugo::__private::inventory::submit(::centrifugo::__private::InvalidDef {
        name: "odd",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        needs: &[
            ::centrifugo::__private::StateNeed::all(
                <Invalid as ::centrifugo::__private::FromInvalid>::STATES,
            ),
        ],
        call: |invalid, states| ::std::boxed::Box::pin(async move {
            let a0 = ::centrifugo::__private::from_invalid::<
                Invalid,
            >(&invalid, &states)?;
            odd(a0);
            ::core::result::Result::Ok(())
        }),
    })
};
