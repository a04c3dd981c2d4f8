//! Which events RoadRunner's plugin does not deliver.

use crate::event::Kind;
use crate::handler::Route;

/// Warns of handlers whose events never come.
pub(crate) fn warn_of_undelivered(routes: &[&Route], version: Option<&str>) {
    for route in routes {
        if let Some(reason) = undelivered(route.kind, version) {
            route.warn_uncalled(reason);
        }
    }
}

/// Why events of a kind don't come from a RoadRunner of this version.
fn undelivered(kind: Kind, version: Option<&str>) -> Option<&'static str> {
    if kind.relay_name().is_none() {
        return Some(
            "RoadRunner's plugin delivers no such events: point Centrifugo's proxy at the program itself for them",
        );
    }
    (kind == Kind::NotifyCacheEmpty && !is_three(version))
        .then_some("only the plugin of RoadRunner 3 and later delivers these events")
}

/// Whether it is RoadRunner 3 or later. What came before it is numbered by the year, as 2025.1.
fn is_three(version: Option<&str>) -> bool {
    let major = version.and_then(|version| {
        version
            .trim_start_matches('v')
            .split('.')
            .next()?
            .parse::<u32>()
            .ok()
    });
    major.is_some_and(|major| (3..2000).contains(&major))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_depends_on_the_version() {
        for version in [
            None,
            Some("2025.1.15"),
            Some("v2025.1"),
            Some("local"),
            Some("2.12.3"),
        ] {
            assert!(
                undelivered(Kind::NotifyCacheEmpty, version).is_some(),
                "{version:?}"
            );
            assert!(undelivered(Kind::MapPublish, version).is_some());
            assert_eq!(undelivered(Kind::Rpc, version), None);
        }
        for version in [Some("3.0.0"), Some("v3.1.0-beta.2")] {
            assert_eq!(undelivered(Kind::NotifyCacheEmpty, version), None);
            assert!(undelivered(Kind::SharedPollRefresh, version).is_some());
        }
    }
}
