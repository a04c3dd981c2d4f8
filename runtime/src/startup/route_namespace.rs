//! The namespace of a handler's channels or methods.

use crate::channel::Namespace;
use crate::event::Kind;
use crate::handler::Route;
use crate::routing::Pattern;

/// The first character of private channels.
const PRIVATE_PREFIX: char = '$';
/// The character before the users of a user-limited channel.
const USER_BOUNDARY: u8 = b'#';

/// Returns the namespace of a handler, or `None` if its kind has neither a channel nor a method.
pub(crate) fn route_namespace(route: &Route) -> Option<Namespace> {
    match route.kind {
        Kind::Connect | Kind::Refresh => None,
        Kind::Rpc => {
            Some(pattern(route).map_or(Namespace::Without, |pattern| Namespace::of_methods(&pattern)))
        }
        _ => Some(pattern(route).map_or(Namespace::Without, |pattern| Namespace::of_channels(&pattern))),
    }
}

fn pattern(route: &Route) -> Option<Pattern> {
    Pattern::parse(route.pattern?).ok()
}

/// Returns whether the handler is for private channels only. To these, clients subscribe with a token.
pub(crate) fn is_private(route: &Route) -> bool {
    route.kind != Kind::Rpc
        && pattern(route).is_some_and(|pattern| pattern.prefix().starts_with(PRIVATE_PREFIX))
}

/// Returns whether the handler is for channels that Centrifugo may regard as user-limited, such as `dialog#1,2`.
pub(crate) fn is_user_limited(route: &Route) -> bool {
    route.kind != Kind::Rpc
        && pattern(route).is_some_and(|pattern| pattern.as_bytes().contains(&USER_BOUNDARY))
}
