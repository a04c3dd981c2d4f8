async fn member(user: UserId, db: State<Db>) -> Result<Member, AppError> {
    db.member(&user).await
}
#[automatically_derived]
#[allow(deprecated)]
impl<K: ::centrifugo::__private::EventKind> ::centrifugo::__private::MakeScoped<K>
for Member
where
    UserId: ::centrifugo::__private::FromEvent<K>,
    State<Db>: ::centrifugo::__private::FromEvent<K>,
{
    const STATES: &'static [::centrifugo::__private::StateNeed] = &[
        ::centrifugo::__private::StateNeed::all(
            <UserId as ::centrifugo::__private::FromEvent<K>>::STATES,
        ),
        ::centrifugo::__private::StateNeed::all(
            <State<Db> as ::centrifugo::__private::FromEvent<K>>::STATES,
        ),
    ];
    ::centrifugo::__private::scoped_error!(Result < Member, AppError >);
    fn make(
        event: &::centrifugo::__private::TypedEvent<K>,
    ) -> ::centrifugo::__private::ScopedFuture<'_, Self> {
        ::std::boxed::Box::pin(async move {
            let a0 = <UserId as ::centrifugo::__private::FromEvent<K>>::from_event(event)
                .first()?;
            let a1 = <State<
                Db,
            > as ::centrifugo::__private::FromEvent<K>>::from_event(event)
                .first()?;
            let a0 = match a0 {
                ::centrifugo::__private::Extracted::Now(value) => value?,
                ::centrifugo::__private::Extracted::Later(future) => future.await?,
            };
            let a1 = match a1 {
                ::centrifugo::__private::Extracted::Now(value) => value?,
                ::centrifugo::__private::Extracted::Later(future) => future.await?,
            };
            ::centrifugo::__private::scoped_result(member(a0, a1).await)
        })
    }
}
