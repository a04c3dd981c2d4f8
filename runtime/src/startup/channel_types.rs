//! Lists the channel types of the program.

use crate::channel::{ChannelDef, ChannelInfo};

/// Returns the channel types of all linked crates, sorted by pattern.
pub(crate) fn linked_channel_types() -> Vec<&'static ChannelInfo> {
    let mut types: Vec<_> = inventory::iter::<ChannelDef>
        .into_iter()
        .map(|def| def.0)
        .collect();
    types.sort_by_key(|info| (info.pattern, info.file, info.line));
    types
}
