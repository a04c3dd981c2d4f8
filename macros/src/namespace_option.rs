//! An option of a channel type's namespace, checked against the options of Centrifugo.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Lit, LitInt, LitStr, Token, bracketed};

use crate::errors::Errors;
use crate::namespace_options::NAMESPACE_OPTIONS;
use crate::suggestion;

/// Centrifugo's documentation of the options.
const DOCUMENTATION: &str = "https://centrifugal.dev/docs/server/channels#channel-options";

/// The type of an option's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OptionType {
    Bool,
    Int,
    Text,
    Duration,
    TextList,
}

/// An option of a namespace, with its value.
pub(crate) struct NamespaceOption {
    pub(crate) name: String,
    value: OptionValue,
}

enum OptionValue {
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<String>),
}

/// The value in an attribute.
enum ValueTokens {
    Bool(bool),
    Int(i64),
    Text(LitStr),
    List(Vec<LitStr>),
    Other,
}

impl Parse for ValueTokens {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(syn::token::Bracket) {
            let content;
            bracketed!(content in input);
            let items = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
            return Ok(Self::List(items.into_iter().collect()));
        }
        if input.peek(Token![-]) {
            input.parse::<Token![-]>()?;
            let number: LitInt = input.parse()?;
            return Ok(Self::Int(
                format!("-{}", number.base10_digits())
                    .parse()
                    .map_err(|error| syn::Error::new(number.span(), error))?,
            ));
        }
        Ok(match input.parse()? {
            Lit::Bool(value) => Self::Bool(value.value),
            Lit::Int(value) if value.suffix().is_empty() => Self::Int(value.base10_parse()?),
            Lit::Str(value) => Self::Text(value),
            _ => Self::Other,
        })
    }
}

impl OptionType {
    fn expected(self) -> &'static str {
        match self {
            Self::Bool => "`true` or `false`; without a value it is `true`",
            Self::Int => "a number, such as `100`",
            Self::Text => "a string literal",
            Self::Duration => {
                "a duration of Centrifugo in a string literal, such as `\"300s\"`, `\"1h\"` or `\"1h30m\"`"
            }
            Self::TextList => "a list of string literals, such as `[\"fossil\"]`",
        }
    }
}

impl NamespaceOption {
    /// Reads an option. `keys` are the keys of the attribute that are no options.
    pub(crate) fn read(
        name: &str,
        name_tokens: &TokenStream,
        value: Option<TokenStream>,
        keys: &[&'static str],
        errors: &mut Errors,
    ) -> Option<Self> {
        if name == "name" {
            errors.at(name_tokens, "the name of the namespace is not an option\nhelp: it is the text before the first `:` of the pattern");
            return None;
        }
        let Some((_, option_type)) = NAMESPACE_OPTIONS.iter().find(|(known, _)| *known == name) else {
            errors.at(name_tokens, unknown(name, keys));
            return None;
        };
        if is_of_a_proxy(name) {
            errors.at(
                name_tokens,
                format!(
                    "`{name}` is not written: the options of proxies follow from the handlers\n\
                     help: remove it, and write a handler with `channel =` this type"
                ),
            );
            return None;
        }
        let value = match value {
            None if *option_type == OptionType::Bool => Some(OptionValue::Bool(true)),
            None => {
                errors.at(
                    name_tokens,
                    format!("`{name}` must have a value: {}", option_type.expected()),
                );
                None
            }
            Some(tokens) => {
                let parsed = syn::parse2(tokens.clone()).unwrap_or(ValueTokens::Other);
                let value = option_type.accept(parsed);
                if value.is_none() {
                    let tokens = if tokens.is_empty() { name_tokens } else { &tokens };
                    errors.at(tokens, format!("`{name}` must be {}", option_type.expected()));
                }
                value
            }
        };
        Some(Self {
            name: name.to_owned(),
            value: value?,
        })
    }

    /// Returns the value for the registration.
    pub(crate) fn value(&self, krate: &syn::Path) -> TokenStream {
        let option_value = quote! { #krate::__private::OptionValue };
        match &self.value {
            OptionValue::Bool(value) => quote! { #option_value::Bool(#value) },
            OptionValue::Int(value) => {
                let value = proc_macro2::Literal::i64_suffixed(*value);
                quote! { #option_value::Int(#value) }
            }
            OptionValue::Text(value) => {
                let value = LitStr::new(value, Span::call_site());
                quote! { #option_value::Text(#value) }
            }
            OptionValue::List(values) => quote! { #option_value::List(&[#(#values),*]) },
        }
    }
}

impl OptionType {
    fn accept(self, value: ValueTokens) -> Option<OptionValue> {
        match (self, value) {
            (Self::Bool, ValueTokens::Bool(value)) => Some(OptionValue::Bool(value)),
            (Self::Int, ValueTokens::Int(value)) => Some(OptionValue::Int(value)),
            (Self::Text, ValueTokens::Text(value)) => Some(OptionValue::Text(value.value())),
            (Self::Duration, ValueTokens::Text(value)) => {
                let text = value.value();
                is_go_duration(&text).then_some(OptionValue::Text(text))
            }
            (Self::TextList, ValueTokens::List(values)) => {
                Some(OptionValue::List(values.iter().map(LitStr::value).collect()))
            }
            _ => None,
        }
    }
}

/// Returns whether an option says which proxy Centrifugo calls.
fn is_of_a_proxy(name: &str) -> bool {
    name.contains("proxy")
}

fn unknown(name: &str, keys: &[&'static str]) -> String {
    let names: Vec<_> = NAMESPACE_OPTIONS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| *name != "name" && !is_of_a_proxy(name))
        .chain(keys.iter().copied())
        .collect();
    let meant = suggestion::nearest(name, &names)
        .map(|name| format!("\nhelp: did you mean `{name}`?"))
        .unwrap_or_default();
    format!(
        "unknown key `{name}`: `channel` takes `publication`, `item`, `crate`, and the options of a namespace in Centrifugo 6.9{meant}\n\
         help: {DOCUMENTATION}"
    )
}

/// Returns whether a text is a duration as Go parses it: `1h30m`, `1.5s`, `0`. Negative durations are refused.
fn is_go_duration(text: &str) -> bool {
    if text == "0" {
        return true;
    }
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number = &rest[..rest.len() - digits.len()];
        let unit_len = digits
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(digits.len());
        let is_number = number.bytes().any(|byte| byte.is_ascii_digit())
            && number.bytes().filter(|byte| *byte == b'.').count() <= 1;
        let is_unit = matches!(
            &digits[..unit_len],
            "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h"
        );
        if !is_number || !is_unit {
            return false;
        }
        rest = &digits[unit_len..];
    }
    !text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_durations_of_go() {
        for text in ["1h", "300s", "1h30m", "1.5s", ".5s", "0", "0s", "100ms", "10µs"] {
            assert!(is_go_duration(text), "{text}");
        }
        for text in ["", "1", "h", "1d", "1 h", "-1s", "1.2.3s", ".s", "1h30", "1H"] {
            assert!(!is_go_duration(text), "{text}");
        }
    }

    #[test]
    fn suggests_the_nearest_option() {
        assert!(unknown("histroy_size", &[]).contains("did you mean `history_size`?"));
        assert!(unknown("publicaton", &["publication"]).contains("did you mean `publication`?"));
        assert!(unknown("map.keyttl", &[]).contains("did you mean `map.key_ttl`?"));
        assert!(!unknown("colour", &[]).contains("did you mean"));
    }
}
