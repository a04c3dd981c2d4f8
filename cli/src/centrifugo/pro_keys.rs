//! Keys that only Centrifugo PRO reads, as its documentation names them.

/// The paths. `[]` stands for an index. Keys below a path belong to it.
const PRO_KEYS: &[&str] = &[
    "brokers",
    "channel.namespaces[].allow_channel_compaction",
    "channel.namespaces[].broker_name",
    "channel.namespaces[].cache_empty_proxy_enabled",
    "channel.namespaces[].cache_empty_proxy_name",
    "channel.namespaces[].history_cel",
    "channel.namespaces[].keep_latest_publication",
    "channel.namespaces[].pattern",
    "channel.namespaces[].presence_cel",
    "channel.namespaces[].presence_manager_name",
    "channel.namespaces[].publish_cel",
    "channel.namespaces[].shared_position_sync",
    "channel.namespaces[].state_proxy_enabled",
    "channel.namespaces[].state_proxy_name",
    "channel.namespaces[].subscribe_cel",
    "channel.patterns",
    "channel.proxy.cache_empty",
    "channel.proxy.state",
    "clickhouse_analytics",
    "client.batch_periodic_events",
    "client.rate_limit",
    "database",
    "license",
    "presence_managers",
    "push_notifications",
    "token_revoke",
    "use_singleflight",
    "user_block",
    "user_status",
];

/// Whether only Centrifugo PRO reads the key.
pub(crate) fn is_pro(path: &str) -> bool {
    let path = super::key_table::without_indexes(path)
        .replace("channel.without_namespace.", "channel.namespaces[].");
    PRO_KEYS.iter().any(|key| {
        path.strip_prefix(key)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

#[cfg(test)]
mod tests {
    use super::super::find_key;
    use super::*;

    #[test]
    fn finds_keys_of_pro_and_those_below() {
        assert!(is_pro("channel.namespaces[3].subscribe_cel"));
        assert!(is_pro("channel.without_namespace.subscribe_cel"));
        assert!(is_pro("client.rate_limit.total"));
        assert!(!is_pro("channel.patternsx"));
        for key in PRO_KEYS {
            assert_eq!(find_key(key), None, "{key}");
        }
    }
}
