//! An attribute's arguments, as written.

use proc_macro2::TokenStream;
use syn::{Ident, Lit, LitStr, Path};

use crate::entries::{self, Entry, Key, once};
use crate::errors::Errors;
use crate::kind::Kind;
use crate::suggest;

/// Which arguments an attribute takes.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pattern: Place,
    keys: &'static [&'static str],
}

/// Where the pattern stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Nowhere,
    First,
    Channel,
}

/// The arguments.
#[derive(Default)]
pub(crate) struct Attribute {
    pub(crate) pattern: Option<LitStr>,
    pub(crate) timeout: Option<LitStr>,
    pub(crate) blocking: Option<Ident>,
    pub(crate) krate: Option<Path>,
}

impl Shape {
    /// An attribute for the events of a kind.
    pub(crate) fn handler(kind: Kind) -> Self {
        let (pattern, keys): (_, &[_]) = match kind {
            Kind::Connect | Kind::Refresh | Kind::NotifyChannelState => {
                (Place::Nowhere, &["timeout", "blocking", "crate"])
            }
            Kind::Rpc => (Place::First, &["timeout", "blocking", "crate"]),
            Kind::Subscribe
            | Kind::Publish
            | Kind::SubRefresh
            | Kind::NotifyCacheEmpty
            | Kind::MapPublish
            | Kind::MapRemove
            | Kind::SharedPollRefresh
            | Kind::SubscribeStream => (Place::Channel, &["channel", "timeout", "blocking", "crate"]),
        };
        Self {
            name: kind.attribute(),
            pattern,
            keys,
        }
    }

    /// An attribute that no event belongs to.
    pub(crate) fn lifecycle(name: &'static str) -> Self {
        Self {
            name,
            pattern: Place::Nowhere,
            keys: &["crate"],
        }
    }

    /// Reads the arguments, as far as they can be read.
    pub(crate) fn read(&self, arguments: TokenStream, errors: &mut Errors) -> Attribute {
        let mut attribute = Attribute::default();
        let mut pattern_tried = false;
        for entry in entries::read(arguments, errors) {
            match entry {
                Entry::Literal(literal) => {
                    pattern_tried = true;
                    self.literal(literal, &mut attribute, errors);
                }
                Entry::Key(key) => {
                    let typed = key.name.to_string();
                    // A mistake in the key is no second mistake.
                    pattern_tried |= matches!(typed.as_str(), "channel" | "method" | "pattern")
                        || suggest::nearest(&typed, self.keys) == Some("channel");
                    self.key(key, &mut attribute, errors);
                }
            }
        }
        if !pattern_tried && self.pattern != Place::Nowhere {
            errors.at_attribute(format!(
                "`{}` must have a pattern{}",
                self.name,
                self.pattern_help("..")
            ));
        }
        attribute
    }

    fn literal(&self, literal: Lit, attribute: &mut Attribute, errors: &mut Errors) {
        let name = self.name;
        match (self.pattern, literal) {
            (Place::First, Lit::Str(pattern)) if attribute.pattern.is_none() => {
                attribute.pattern = Some(pattern)
            }
            (Place::First, Lit::Str(pattern)) => errors.at(
                pattern,
                format!("`{name}` takes one pattern\nhelp: a function can have the attribute several times"),
            ),
            (Place::First, other) => errors.at(other, "a pattern must be a string literal"),
            (Place::Channel, Lit::Str(pattern)) => {
                let help = self.pattern_help(&pattern.value());
                errors.at(
                    pattern,
                    format!("`{name}` takes its pattern by the key `channel`{help}"),
                );
            }
            (Place::Channel, other) => {
                errors.at(
                    other,
                    format!("a pattern must be a string literal{}", self.pattern_help("..")),
                );
            }
            (Place::Nowhere, other) => errors.at(other, format!("`{name}` takes no pattern")),
        }
    }

    fn key(&self, key: Key, attribute: &mut Attribute, errors: &mut Errors) {
        let name = key.name.clone();
        let typed = name.to_string();
        if !self.keys.contains(&typed.as_str()) {
            let help = match (self.pattern, typed.as_str()) {
                (Place::First, "method" | "channel" | "pattern") => self.pattern_help(".."),
                (Place::Channel, "method" | "pattern") => self.pattern_help(".."),
                _ => suggest::help(&format!("`{}`", self.name), &typed, self.keys),
            };
            return errors.at(name, format!("unknown key `{typed}`{help}"));
        }
        match typed.as_str() {
            "channel" => once(&mut attribute.pattern, &name, key.string(errors), errors),
            "timeout" => once(&mut attribute.timeout, &name, key.time(errors), errors),
            "blocking" => once(&mut attribute.blocking, &name, key.flag(errors), errors),
            _ => once(&mut attribute.krate, &name, key.path(errors), errors),
        }
    }

    fn pattern_help(&self, pattern: &str) -> String {
        let key = if self.pattern == Place::Channel {
            "channel = "
        } else {
            ""
        };
        format!("\nhelp: `#[{}({key}{pattern:?})]`", self.name)
    }
}
