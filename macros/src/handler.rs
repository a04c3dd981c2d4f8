//! A checked handler: the arguments of its attribute and the signature of its function.

use std::time::Duration;

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{Ident, LitStr, Path, Type};

use crate::attribute_arguments::{AttributeArguments, AttributeSpec};
use crate::codegen::crate_path;
use crate::errors::Errors;
use crate::kind::Kind;
use crate::signature::{Function, Role};
use crate::{duration, pattern};

/// A handler. Parts with errors are left out; the expansion then contains the errors only.
pub(crate) struct Handler {
    pub(crate) krate: Path,
    pub(crate) kind: Kind,
    pub(crate) pattern: Option<LitStr>,
    pub(crate) channel_type: Option<Path>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) blocking: bool,
    pub(crate) layer: Option<Path>,
    pub(crate) name: Ident,
    pub(crate) is_async: bool,
    pub(crate) arguments: Vec<ArgumentSource>,
    pub(crate) output: Option<Type>,
    pub(crate) docs: String,
}

/// The source of the value of an argument.
pub(crate) enum ArgumentSource {
    /// Extracted from the event.
    Event(Type),
    /// Parsed from the named wildcard of the pattern with this index.
    Pattern(Type, usize),
}

impl ArgumentSource {
    pub(crate) fn ty(&self) -> &Type {
        match self {
            Self::Event(ty) | Self::Pattern(ty, _) => ty,
        }
    }
}

impl Handler {
    /// Reads and checks a handler. Returns `None` if its function cannot be parsed; other errors do not stop it.
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
        let attribute = AttributeSpec::handler(kind).read(arguments, errors);
        let function = role.read(item, errors);
        let names = names(attribute.pattern.as_ref(), errors);
        let timeout = timeout(attribute.timeout.as_ref(), errors);
        let function = function?;
        if let Some(blocking) = attribute.blocking.as_ref().filter(|_| function.is_async) {
            let must = role.must(&function.name);
            errors.at(
                blocking,
                format!("{must} be a plain `fn` to be `blocking`\nhelp: remove `blocking` or `async`"),
            );
        }
        if let Some(pattern) = &attribute.pattern {
            check_names(pattern, &names, &function, errors);
        }
        Some(Self::new(kind, attribute, timeout, &names, function))
    }

    fn new(
        kind: Kind,
        attribute: AttributeArguments,
        timeout: Option<Duration>,
        names: &[String],
        function: Function,
    ) -> Self {
        let arguments = function.arguments.into_iter().map(|argument| {
            let index = argument.name.and_then(|name| position(names, &name));
            match index {
                Some(index) => ArgumentSource::Pattern(argument.ty, index),
                None => ArgumentSource::Event(argument.ty),
            }
        });
        Self {
            krate: crate_path(attribute.krate),
            kind,
            pattern: attribute.pattern,
            channel_type: attribute.channel_type,
            timeout,
            blocking: attribute.blocking.is_some(),
            layer: attribute.layer,
            name: function.name,
            is_async: function.is_async,
            arguments: arguments.collect(),
            output: function.output,
            docs: function.docs,
        }
    }
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
    pattern::names(&pattern.value()).unwrap_or_else(|messages| {
        messages
            .into_iter()
            .for_each(|message| errors.at(pattern, message));
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
