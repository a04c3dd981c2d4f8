//! A handler of which everything is known that the macro can know.

use std::time::Duration;

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{Ident, LitStr, Path, Type, parse_quote};

use crate::attribute::{Attribute, Shape};
use crate::errors::Errors;
use crate::kind::Kind;
use crate::signature::{Function, Role};
use crate::{duration, pattern};

/// A handler.
pub(crate) struct Handler {
    pub(crate) krate: Path,
    pub(crate) kind: Kind,
    pub(crate) pattern: Option<LitStr>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) blocking: bool,
    pub(crate) name: Ident,
    pub(crate) is_async: bool,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) output: Option<Type>,
    pub(crate) docs: String,
}

/// Where an argument's value comes from.
pub(crate) enum Argument {
    /// The event.
    Event(Type),
    /// The pattern's named wildcard of this index.
    Pattern(Type, usize),
}

impl Argument {
    pub(crate) fn ty(&self) -> &Type {
        match self {
            Self::Event(ty) | Self::Pattern(ty, _) => ty,
        }
    }
}

impl Handler {
    /// The handler, or the reasons why it is none.
    pub(crate) fn read(
        kind: Kind,
        arguments: TokenStream,
        item: TokenStream,
        errors: &mut Errors,
    ) -> Option<Self> {
        let role = Role {
            attribute: kind.attribute(),
            noun: "handler",
        };
        let attribute = Shape::handler(kind).read(arguments, errors);
        let function = role.read(item, errors);
        let names = names(attribute.pattern.as_ref(), errors);
        let timeout = timeout(attribute.timeout.as_ref(), errors);
        let function = function?;
        if let Some(blocking) = attribute.blocking.as_ref().filter(|_| function.is_async) {
            let must = role.must(&function.name);
            errors.at(
                blocking,
                format!("{must} be a plain `fn` to be `blocking`\nhelp: leave out `blocking` or `async`"),
            );
        }
        if let Some(pattern) = &attribute.pattern {
            check_names(pattern, &names, &function, errors);
        }
        Some(Self::new(kind, attribute, timeout, &names, function))
    }

    fn new(
        kind: Kind,
        attribute: Attribute,
        timeout: Option<Duration>,
        names: &[String],
        function: Function,
    ) -> Self {
        let arguments = function.arguments.into_iter().map(|argument| {
            let index = argument.name.and_then(|name| position(names, &name));
            match index {
                Some(index) => Argument::Pattern(argument.ty, index),
                None => Argument::Event(argument.ty),
            }
        });
        Self {
            krate: krate(attribute.krate),
            kind,
            pattern: attribute.pattern,
            timeout,
            blocking: attribute.blocking.is_some(),
            name: function.name,
            is_async: function.is_async,
            arguments: arguments.collect(),
            output: function.output,
            docs: function.docs,
        }
    }
}

/// The facade's path.
pub(crate) fn krate(path: Option<Path>) -> Path {
    path.unwrap_or_else(|| parse_quote!(::centrifugo))
}

fn timeout(text: Option<&LitStr>, errors: &mut Errors) -> Option<Duration> {
    let text = text?;
    let duration = duration::parse(&text.value());
    if duration.is_none() {
        errors.at(text, "`timeout` must be a time, such as `900ms`, `30s` or `2m`");
    }
    duration
}

fn names(pattern: Option<&LitStr>, errors: &mut Errors) -> Vec<String> {
    let Some(pattern) = pattern else { return Vec::new() };
    pattern::names(&pattern.value()).unwrap_or_else(|mistakes| {
        mistakes
            .into_iter()
            .for_each(|mistake| errors.at(pattern, mistake));
        Vec::new()
    })
}

fn position(names: &[String], name: &Ident) -> Option<usize> {
    let name = name.unraw().to_string();
    names.iter().position(|known| *known == name)
}

fn check_names(pattern: &LitStr, names: &[String], function: &Function, errors: &mut Errors) {
    let text = pattern.value();
    for (index, name) in names.iter().enumerate() {
        let bound = function
            .arguments
            .iter()
            .filter_map(|argument| argument.name.as_ref());
        if !bound
            .into_iter()
            .any(|argument| position(names, argument) == Some(index))
        {
            let handler = &function.name;
            errors.at(
                pattern,
                format!(
                    "pattern `{text}` names `{name}`, but handler `{handler}` has no argument of that name"
                ),
            );
        }
    }
}
