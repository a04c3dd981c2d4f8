#[automatically_derived]
impl<T, __K: ::centrifugo::__private::EventKind> ::centrifugo::__private::FromEvent<__K>
for Caller<T>
where
    T: 'static,
    UserId: ::centrifugo::__private::FromEvent<__K> + ::core::marker::Send,
    T: ::centrifugo::__private::FromEvent<__K> + ::core::marker::Send,
{
    const STATES: &'static [::centrifugo::__private::StateNeed] = &[
        ::centrifugo::__private::StateNeed::all(
            <UserId as ::centrifugo::__private::FromEvent<__K>>::STATES,
        ),
        ::centrifugo::__private::StateNeed::all(
            <T as ::centrifugo::__private::FromEvent<__K>>::STATES,
        ),
    ];
    const IN_MEMORY: bool = true
        && <UserId as ::centrifugo::__private::FromEvent<__K>>::IN_MEMORY
        && <T as ::centrifugo::__private::FromEvent<__K>>::IN_MEMORY;
    fn from_event(
        event: &::centrifugo::__private::TypedEvent<__K>,
    ) -> ::centrifugo::__private::Extracted<'_, Self> {
        let a0 = match <UserId as ::centrifugo::__private::FromEvent<
            __K,
        >>::from_event(event)
            .first()
        {
            ::core::result::Result::Ok(value) => value,
            ::core::result::Result::Err(error) => {
                return ::centrifugo::__private::Extracted::Now(
                    ::core::result::Result::Err(error),
                );
            }
        };
        let a1 = match <T as ::centrifugo::__private::FromEvent<__K>>::from_event(event)
            .first()
        {
            ::core::result::Result::Ok(value) => value,
            ::core::result::Result::Err(error) => {
                return ::centrifugo::__private::Extracted::Now(
                    ::core::result::Result::Err(error),
                );
            }
        };
        if true && a0.is_now() && a1.is_now() {
            let build = || ::core::result::Result::Ok(Self {
                user: a0.now()?,
                more: a1.now()?,
            });
            return ::centrifugo::__private::Extracted::Now(build());
        }
        ::centrifugo::__private::Extracted::Later(
            ::std::boxed::Box::pin(async move {
                let a0 = match a0 {
                    ::centrifugo::__private::Extracted::Now(value) => value?,
                    ::centrifugo::__private::Extracted::Later(future) => future.await?,
                };
                let a1 = match a1 {
                    ::centrifugo::__private::Extracted::Now(value) => value?,
                    ::centrifugo::__private::Extracted::Later(future) => future.await?,
                };
                ::core::result::Result::Ok(Self { user: a0, more: a1 })
            }),
        )
    }
}
