#[automatically_derived]
impl<T, __K: ::centrifugo::EventKind> ::centrifugo::FromEvent<__K> for Caller<T>
where
    T: 'static,
    UserId: ::centrifugo::FromEvent<__K> + ::core::marker::Send,
    T: ::centrifugo::FromEvent<__K> + ::core::marker::Send,
{
    const STATES: &'static [::centrifugo::StateNeed] = &[
        ::centrifugo::StateNeed::all(<UserId as ::centrifugo::FromEvent<__K>>::STATES),
        ::centrifugo::StateNeed::all(<T as ::centrifugo::FromEvent<__K>>::STATES),
    ];
    const IN_MEMORY: bool = true && <UserId as ::centrifugo::FromEvent<__K>>::IN_MEMORY
        && <T as ::centrifugo::FromEvent<__K>>::IN_MEMORY;
    fn from_event(
        event: &::centrifugo::TypedEvent<__K>,
    ) -> ::centrifugo::Extracted<'_, Self> {
        let a0 = match <UserId as ::centrifugo::FromEvent<__K>>::from_event(event)
            .first()
        {
            ::core::result::Result::Ok(value) => value,
            ::core::result::Result::Err(error) => {
                return ::centrifugo::Extracted::Now(::core::result::Result::Err(error));
            }
        };
        let a1 = match <T as ::centrifugo::FromEvent<__K>>::from_event(event).first() {
            ::core::result::Result::Ok(value) => value,
            ::core::result::Result::Err(error) => {
                return ::centrifugo::Extracted::Now(::core::result::Result::Err(error));
            }
        };
        if true && a0.is_now() && a1.is_now() {
            let build = || ::core::result::Result::Ok(Self {
                user: a0.now()?,
                more: a1.now()?,
            });
            return ::centrifugo::Extracted::Now(build());
        }
        ::centrifugo::Extracted::Later(
            ::std::boxed::Box::pin(async move {
                let a0 = match a0 {
                    ::centrifugo::Extracted::Now(value) => value?,
                    ::centrifugo::Extracted::Later(future) => future.await?,
                };
                let a1 = match a1 {
                    ::centrifugo::Extracted::Now(value) => value?,
                    ::centrifugo::Extracted::Later(future) => future.await?,
                };
                ::core::result::Result::Ok(Self { user: a0, more: a1 })
            }),
        )
    }
}
