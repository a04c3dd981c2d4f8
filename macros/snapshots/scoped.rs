async fn member(user: UserId, db: State<Db>) -> Result<Member, AppError> {
    db.member(&user).await
}
#[automatically_derived]
#[allow(deprecated)]
impl<K: ::centrifugo::EventKind> ::centrifugo::MakeScoped<K> for Member
where
    UserId: ::centrifugo::FromEvent<K>,
    State<Db>: ::centrifugo::FromEvent<K>,
{
    const STATES: &'static [::centrifugo::StateNeed] = &[
        ::centrifugo::StateNeed::all(<UserId as ::centrifugo::FromEvent<K>>::STATES),
        ::centrifugo::StateNeed::all(<State<Db> as ::centrifugo::FromEvent<K>>::STATES),
    ];
    fn make(event: &::centrifugo::TypedEvent<K>) -> ::centrifugo::Making<'_, Self> {
        ::std::boxed::Box::pin(async move {
            let a0 = <UserId as ::centrifugo::FromEvent<K>>::from_event(event).first()?;
            let a1 = <State<Db> as ::centrifugo::FromEvent<K>>::from_event(event)
                .first()?;
            let a0 = match a0 {
                ::centrifugo::Extracted::Now(value) => value?,
                ::centrifugo::Extracted::Later(future) => future.await?,
            };
            let a1 = match a1 {
                ::centrifugo::Extracted::Now(value) => value?,
                ::centrifugo::Extracted::Later(future) => future.await?,
            };
            ::centrifugo::__private::scoped_result(member(a0, a1).await)
        })
    }
}
