//! Writes the channel of a value of a channel type.

use std::fmt::{Display, Write as _};

use super::channel_error::ChannelError;
use super::channel_info::ChannelInfo;
use super::channel_match::{Spans, first_refused, split};
use crate::logging::clip;

/// Writes the channel of a value, whose fields are in the order of the pattern.
///
/// # Errors
///
/// Returns an error if the text would not match the pattern, or would be read as other fields.
pub fn write_channel(info: &ChannelInfo, values: &[&dyn Display]) -> Result<String, ChannelError> {
    let mut channel = info.prefix.to_owned();
    let mut spans = Spans::new();
    for (field, value) in info.fields.iter().zip(values) {
        let start = channel.len();
        let is_written = write!(channel, "{value}").is_ok();
        let text = &channel[start..];
        let refused = if !is_written {
            Some("its `Display` fails".to_owned())
        } else if text.is_empty() {
            Some("it is empty".to_owned())
        } else {
            first_refused(field, text).map(|character| {
                format!(
                    "`{}` contains `{character}`, and a `{{{}}}` none of `: / . #`",
                    clip(text),
                    field.name
                )
            })
        };
        if let Some(reason) = refused {
            return Err(ChannelError::new(format!(
                "the field `{}` of `{}` does not fit the pattern `{}`: {reason}",
                field.name, info.name, info.pattern
            )));
        }
        spans.push(start..channel.len());
        channel.push_str(field.after);
    }
    // A single field can be split off in one way only.
    if spans.len() > 1 && split(info, &channel).as_ref() != Some(&spans) {
        return Err(ChannelError::new(format!(
            "the fields of `{}` do not fit the pattern `{}`: `{}` would be read as other fields",
            info.name,
            info.pattern,
            clip(&channel)
        )));
    }
    Ok(channel)
}
