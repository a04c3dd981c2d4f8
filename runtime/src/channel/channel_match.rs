//! Reads the fields of a channel type from a channel.

use std::fmt::{self, Display, Write as _};
use std::ops::Range;

use smallvec::{SmallVec, smallvec};

use super::channel_error::ChannelError;
use super::channel_info::{ChannelField, ChannelInfo};
use crate::logging::clip;
use crate::routing::Wildcard;

/// The positions of the fields in a channel.
pub(super) type Spans = SmallVec<[Range<usize>; 2]>;

/// Stands for an end that does not exist.
const NONE: usize = usize::MAX;

/// A channel that matches the pattern of a channel type.
#[derive(Debug)]
pub struct ChannelMatch<'a> {
    info: &'static ChannelInfo,
    channel: &'a str,
    spans: Spans,
}

impl<'a> ChannelMatch<'a> {
    /// Matches a channel against the pattern of a channel type.
    ///
    /// # Errors
    ///
    /// Returns an error if the channel does not match.
    pub fn new(info: &'static ChannelInfo, channel: &'a str) -> Result<Self, ChannelError> {
        match split(info, channel) {
            Some(spans) => Ok(Self { info, channel, spans }),
            None => Err(ChannelError::new(format!(
                "`{}` is not a channel of `{}`, whose pattern is `{}`",
                clip(channel),
                info.name,
                info.pattern
            ))),
        }
    }

    /// Parses the field of this index.
    ///
    /// # Errors
    ///
    /// Returns an error if the text does not parse, or if the value is displayed as another text: the value would then
    /// stand for two channels.
    pub fn field<T: Display>(
        &self,
        index: usize,
        parse: fn(&str) -> Result<T, String>,
    ) -> Result<T, ChannelError> {
        let span = self.spans.get(index).cloned();
        let text = span.and_then(|span| self.channel.get(span)).unwrap_or_default();
        let name = self.info.fields.get(index).map_or("", |field| field.name);
        let refuse = |reason: &dyn Display| {
            ChannelError::new(format!(
                "`{}` is not the field `{name}` of `{}`: {reason}",
                clip(text),
                self.info.name
            ))
        };
        let value = parse(text).map_err(|error| refuse(&clip(&error)))?;
        let mut rest = Expected(text);
        if write!(rest, "{value}").is_ok() && rest.0.is_empty() {
            Ok(value)
        } else {
            Err(refuse(
                &"the value that it parses to is displayed as another text",
            ))
        }
    }
}

/// The rest of a text that must be written.
struct Expected<'a>(&'a str);

impl fmt::Write for Expected<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(text).ok_or(fmt::Error)?;
        Ok(())
    }
}

/// Returns the first character of a text that the field cannot have.
pub(super) fn first_refused(field: &ChannelField, text: &str) -> Option<char> {
    text.bytes().find(|byte| !takes(field, *byte)).map(char::from)
}

fn takes(field: &ChannelField, byte: u8) -> bool {
    field.is_rest || Wildcard::Segment.takes(byte)
}

/// Returns the positions of the fields, or `None` if the channel does not match.
///
/// Where several splits fit, the first field takes as little as it can, then the second, and so on, as the router does.
pub(super) fn split(info: &ChannelInfo, channel: &str) -> Option<Spans> {
    let start = info.prefix.len();
    let rest = channel.strip_prefix(info.prefix)?;
    match info.fields {
        [] => rest.is_empty().then(Spans::new),
        [field] => {
            let text = rest.strip_suffix(field.after)?;
            let fits = !text.is_empty() && first_refused(field, text).is_none();
            fits.then(|| smallvec![start..start + text.len()])
        }
        fields => split_fields(fields, channel, start),
    }
}

