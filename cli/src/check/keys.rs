//! Keys and variables that Centrifugo does not read as they are meant.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::checker::Checker;
use super::finding::Finding;
use crate::centrifugo::replaced_keys::{Advice, advice, advice_for_variable};
use crate::centrifugo::{
    KeyType, Problem, ProblemKind, all_keys, find_key, join, last_name, pro_keys, variable_name,
};

/// Lists that older versions have at the top level.
const OLD_LISTS: [(&str, &str); 2] = [
    ("namespaces", "channel.namespaces"),
    ("rpc_namespaces", "rpc.namespaces"),
];

pub(super) fn check(checker: &mut Checker<'_>) {
    for problem in checker.configuration.problems() {
        let finding = finding(checker, problem);
        checker.add(Finding {
            variable: problem.variable.clone(),
            ..finding
        });
    }
    for (old, new) in OLD_LISTS {
        old_list(checker, old, new);
    }
}

fn finding(checker: &Checker<'_>, problem: &Problem) -> Finding {
    let path = &problem.path;
    match &problem.kind {
        ProblemKind::UnknownKey => unknown_key(path),
        ProblemKind::UnknownVariable => unknown_variable(checker, path),
        ProblemKind::Type(key_type) => wrong_type(problem, *key_type),
        ProblemKind::MissingVariable(name) => Finding::note(
            "missing-variable",
            format!("variable `{name}` is not set here; Centrifugo does not start without it"),
        )
        .at(path)
        .help(format!("set `{name}` in the environment of Centrifugo, or add it to the file of `--env-file`")),
        ProblemKind::NotExpanded(name) => Finding::warning(
            "not-expanded",
            format!("Centrifugo does not put the value of `{name}` in here: it does so only in maps such as `static_metadata` and `static_headers`"),
        )
        .at(path)
        .help(match path.contains('[') {
            true => "set the value with a variable of the key, or put it in before Centrifugo reads the file".to_owned(),
            false => format!("set `{}` instead, or put the value in before Centrifugo reads the file", variable_name(path)),
        }),
    }
}

fn wrong_type(problem: &Problem, key_type: KeyType) -> Finding {
    let path = &problem.path;
    if key_type == KeyType::Object
        && let Some(advice) = advice(path)
    {
        return old_key(path, &advice);
    }
    let subject = problem.variable.as_deref().unwrap_or(path);
    Finding::error(
        "wrong-type",
        format!(
            "Centrifugo does not start: `{subject}` must be {}",
            key_type.expected()
        ),
    )
    .at(path)
    .help("correct the value")
}

fn unknown_key(path: &str) -> Finding {
    if let Some(advice) = advice(path) {
        return old_key(path, &advice);
    }
    if pro_keys::is_pro(path) {
        return Finding::note(
            "pro-key",
            format!("only Centrifugo PRO reads `{}`", last_name(path)),
        )
        .at(path)
        .help("remove the key, unless this is the configuration of Centrifugo PRO");
    }
    let finding = Finding::error(
        "unknown-key",
        format!("Centrifugo ignores the unknown key `{}`", last_name(path)),
    );
    let help = match (misplaced(path), nearest_key(path)) {
        (Some(help), _) => help.to_owned(),
        (None, Some(nearest)) => format!("did you mean `{nearest}`?"),
        (None, None) => "remove the key".to_owned(),
    };
    finding.at(path).help(help)
}

fn old_key(path: &str, advice: &Advice) -> Finding {
    let finding = Finding::error(
        "old-key",
        format!(
            "`{}` is a key of Centrifugo 3 to 5, which version 6 ignores or refuses",
            last_name(path)
        ),
    )
    .at(path);
    finding.help(old_key_help(advice))
}

fn old_key_help(advice: &Advice) -> String {
    match advice {
        Advice::Use(path, None) => format!("write `{path}`"),
        Advice::Use(path, Some(also)) => format!("write `{path}`, and: {also}"),
        Advice::Drop(reason) => format!("remove the key: {reason}"),
    }
}

