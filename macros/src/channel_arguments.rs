//! The arguments of `#[channel]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, Lit, LitStr, Path, Token, Type};

use crate::errors::Errors;
use crate::meta_item;
use crate::namespace_option::NamespaceOption;

/// The keys that are not options of the namespace.
const KEYS: [&str; 3] = ["publication", "item", "crate"];

/// The arguments of the attribute. Those with errors are left out.
#[derive(Default)]
pub(crate) struct ChannelArguments {
    pub(crate) pattern: Option<LitStr>,
    pub(crate) publication: Option<Type>,
    pub(crate) item: Option<Type>,
    pub(crate) krate: Option<Path>,
    pub(crate) options: Vec<NamespaceOption>,
}

enum Argument {
    Literal(Lit),
    Key {
        name: String,
        tokens: TokenStream,
        value: Option<TokenStream>,
    },
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Lit) && !input.peek(syn::LitBool) {
            return Ok(Self::Literal(input.parse()?));
        }
        let first = Ident::parse_any(input)?;
        let (mut name, mut tokens) = (first.unraw().to_string(), quote! { #first });
        while input.peek(Token![.]) {
            let dot: Token![.] = input.parse()?;
            let part = Ident::parse_any(input)?;
            name = format!("{name}.{}", part.unraw());
            tokens = quote! { #tokens #dot #part };
        }
        let value = if input.is_empty() {
            None
        } else {
            input.parse::<Token![=]>()?;
            Some(input.parse()?)
        };
        Ok(Self::Key { name, tokens, value })
    }
}

impl ChannelArguments {
    pub(crate) fn read(arguments: TokenStream, errors: &mut Errors) -> Self {
        let mut read = Self::default();
        let mut has_pattern_attempt = false;
        let mut seen: Vec<String> = Vec::new();
        for tokens in meta_item::split(arguments) {
            match errors.ok(syn::parse2(tokens)) {
                Some(Argument::Literal(literal)) => {
                    has_pattern_attempt = true;
                    read.literal(literal, errors);
                }
                Some(Argument::Key { name, tokens, value }) => {
                    has_pattern_attempt |= matches!(name.as_str(), "pattern" | "channel");
                    if seen.contains(&name) {
                        errors.at(&tokens, format!("`{name}` is given twice"));
                        continue;
                    }
                    seen.push(name.clone());
                    read.key(&name, &tokens, value, errors);
                }
                None => has_pattern_attempt = true,
            }
        }
        if !has_pattern_attempt {
            errors.at_attribute(
                "`channel` must have a pattern\nhelp: `#[channel(\"chat:{room}\", publication = Line)]`",
            );
        }
        read
    }

    fn literal(&mut self, literal: Lit, errors: &mut Errors) {
        match literal {
            Lit::Str(pattern) if self.pattern.is_none() => self.pattern = Some(pattern),
            Lit::Str(pattern) => errors.at(
                pattern,
                "`channel` takes one pattern\nhelp: write another struct for another family of channels",
            ),
            other => errors.at(other, "a pattern must be a string literal"),
        }
    }

    fn key(&mut self, name: &str, tokens: &TokenStream, value: Option<TokenStream>, errors: &mut Errors) {
        match name {
            "publication" => self.publication = read_value(name, tokens, value, "a type, such as `Line`", errors),
            "item" => self.item = read_value(name, tokens, value, "a type, such as `Score`", errors),
            "crate" => {
                self.krate = read_value(name, tokens, value, "a path, such as `::my_centrifugo`", errors);
            }
            "pattern" | "channel" => errors.at(
                tokens,
                format!("`{name}` is not a key: the pattern comes first and has none\nhelp: `#[channel(\"chat:{{room}}\", ..)]`"),
            ),
            _ => self
                .options
                .extend(NamespaceOption::read(name, tokens, value, &KEYS, errors)),
        }
    }
}

fn read_value<T: Parse>(
    name: &str,
    tokens: &TokenStream,
    value: Option<TokenStream>,
    what: &str,
    errors: &mut Errors,
) -> Option<T> {
    match value.filter(|value| !value.is_empty()) {
        None => errors.at(tokens, format!("`{name}` must have a value: {what}")),
        Some(value) => match syn::parse2(value.clone()) {
            Ok(value) => return Some(value),
            Err(_) => errors.at(value, format!("`{name}` must be {what}")),
        },
    }
    None
}
