//! What the derives share.

use proc_macro2::TokenStream;
use syn::{Attribute, DeriveInput, Path};

use crate::entries::{self, Entry, once};
use crate::errors::Errors;
use crate::model::krate;
use crate::suggest;

/// The implementation, or the mistakes.
pub(crate) fn expand(
    item: TokenStream,
    implement: impl FnOnce(&DeriveInput, &mut Errors) -> Option<TokenStream>,
) -> TokenStream {
    let mut errors = Errors::default();
    let code = errors
        .ok(syn::parse2::<DeriveInput>(item))
        .and_then(|input| implement(&input, &mut errors));
    let mistakes = errors.into_tokens();
    code.filter(|_| mistakes.is_none())
        .or(mistakes)
        .unwrap_or_default()
}

/// The facade's path, from `#[name(crate = path)]` on a type that takes no other key.
pub(crate) fn container_crate(attrs: &[Attribute], name: &str, errors: &mut Errors) -> Path {
    let mut path = None;
    for entry in attributes(attrs, name, errors)
        .into_iter()
        .flat_map(|tokens| entries::read(tokens, errors))
        .collect::<Vec<_>>()
    {
        match entry {
            Entry::Key(key) if key.name == "crate" => {
                let word = key.name.clone();
                once(&mut path, &word, key.path(errors), errors);
            }
            Entry::Key(key) => {
                let help = suggest::help(&format!("`{name}`"), &key.name.to_string(), &["crate"]);
                errors.at(&key.name, format!("unknown key `{}`{help}", key.name));
            }
            Entry::Literal(literal) => errors.at(literal, format!("`{name}` takes the key `crate`")),
        }
    }
    krate(path)
}

/// What stands in the attributes of this name.
pub(crate) fn attributes(attrs: &[Attribute], name: &str, errors: &mut Errors) -> Vec<TokenStream> {
    let attrs = attrs.iter().filter(|attr| attr.path().is_ident(name));
    attrs
        .filter_map(|attr| {
            errors
                .ok(attr.meta.require_list())
                .map(|list| list.tokens.clone())
        })
        .collect()
}