/// Returns what to do about keys that people expect and that stand elsewhere.
fn misplaced(path: &str) -> Option<&'static str> {
    match path {
        "rpc.proxy.enabled" | "rpc.enabled" => {
            Some("set `proxy_enabled` in `rpc.without_namespace` or in a namespace of `rpc.namespaces`")
        }
        "channel.proxy.subscribe.enabled" => Some("set `subscribe_proxy_enabled` in each namespace"),
        "channel.proxy.publish.enabled" => Some("set `publish_proxy_enabled` in each namespace"),
        "channel.proxy.sub_refresh.enabled" => Some("set `sub_refresh_proxy_enabled` in each namespace"),
        "channel.proxy.subscribe_stream.enabled" => {
            Some("set `subscribe_stream_proxy_enabled` in each namespace")
        }
        "channel.proxy.map_publish.enabled" => Some("set `map.publish_proxy_enabled` in each namespace"),
        "channel.proxy.map_remove.enabled" => Some("set `map.remove_proxy_enabled` in each namespace"),
        _ => None,
    }
}

fn nearest_key(path: &str) -> Option<String> {
    let (section, name) = path.rsplit_once('.').unwrap_or(("", path));
    let names = all_keys()
        .filter(|key| {
            let of_key = key.path.rsplit_once('.').map_or("", |(section, _)| section);
            find_key(section).map_or(section.is_empty() && of_key.is_empty(), |section| {
                section.path == of_key
            }) || of_key == without_indexes(section)
        })
        .map(|key| last_name(key.path));
    nearest(name, names)
}

fn without_indexes(path: &str) -> String {
    path.split('[')
        .map(|part| {
            part.split_once(']')
                .map_or(part.to_owned(), |(_, rest)| format!("[]{rest}"))
        })
        .collect()
}

/// Returns the nearest name, if one differs in a quarter of its characters at most.
fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    names
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .min()
        .filter(|(distance, known)| *distance <= (known.len() / 4).max(1))
        .map(|(_, known)| known.to_owned())
}

fn unknown_variable(checker: &Checker<'_>, name: &str) -> Finding {
    if let Some(advice) = advice_for_variable(name) {
        let help = match &advice {
            Advice::Use(path, also) if !path.contains('[') && find_key(path).is_some() => {
                let also = also.map(|also| format!(", and: {also}")).unwrap_or_default();
                format!("set `{}`{also}", variable_name(path))
            }
            other => old_key_help(other),
        };
        return Finding::error(
            "old-key",
            format!("`{name}` is a variable of Centrifugo 3 to 5, which version 6 ignores"),
        )
        .help(help);
    }
    let mut known: BTreeSet<String> = all_keys()
        .filter(|key| !key.path.contains("[]") && key.key_type != KeyType::Object)
        .map(|key| variable_name(key.path))
        .collect();
    for list in ["channel.namespaces", "rpc.namespaces", "proxies"] {
        for (_, section) in checker.configuration.sections(list) {
            let prefix = format!(
                "{}_{}",
                variable_name(list),
                section.replace(['.', '-'], "_").to_uppercase()
            );
            let keys = all_keys().filter_map(|key| key.path.strip_prefix(&format!("{list}[].")));
            known.extend(keys.map(|key| format!("{prefix}_{}", key.replace('.', "_").to_uppercase())));
        }
    }
    let help = match nearest(name, known.iter().map(String::as_str)) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "remove the variable".to_owned(),
    };
    Finding::error(
        "unknown-key",
        format!("Centrifugo ignores the unknown variable `{name}`"),
    )
    .help(help)
}

/// Reports old options in a list that version 6 does not read at all.
fn old_list(checker: &mut Checker<'_>, old: &str, new: &str) {
    let Some(items) = checker.input.file.get(old).and_then(Json::as_array) else {
        return;
    };
    for (index, item) in items.iter().enumerate() {
        for name in item.as_object().into_iter().flat_map(|map| map.keys()) {
            let new_path = join(&format!("{new}[{index}]"), name);
            if find_key(&new_path).is_none() {
                let mut finding = unknown_key(&new_path);
                finding.path = Some(join(&format!("{old}[{index}]"), name));
                checker.add(finding);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_nearest_key() {
        for (path, expected) in [
            (
                "channel.namespaces[0].allow_subcribe_for_anonymous",
                Some("allow_subscribe_for_anonymous"),
            ),
            ("channel.namespaces[1].presence_ttl", None),
            ("channel.without_namespace.presense", Some("presence")),
            ("clint", Some("client")),
            ("client.proxy.conect", Some("connect")),
            ("proxies[0].time_out", Some("timeout")),
            ("rpc.namespaces[0].enabled", None),
        ] {
            assert_eq!(nearest_key(path).as_deref(), expected, "{path}");
        }
    }
}
