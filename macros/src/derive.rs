//! Helpers that all derives use.

use proc_macro2::TokenStream;
use syn::{Attribute, DeriveInput, Path};

use crate::codegen::crate_path;
use crate::errors::Errors;
use crate::meta_item::{self, MetaItem, set_once};
use crate::suggestion;

/// Returns the implementation, or the errors.
pub(crate) fn expand(
    item: TokenStream,
    implement: impl FnOnce(&DeriveInput, &mut Errors) -> Option<TokenStream>,
) -> TokenStream {
    let mut errors = Errors::default();
    let code = errors
        .ok(syn::parse2::<DeriveInput>(item))
        .and_then(|input| implement(&input, &mut errors));
    let errors = errors.into_tokens();
    code.filter(|_| errors.is_none()).or(errors).unwrap_or_default()
}

/// Reads the path of the runtime crate from `#[name(crate = path)]`, for derives that take no other key.
pub(crate) fn container_crate(attrs: &[Attribute], name: &str, errors: &mut Errors) -> Path {
    let mut path = None;
    for item in attributes(attrs, name, errors)
        .into_iter()
        .flat_map(|tokens| meta_item::read_all(tokens, errors))
        .collect::<Vec<_>>()
    {
        match item {
            MetaItem::Key(key) if key.name == "crate" => {
                let word = key.name.clone();
                set_once(&mut path, &word, key.path(errors), errors);
            }
            MetaItem::Key(key) => {
                let help = suggestion::help(&format!("`{name}`"), &key.name.to_string(), &["crate"]);
                errors.at(&key.name, format!("unknown key `{}`{help}", key.name));
            }
            MetaItem::Literal(literal) => errors.at(literal, format!("`{name}` takes the key `crate`")),
        }
    }
    crate_path(path)
}

/// Returns the arguments of every attribute with this name.
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