/// Splits a channel among several fields, in time and memory that grow with the product of the two lengths.
fn split_fields(fields: &[ChannelField], channel: &str, start: usize) -> Option<Spans> {
    let bytes = channel.as_bytes();
    // For each field, from the last to the first: where it ends if it begins at a position.
    let mut ends: Vec<Vec<usize>> = Vec::with_capacity(fields.len());
    for field in fields.iter().rev() {
        let following = ends.last();
        let can_end = |end: usize| {
            let rest = bytes.get(end..).unwrap_or_default();
            match following {
                None => rest == field.after.as_bytes(),
                Some(following) => {
                    let next = following.get(end + field.after.len());
                    rest.starts_with(field.after.as_bytes()) && next.is_some_and(|end| *end != NONE)
                }
            }
        };
        let mut field_ends = vec![NONE; bytes.len()];
        let mut nearest = NONE;
        for (begin, byte) in bytes.iter().enumerate().rev() {
            if can_end(begin + 1) {
                nearest = begin + 1;
            }
            if !takes(field, *byte) {
                nearest = NONE;
            }
            field_ends[begin] = nearest;
        }
        ends.push(field_ends);
    }
    let mut spans = Spans::new();
    let mut begin = start;
    for (field, ends) in fields.iter().zip(ends.iter().rev()) {
        let end = *ends.get(begin).filter(|end| **end != NONE)?;
        spans.push(begin..end);
        begin = end + field.after.len();
    }
    Some(spans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing::Choices;
    use crate::routing::{Pattern, Router};

    fn info(pattern: &'static str, prefix: &'static str, fields: &[(bool, &'static str)]) -> ChannelInfo {
        let fields: Vec<_> = fields
            .iter()
            .map(|(is_rest, after)| ChannelField {
                name: "x",
                type_name: "String",
                is_rest: *is_rest,
                after,
            })
            .collect();
        ChannelInfo {
            name: "Type",
            module: "",
            file: "",
            line: 0,
            docs: "",
            pattern,
            prefix,
            fields: fields.leak(),
            publication: None,
            item: None,
            types: crate::schema::ChannelTypes::NONE,
            options: &[],
        }
    }

    #[test]
    fn splits_channels_as_the_router_does() {
        let types = [
            info("lobby", "lobby", &[]),
            info("a:{x}", "a:", &[(false, "")]),
            info("a{x*}", "a", &[(true, "")]),
            info("a{x}b", "a", &[(false, "b")]),
            info("{x}-{y}", "", &[(false, "-"), (false, "")]),
            info("{x*}-{y}", "", &[(true, "-"), (false, "")]),
            info("{x*}ab{y*}b", "", &[(true, "ab"), (true, "b")]),
            info("a{x}-{y*}:{z}", "a", &[(false, "-"), (true, ":"), (false, "")]),
            info("{x*}a{y}a{z*}", "", &[(true, "a"), (false, "a"), (true, "")]),
        ];
        let mut matches = 0;
        for info in &types {
            let router = Router::new([(Some(Pattern::parse(info.pattern).unwrap()), ())]);
            for seed in 0..20_000_u64 {
                let bytes = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
                let mut choices = Choices(&bytes);
                let len = choices.below(9);
                let channel: String = (0..len)
                    .map(|_| ['a', 'b', '-', ':', 'é'][choices.below(5)])
                    .collect();
                let channel = if seed % 3 == 0 {
                    format!("a{channel}")
                } else {
                    channel
                };
                let found = router.find(&channel).map(|(_, params)| params.to_vec());
                let ours = split(info, &channel).map(|spans| spans.to_vec());
                assert_eq!(ours, found, "{} {channel}", info.pattern);
                matches += usize::from(ours.is_some());
            }
        }
        assert!(matches > 10_000, "{matches}");
    }

    #[test]
    fn splits_a_long_hostile_channel_quickly() {
        let info = info("{x*}a{y*}a{z*}b", "", &[(true, "a"), (true, "a"), (true, "b")]);
        let channel = "a".repeat(1 << 20);
        assert_eq!(split(&info, &channel), None);
    }

    #[test]
    fn refuses_a_value_that_is_displayed_as_another_text() {
        let info: &'static ChannelInfo = Box::leak(Box::new(info("a:{x}", "a:", &[(false, "")])));
        let number = |text: &str| text.parse::<f64>().map_err(|error| error.to_string());
        let read = |channel| ChannelMatch::new(info, channel).and_then(|found| found.field(0, number));
        assert_eq!(read("a:15"), Ok(15.0));
        for channel in ["a:1e1", "a:+15", "a:015"] {
            let error = read(channel).unwrap_err().to_string();
            assert!(error.contains("displayed as another text"), "{error}");
        }
        assert!(read("a:x").unwrap_err().to_string().contains("invalid float"));
        assert!(
            read("b:1")
                .unwrap_err()
                .to_string()
                .contains("pattern is `a:{x}`")
        );
    }
}
