//! The items between the parentheses of an attribute: literals, keys, and keys with values.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, Lit, LitInt, LitStr, Path, Token};

use crate::errors::Errors;

/// One item of the list.
pub(crate) enum MetaItem {
    Literal(Lit),
    Key(Key),
}

/// A key and the tokens after its `=`, if any.
pub(crate) struct Key {
    pub(crate) name: Ident,
    value: Option<TokenStream>,
}

impl Parse for MetaItem {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Lit) {
            return Ok(Self::Literal(input.parse()?));
        }
        let name = Ident::parse_any(input)?;
        if input.is_empty() {
            return Ok(Self::Key(Key { name, value: None }));
        }
        input.parse::<Token![=]>()?;
        Ok(Self::Key(Key {
            name,
            value: Some(input.parse()?),
        }))
    }
}

/// Parses the items of a list. An item that does not parse becomes an error.
pub(crate) fn read_all(tokens: TokenStream, errors: &mut Errors) -> Vec<MetaItem> {
    split(tokens)
        .into_iter()
        .filter_map(|tokens| errors.ok(syn::parse2(tokens)))
        .collect()
}

/// Splits a list at its commas, so that an error in one item does not hide errors in the next.
pub(crate) fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match (token, parts.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => parts.push(TokenStream::new()),
            (token, Some(part)) => part.extend([token]),
            (_, None) => {}
        }
    }
    parts.pop_if(|part| part.is_empty());
    parts
}

impl Key {
    fn value<T: Parse>(self, what: &str, errors: &mut Errors) -> Option<T> {
        let Self { name, value } = self;
        match value.filter(|value| !value.is_empty()) {
            None => errors.at(&name, format!("`{name}` must have a value: {what}")),
            Some(value) => match syn::parse2(value.clone()) {
                Ok(value) => return Some(value),
                Err(_) => errors.at(value, format!("`{name}` must be {what}")),
            },
        }
        None
    }

    /// Returns the value of `channel`: a pattern or the path of a channel type.
    pub(crate) fn channel(self, errors: &mut Errors) -> Option<ChannelValue> {
        self.value(
            "a pattern in a string literal, such as `\"chat:{room}\"`, or a channel type, such as `Chat`",
            errors,
        )
    }

    pub(crate) fn string(self, errors: &mut Errors) -> Option<LitStr> {
        self.value("a string literal", errors)
    }

    pub(crate) fn time(self, errors: &mut Errors) -> Option<LitStr> {
        self.value("a string literal, such as `\"30s\"`", errors)
    }

    pub(crate) fn number(self, errors: &mut Errors) -> Option<LitInt> {
        self.value("a number", errors)
    }

    pub(crate) fn path(self, errors: &mut Errors) -> Option<Path> {
        self.value::<ModPath>("a path, such as `::my_centrifugo`", errors)
            .map(|path| path.0)
    }

    pub(crate) fn function(self, errors: &mut Errors) -> Option<Path> {
        self.value("the path of a function", errors)
    }

    /// Returns the key, which must have no value.
    pub(crate) fn flag(self, errors: &mut Errors) -> Option<Ident> {
        let Self { name, value } = self;
        match value {
            Some(value) => {
                errors.at(WithValue(&name, value), format!("`{name}` takes no value"));
                None
            }
            None => Some(name),
        }
    }
}

/// The value of the key `channel`.
pub(crate) enum ChannelValue {
    Pattern(LitStr),
    Type(Path),
}

impl Parse for ChannelValue {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            input.parse().map(Self::Pattern)
        } else {
            input.parse().map(Self::Type)
        }
    }
}

/// Sets the option, or reports a duplicate key.
pub(crate) fn set_once<T>(option: &mut Option<T>, name: &Ident, value: Option<T>, errors: &mut Errors) {
    match option {
        Some(_) => errors.at(name, format!("`{name}` is given twice")),
        None => *option = value,
    }
}

struct ModPath(Path);

impl Parse for ModPath {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Path::parse_mod_style).map(Self)
    }
}

struct WithValue<'a>(&'a Ident, TokenStream);

impl ToTokens for WithValue<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
        self.1.to_tokens(tokens);
    }
}
