//! The signature of a function. The body is not parsed: the compiler reports syntax errors in it.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Expr, FnArg, Ident, Lit, Meta, Pat, ReturnType, Safety, Signature, Token, Type, Visibility,
};

use crate::errors::Errors;

/// An attribute, with the noun that errors use for its function.
#[derive(Clone, Copy)]
pub(crate) struct Role {
    pub(crate) attribute: &'static str,
    pub(crate) noun: &'static str,
}

/// The parts of a function that an expansion uses.
pub(crate) struct Function {
    pub(crate) name: Ident,
    pub(crate) is_async: bool,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) output: Option<Type>,
    pub(crate) docs: String,
}

/// An argument of a function. It has no name if its pattern destructures the value.
pub(crate) struct Argument {
    pub(crate) name: Option<Ident>,
    pub(crate) ty: Type,
}

impl Role {
    /// Parses and checks the function. Returns `None` if the item cannot be parsed.
    pub(crate) fn read(self, item: TokenStream, errors: &mut Errors) -> Option<Function> {
        match errors.ok(syn::parse2(item))? {
            Item::Other(first) => {
                errors.at(first, format!("`#[{}]` must be on a function", self.attribute));
                None
            }
            Item::Function {
                attributes,
                signature,
            } => {
                self.check(&signature, errors);
                Some(Function::new(&attributes, *signature))
            }
        }
    }

    /// Returns the start of an error: ``handler `x` must``.
    pub(crate) fn must(self, name: &Ident) -> String {
        format!("{} `{name}` must", self.noun)
    }

    fn check(self, signature: &Signature, errors: &mut Errors) {
        let must = self.must(&signature.ident);
        if signature.ident == "main" {
            errors.at(
                &signature.ident,
                format!("{must} have another name: `main` is the entry point of the program"),
            );
        }
        if let Some(token) = &signature.constness {
            errors.at(token, format!("{must} not be `const`"));
        }
        if let Safety::Unsafe(token) = &signature.safety {
            errors.at(token, format!("{must} not be `unsafe`"));
        }
        if let Some(abi) = &signature.abi {
            errors.at(abi, format!("{must} not be `extern`"));
        }
        if !signature.generics.params.is_empty() {
            errors.at(
                &signature.generics,
                format!(
                    "{must} not be generic\nhelp: use a concrete type; no call chooses the generic arguments"
                ),
            );
        }
        for input in &signature.inputs {
            match input {
                FnArg::Receiver(receiver) => {
                    errors.at(receiver, format!("{must} be a free function, without `self`"));
                }
                FnArg::Typed(argument) => self.check_type(&must, &argument.ty, errors),
            }
            for attribute in attributes(input) {
                let help = match attribute.path().is_ident("cfg") {
                    true => "\nhelp: write two functions, each with its own `#[cfg]`",
                    false => "",
                };
                errors.at(
                    attribute,
                    format!("{must} have no attributes on its arguments{help}"),
                );
            }
        }
        if let Some(variadic) = &signature.variadic {
            errors.at(variadic, format!("{must} not be variadic"));
        }
    }

    fn check_type(self, must: &str, ty: &Type, errors: &mut Errors) {
        match owned(ty) {
            Owned::Yes => {}
            Owned::Impl => errors.at(ty, format!("{must} have named argument types, without `impl`")),
            Owned::No => {
                let is_str = matches!(ty, Type::Reference(reference)
                    if matches!(&*reference.elem, Type::Path(path) if path.path.is_ident("str")));
                let help = if is_str { "\nhelp: take a `String`" } else { "" };
                errors.at(ty, format!("{must} take owned values, without lifetimes{help}"));
            }
        }
    }
}

enum Owned {
    Yes,
    Impl,
    No,
}

/// Checks whether a type has no borrowed lifetime and no `impl`.
fn owned(ty: &Type) -> Owned {
    if matches!(ty, Type::Reference(reference) if reference.lifetime.is_none()) {
        return Owned::No;
    }
    let mut verdict = Owned::Yes;
    scan(ty.to_token_stream(), &mut verdict);
    verdict
}

fn scan(tokens: TokenStream, verdict: &mut Owned) {
    let mut after_quote = false;
    for token in tokens {
        let quoted = std::mem::take(&mut after_quote);
        match token {
            TokenTree::Group(group) => scan(group.stream(), verdict),
            // `for<'a>` introduces lifetimes that are not borrowed from the context.
            TokenTree::Ident(ident) if ident == "for" => return,
            TokenTree::Ident(ident) if ident == "impl" => *verdict = Owned::Impl,
            TokenTree::Ident(ident) if quoted && ident != "static" => *verdict = Owned::No,
            TokenTree::Punct(punct) => after_quote = punct.as_char() == '\'',
            _ => {}
        }
    }
}

impl Function {
    fn new(attributes: &[Attribute], signature: Signature) -> Self {
        let arguments = signature.inputs.into_iter().filter_map(|input| match input {
            FnArg::Typed(argument) => Some(Argument {
                name: name(*argument.pat),
                ty: *argument.ty,
            }),
            FnArg::Receiver(_) => None,
        });
        Self {
            name: signature.ident,
            is_async: signature.asyncness.is_some(),
            arguments: arguments.collect(),
            output: match signature.output {
                ReturnType::Default => None,
                ReturnType::Type(_, ty) => Some(*ty),
            },
            docs: docs(attributes),
        }
    }

    /// Returns whether the signature has no return type or `()`. An alias of `()` is not recognized.
    pub(crate) fn returns_nothing(&self) -> bool {
        self.output
            .as_ref()
            .is_none_or(|ty| matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty()))
    }
}

fn name(pattern: Pat) -> Option<Ident> {
    match pattern {
        Pat::Ident(pattern) => Some(pattern.ident),
        _ => None,
    }
}

fn attributes(input: &FnArg) -> &[Attribute] {
    match input {
        FnArg::Receiver(receiver) => &receiver.attrs,
        FnArg::Typed(argument) => &argument.attrs,
    }
}

pub(crate) fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let Meta::NameValue(pair) = &attribute.meta else {
            return None;
        };
        let Expr::Lit(value) = &pair.value else {
            return None;
        };
        let Lit::Str(text) = &value.lit else { return None };
        let text = text.value();
        pair.path
            .is_ident("doc")
            .then(|| text.strip_prefix(' ').unwrap_or(&text).trim_end().to_owned())
    });
    lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// An item with an attribute, parsed up to the body.
enum Item {
    Function {
        attributes: Vec<Attribute>,
        signature: Box<Signature>,
    },
    Other(TokenTree),
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let item = if is_function(&input.fork()) {
            Self::Function {
                attributes,
                signature: input.parse()?,
            }
        } else {
            Self::Other(input.parse()?)
        };
        input.parse::<TokenStream>()?;
        Ok(item)
    }
}

/// Returns whether `fn` follows, possibly after qualifiers such as `async`.
fn is_function(input: ParseStream<'_>) -> bool {
    while !input.is_empty() && !input.peek(Token![fn]) {
        let word = input.peek(Token![const])
            || input.peek(Token![async])
            || input.peek(Token![unsafe])
            || input.peek(Token![extern])
            || input.peek(syn::LitStr);
        if !word || input.parse::<TokenTree>().is_err() {
            return false;
        }
    }
    input.peek(Token![fn])
}
