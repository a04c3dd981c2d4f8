//! The arguments of an attribute: which ones it accepts, and their values.

use proc_macro2::TokenStream;
use syn::{Ident, Lit, LitStr, Path};

use crate::errors::Errors;
use crate::kind::Kind;
use crate::meta_item::{self, ChannelValue, Key, MetaItem, set_once};
use crate::suggestion;

/// The arguments that an attribute accepts.
pub(crate) struct AttributeSpec {
    pub(crate) name: &'static str,
    pattern: PatternPosition,
    keys: &'static [&'static str],
}

/// The position of the pattern among the arguments.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PatternPosition {
    None,
    First,
    ChannelKey,
}

/// The values of the arguments.
#[derive(Default)]
pub(crate) struct AttributeArguments {
    pub(crate) pattern: Option<LitStr>,
    pub(crate) channel_type: Option<Path>,
    pub(crate) timeout: Option<LitStr>,
    pub(crate) blocking: Option<Ident>,
    pub(crate) layer: Option<Path>,
    pub(crate) krate: Option<Path>,
}

impl AttributeSpec {
    /// Returns the arguments that the attribute of an event accepts.
    pub(crate) fn handler(kind: Kind) -> Self {
        let (pattern, keys): (_, &[_]) = match kind {
            Kind::Connect | Kind::Refresh | Kind::NotifyChannelState => {
                (PatternPosition::None, &["timeout", "blocking", "layer", "crate"])
            }
            Kind::Rpc => (PatternPosition::First, &["timeout", "blocking", "layer", "crate"]),
            Kind::Subscribe
            | Kind::Publish
            | Kind::SubRefresh
            | Kind::NotifyCacheEmpty
            | Kind::MapPublish
            | Kind::MapRemove
            | Kind::SharedPollRefresh
            | Kind::SubscribeStream => (
                PatternPosition::ChannelKey,
                &["channel", "timeout", "blocking", "layer", "crate"],
            ),
        };
        Self {
            name: kind.attribute(),
            pattern,
            keys,
        }
    }

    /// Returns the arguments that an attribute without an event accepts, such as `#[state]`.
    pub(crate) fn lifecycle(name: &'static str) -> Self {
        Self {
            name,
            pattern: PatternPosition::None,
            keys: &["crate"],
        }
    }

    /// Reads the arguments. Those with errors are left out.
    pub(crate) fn read(&self, arguments: TokenStream, errors: &mut Errors) -> AttributeArguments {
        let mut attribute = AttributeArguments::default();
        let mut has_pattern_attempt = false;
        for item in meta_item::read_all(arguments, errors) {
            match item {
                MetaItem::Literal(literal) => {
                    has_pattern_attempt = true;
                    self.literal(literal, &mut attribute, errors);
                }
                MetaItem::Key(key) => {
                    let typed = key.name.to_string();
                    // A misspelled key is not reported a second time as a missing pattern.
                    has_pattern_attempt |= matches!(typed.as_str(), "channel" | "method" | "pattern")
                        || suggestion::nearest(&typed, self.keys) == Some("channel");
                    self.key(key, &mut attribute, errors);
                }
            }
        }
        if !has_pattern_attempt && self.pattern != PatternPosition::None {
            errors.at_attribute(format!(
                "`{}` must have a pattern{}",
                self.name,
                self.pattern_help("..")
            ));
        }
        attribute
    }

    fn literal(&self, literal: Lit, attribute: &mut AttributeArguments, errors: &mut Errors) {
        let name = self.name;
        match (self.pattern, literal) {
            (PatternPosition::First, Lit::Str(pattern)) if attribute.pattern.is_none() => {
                attribute.pattern = Some(pattern)
            }
            (PatternPosition::First, Lit::Str(pattern)) => errors.at(
                pattern,
                format!("`{name}` takes one pattern\nhelp: repeat the attribute for another pattern"),
            ),
            (PatternPosition::First, other) => errors.at(other, "a pattern must be a string literal"),
            (PatternPosition::ChannelKey, Lit::Str(pattern)) => {
                let help = self.pattern_help(&pattern.value());
                errors.at(
                    pattern,
                    format!("`{name}` takes its pattern as the key `channel`{help}"),
                );
            }
            (PatternPosition::ChannelKey, other) => {
                errors.at(
                    other,
                    format!("a pattern must be a string literal{}", self.pattern_help("..")),
                );
            }
            (PatternPosition::None, other) => errors.at(other, format!("`{name}` takes no pattern")),
        }
    }

    fn key(&self, key: Key, attribute: &mut AttributeArguments, errors: &mut Errors) {
        let name = key.name.clone();
        let typed = name.to_string();
        if !self.keys.contains(&typed.as_str()) {
            let help = match (self.pattern, typed.as_str()) {
                (PatternPosition::First, "method" | "channel" | "pattern") => self.pattern_help(".."),
                (PatternPosition::ChannelKey, "method" | "pattern") => self.pattern_help(".."),
                _ => suggestion::help(&format!("`{}`", self.name), &typed, self.keys),
            };
            return errors.at(name, format!("unknown key `{typed}`{help}"));
        }
        match typed.as_str() {
            "channel" => {
                let is_given = attribute.pattern.is_some() || attribute.channel_type.is_some();
                match key.channel(errors) {
                    Some(_) if is_given => errors.at(&name, "`channel` is given twice"),
                    Some(ChannelValue::Pattern(pattern)) => attribute.pattern = Some(pattern),
                    Some(ChannelValue::Type(path)) => attribute.channel_type = Some(path),
                    None => {}
                }
            }
            "timeout" => set_once(&mut attribute.timeout, &name, key.time(errors), errors),
            "blocking" => set_once(&mut attribute.blocking, &name, key.flag(errors), errors),
            "layer" => set_once(&mut attribute.layer, &name, key.function(errors), errors),
            _ => set_once(&mut attribute.krate, &name, key.path(errors), errors),
        }
    }

    fn pattern_help(&self, pattern: &str) -> String {
        let key = if self.pattern == PatternPosition::ChannelKey {
            "channel = "
        } else {
            ""
        };
        format!("\nhelp: `#[{}({key}{pattern:?})]`", self.name)
    }
}
