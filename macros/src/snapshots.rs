//! Compares expansions with the files in `snapshots`. `BLESS=1 cargo test -p centrifugo-macros` updates the files.

use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use crate::kind::Kind;
use crate::{channel, from_event, from_param, invalid, reply_error, route, scoped, shutdown, state};

/// Replaces `submit!` by a function call, because the formatter does not format the tokens inside a macro.
fn readable(expansion: TokenStream) -> TokenStream {
    let mut shown: Vec<TokenTree> = Vec::new();
    for token in expansion {
        let after_submit = matches!(
            shown.as_slice(),
            [.., TokenTree::Ident(name), TokenTree::Punct(bang)] if name == "submit" && bang.as_char() == '!'
        );
        let TokenTree::Group(group) = token else {
            shown.push(token);
            continue;
        };
        let mut delimiter = group.delimiter();
        if after_submit {
            shown.pop();
            delimiter = Delimiter::Parenthesis;
        }
        shown.push(Group::new(delimiter, readable(group.stream())).into());
    }
    shown.into_iter().collect()
}

#[track_caller]
fn check(name: &str, expansion: TokenStream) {
    let file = syn::parse2(readable(expansion)).unwrap();
    let fresh = prettyplease::unparse(&file);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("snapshots/{name}.rs"));
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &fresh).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        fresh == kept,
        "snapshots/{name}.rs differs from the expansion: \
         run `BLESS=1 cargo test -p centrifugo-macros` and read the difference\n{fresh}"
    );
}

#[test]
fn expands_handlers() {
    check(
        "rpc",
        route::attribute(
            Kind::Rpc,
            quote! { "user/get" },
            quote! {
                /// Gets a user.
                pub async fn get_user(Json(q): Json<GetUser>, db: State<Db>) -> Result<Json<Profile>, AppError> {
                    db.get(q.id).await
                }
            },
        ),
    );
    check(
        "publish",
        route::attribute(
            Kind::Publish,
            quote! { channel = "chat:{room}", timeout = "900ms", blocking, crate = ::renamed },
            quote! { fn say(room: RoomId, member: Scoped<Member>) -> reply::Publish { reply::Publish::allow() } },
        ),
    );
    check(
        "publish_channel_type",
        route::attribute(
            Kind::Publish,
            quote! { channel = rooms::Chat },
            quote! { fn say(chat: Chat, Json(line): Json<Line>) -> reply::Publish<Line> { reply::Publish::typed(&line) } },
        ),
    );
    check(
        "layered",
        route::attribute(
            Kind::Rpc,
            quote! { "ping", layer = crate::auth::only_staff },
            quote! { fn ping() {} },
        ),
    );
    check(
        "notify_channel_state",
        route::attribute(Kind::NotifyChannelState, quote! {}, quote! { fn r#match() {} }),
    );
}

#[test]
fn expands_attributes_without_an_event() {
    check(
        "state",
        state::attribute(
            quote! {},
            quote! { async fn db(config: State<Config>) -> Result<Db, DbError> { Db::open(&config).await } },
        ),
    );
    check(
        "scoped",
        scoped::attribute(
            quote! {},
            quote! { async fn member(user: UserId, db: State<Db>) -> Result<Member, AppError> { db.member(&user).await } },
        ),
    );
    check(
        "shutdown",
        shutdown::attribute(quote! {}, quote! { fn bye(db: State<Db>) { db.close() } }),
    );
    check(
        "invalid",
        invalid::attribute(quote! {}, quote! { fn odd(invalid: Invalid) { drop(invalid) } }),
    );
}

#[test]
fn expands_channel_types() {
    check(
        "channel",
        channel::attribute(
            quote! {
                "chat:{room}/{rest*}.x", publication = Line, item = Score, presence, join_leave = false, history_size = 100,
                history_ttl = "1h", allowed_delta_types = ["fossil"], map.mode = "ephemeral"
            },
            quote! {
                /// A room of the chat.
                struct Chat { rest: String, room: RoomId }
            },
        ),
    );
    check(
        "channel_without_fields",
        channel::attribute(quote! { "lobby" }, quote! { pub struct Lobby; }),
    );
}

#[test]
fn expands_derives() {
    check(
        "reply_error",
        reply_error::derive(quote! {
            enum AppError {
                #[error("no such user")]
                #[reply(error = 404)]
                NoSuchUser,
                #[reply(disconnect = 4501, reason = "banned")]
                Banned { until: u64 },
                #[reply(internal)]
                Db(DbError),
                #[reply(transparent)]
                Other(centrifugo::Error),
            }
        }),
    );
    check(
        "from_event",
        from_event::derive(quote! { struct Caller<T> { user: UserId, more: T } }),
    );
    check("from_param", from_param::derive(quote! { struct RoomId(u64); }));
}

#[test]
fn keeps_the_item_and_registers_nothing_on_errors() {
    let item = quote! { fn handler(self, #[cfg(any())] a: &str) { half written };; };
    let expansion = route::attribute(Kind::Rpc, quote! { "a", timeuot = "1s" }, item.clone()).to_string();
    assert!(expansion.starts_with(&item.to_string()), "{expansion}");
    assert!(!expansion.contains("inventory"), "{expansion}");
    assert_eq!(expansion.matches("compile_error").count(), 4, "{expansion}");
}

#[test]
fn keeps_an_item_that_does_not_parse() {
    for item in [
        quote! { fn handler(a: ) {} },
        quote! { async fn },
        quote! { fn handler(a: Json<u32>) -> },
    ] {
        let expansion = route::attribute(Kind::Rpc, quote! { "a" }, item.clone()).to_string();
        assert!(expansion.starts_with(&item.to_string()), "{expansion}");
        assert_eq!(expansion.matches("compile_error").count(), 1, "{expansion}");
    }
}
