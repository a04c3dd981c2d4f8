//! Warnings for handlers whose events RoadRunner's plugin does not deliver.

use crate::event::Kind;
use crate::handler::Route;

/// Logs a warning for each handler whose events this RoadRunner version does not deliver.
pub(crate) fn warn_of_undelivered(routes: &[&Route], version: Option<&str>) {
    for route in routes {
        if let Some(reason) = undelivered(route.kind, version) {
            route.warn_uncalled(reason);
        }
    }
}

/// Returns the reason why this RoadRunner version does not deliver events of a kind, or `None` if it does.
fn undelivered(kind: Kind, version: Option<&str>) -> Option<&'static str> {
    if kind.relay_name().is_none() {
        return Some(
            "RoadRunner's plugin does not deliver these events; set the endpoint of Centrifugo's proxy to the program itself",
        );
    }
    (kind == Kind::NotifyCacheEmpty && !is_version_3(version))
        .then_some("only RoadRunner 3 and later delivers these events")
}

/// Returns whether this is RoadRunner 3 or later. Earlier versions are numbered by year, such as 2025.1.
fn is_version_3(version: Option<&str>) -> bool {
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
    fn knows_which_events_each_version_delivers() {
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
