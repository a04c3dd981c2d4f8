//! `#[derive(ReplyError)]`: converts each variant of an error into the error that the client receives.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Data, DeriveInput, Fields, LitInt, LitStr, Path, Token};

use crate::codegen::{self, crate_path};
use crate::derive;
use crate::errors::Errors;
use crate::meta_item::{self, MetaItem, set_once};
use crate::signature::docs;
use crate::suggestion;

/// The longest disconnect reason that Centrifugo sends, in bytes.
const REASON_LEN: usize = 32;

/// Returns the implementations, or the errors.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    derive::expand(item, implement)
}

fn implement(input: &DeriveInput, errors: &mut Errors) -> Option<TokenStream> {
    let krate = container_crate(&input.attrs, errors);
    let (arms, infos): (Vec<_>, Vec<_>) = match &input.data {
        Data::Enum(data) => {
            refuse_answers(&input.attrs, errors);
            let arm = |variant: &syn::Variant, errors: &mut Errors| {
                let name = &variant.ident;
                Case::read(name, &variant.attrs, &variant.fields, errors).map(|case| {
                    let info = case.info(&krate, name, &docs(&variant.attrs));
                    (case.arm(&krate, &quote! { Self::#name }), info)
                })
            };
            data.variants
                .iter()
                .filter_map(|variant| arm(variant, errors))
                .unzip()
        }
        Data::Struct(data) => {
            let case = Case::read(&input.ident, &input.attrs, &data.fields, errors)?;
            let info = case.info(&krate, &input.ident, &docs(&input.attrs));
            (vec![case.arm(&krate, &quote! { Self })], vec![info])
        }
        Data::Union(_) => {
            errors.at(
                &input.ident,
                "`ReplyError` is derived for an enum or a struct, not for a union",
            );
            return None;
        }
    };
    let name = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let location = codegen::location(name);
    let docs = docs(&input.attrs);
    let is_generic = !input.generics.params.is_empty();
    let registration = (!is_generic).then(|| quote! { #krate::__private::register_error!(#name); });
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics #krate::__private::ReplyError for #name #ty_generics #where_clause {
            fn into_error(self) -> #krate::__private::Error {
                match self { #(#arms)* }
            }
            #krate::__private::error_info! {
                #krate::__private::ErrorInfo { #location docs: #docs, cases: &[#(#infos),*] }
            }
        }

        #[automatically_derived]
        impl #impl_generics ::core::convert::From<#name #ty_generics> for #krate::__private::Error #where_clause {
            fn from(error: #name #ty_generics) -> Self {
                #krate::__private::ReplyError::into_error(error)
            }
        }

        #registration
    })
}

fn container_crate(attrs: &[Attribute], errors: &mut Errors) -> Path {
    let mut krate = None;
    for tokens in derive::attributes(attrs, "reply", errors) {
        for item in meta_item::read_all(tokens, &mut Errors::default()) {
            if let MetaItem::Key(key) = item
                && key.name == "crate"
            {
                krate = key.path(errors);
            }
        }
    }
    crate_path(krate)
}

/// Reports keys on the enum that belong on its variants.
fn refuse_answers(attrs: &[Attribute], errors: &mut Errors) {
    for tokens in derive::attributes(attrs, "reply", &mut Errors::default()) {
        for item in meta_item::read_all(tokens, errors) {
            match item {
                MetaItem::Key(key) if key.name == "crate" => {}
                MetaItem::Key(key) => errors.at(
                    &key.name,
                    format!(
                        "`{}` belongs on the variants of an enum, not on the enum",
                        key.name
                    ),
                ),
                MetaItem::Literal(literal) => {
                    errors.at(
                        literal,
                        "`reply` takes keys, such as `error = 404`, on each variant",
                    );
                }
            }
        }
    }
}

/// A variant of an enum, or a struct.
struct Case {
    fields: Fields,
    answer: Answer,
    /// Whether `thiserror` derives a source for the variant.
    has_source: bool,
}

enum Answer {
    Internal,
    Transparent,
    Error {
        code: LitInt,
        text: Text,
        temporary: bool,
    },
    Disconnect {
        code: LitInt,
        text: Text,
    },
}

enum Text {
    Literal(LitStr),
    /// The text of `Display`, with its format string.
    Display(LitStr),
}

#[derive(Default)]
struct Keys {
    error: Option<LitInt>,
    disconnect: Option<LitInt>,
    temporary: Option<Ident>,
    internal: Option<Ident>,
    transparent: Option<Ident>,
    message: Option<LitStr>,
    reason: Option<LitStr>,
}

const KEYS: &[&str] = &[
    "error",
    "disconnect",
    "temporary",
    "message",
    "reason",
    "internal",
    "transparent",
    "crate",
];

impl Keys {
    fn read(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut keys = Self::default();
        for item in derive::attributes(attrs, "reply", errors)
            .into_iter()
            .flat_map(|tokens| meta_item::read_all(tokens, errors))
            .collect::<Vec<_>>()
        {
            let key = match item {
                MetaItem::Key(key) => key,
                MetaItem::Literal(literal) => {
                    errors.at(literal, "`reply` takes keys, such as `error = 404`");
                    continue;
                }
            };
            let name = key.name.clone();
            match name.to_string().as_str() {
                "error" => set_once(&mut keys.error, &name, key.number(errors), errors),
                "disconnect" => set_once(&mut keys.disconnect, &name, key.number(errors), errors),
                "message" => set_once(&mut keys.message, &name, key.string(errors), errors),
                "reason" => set_once(&mut keys.reason, &name, key.string(errors), errors),
                "temporary" => set_once(&mut keys.temporary, &name, key.flag(errors), errors),
                "internal" => set_once(&mut keys.internal, &name, key.flag(errors), errors),
                "transparent" => set_once(&mut keys.transparent, &name, key.flag(errors), errors),
                "crate" => {}
                typed => errors.at(
                    &name,
                    format!(
                        "unknown key `{typed}`{}",
                        suggestion::help("`reply`", typed, KEYS)
                    ),
                ),
            }
        }
        keys
    }
}

impl Case {
    fn read(name: &Ident, attrs: &[Attribute], fields: &Fields, errors: &mut Errors) -> Option<Self> {
        let (before, keys) = (errors.count(), Keys::read(attrs, errors));
        let answers = [
            keys.error.is_some(),
            keys.disconnect.is_some(),
            keys.internal.is_some(),
            keys.transparent.is_some(),
        ];
        let given = answers.iter().filter(|given| **given).count();
        if given == 0 && errors.count() > before {
            // The errors of the keys have already been reported.
            return None;
        }
        if given != 1 {
            errors.at(
                name,
                format!(
                    "`{name}` must have exactly one reply for the client\nhelp: `#[reply(error = 404)]`, \
                     `#[reply(disconnect = 4501)]`, `#[reply(internal)]` or `#[reply(transparent)]`"
                ),
            );
            return None;
        }
        if let Some(temporary) = keys.temporary.as_ref().filter(|_| keys.error.is_none()) {
            errors.at(temporary, "`temporary` can only be used with `error`");
        }
        let answer = if keys.internal.is_some() {
            Answer::Internal
        } else if keys.transparent.is_some() {
            if fields.len() != 1 {
                errors.at(
                    name,
                    format!("`{name}` must have exactly one field to be `transparent`"),
                );
                return None;
            }
            Answer::Transparent
        } else {
            let is_disconnect = keys.disconnect.is_some();
            let own = if is_disconnect {
                keys.reason.or(keys.message)
            } else {
                keys.message
            };
            let text = text(name, own, attrs, fields, errors)?;
            if let (true, Text::Literal(reason)) = (is_disconnect, &text) {
                check_reason(reason, errors);
            }
            match (keys.error, keys.disconnect) {
                (Some(code), _) => Answer::Error {
                    code,
                    text,
                    temporary: keys.temporary.is_some(),
                },
                (None, Some(code)) => Answer::Disconnect { code, text },
                (None, None) => return None,
            }
        };
        let is_thiserror = attrs.iter().any(|attr| attr.path().is_ident("error"));
        Some(Self {
            fields: fields.clone(),
            answer,
            has_source: is_thiserror && fields.iter().any(is_source),
        })
    }

    /// Returns the match arm for a reply. If thiserror derives a source, the error becomes the source of the reply, so
    /// that the log shows both.
    fn reply_arm(&self, path: &TokenStream, reply: &TokenStream) -> TokenStream {
        if self.has_source {
            quote! { this @ #path { .. } => #reply.with_source(this), }
        } else {
            quote! { ref this @ #path { .. } => { let _ = this; #reply } }
        }
    }

    /// Describes the case, for the description of the program.
    fn info(&self, krate: &Path, name: &Ident, docs: &str) -> TokenStream {
        let private = quote! { #krate::__private };
        let answer = match &self.answer {
            Answer::Internal => quote! { Internal },
            Answer::Transparent => {
                let ty = self.fields.iter().map(|field| &field.ty);
                quote! { Transparent(#(<#ty as #private::ReplyError>::INFO)*) }
            }
            Answer::Error {
                code,
                text,
                temporary,
            } => {
                let text = text.info(&private);
                quote! { Error { code: #code, message: #text, is_temporary: #temporary } }
            }
            Answer::Disconnect { code, text } => {
                let text = text.info(&private);
                quote! { Disconnect { code: #code, reason: #text } }
            }
        };
        let name = name.unraw().to_string();
        quote! { #private::ErrorCase { name: #name, docs: #docs, answer: #private::ErrorAnswer::#answer } }
    }

    fn arm(&self, krate: &Path, path: &TokenStream) -> TokenStream {
        match &self.answer {
            Answer::Internal => quote! { this @ #path { .. } => #krate::__private::Error::internal(this), },
            Answer::Transparent => {
                let member = self.fields.members().next();
                quote! { #path { #member: inner } => #krate::__private::ReplyError::into_error(inner), }
            }
            Answer::Error {
                code,
                text,
                temporary,
            } => {
                let temporary = temporary.then(|| quote! { .temporary() });
                let text = text.expression();
                self.reply_arm(
                    path,
                    &quote! { #krate::__private::Error::custom::<#code>(#text) #temporary },
                )
            }
            Answer::Disconnect { code, text } => {
                let text = text.expression();
                self.reply_arm(
                    path,
                    &quote! { #krate::__private::Error::disconnect::<#code>(#text) },
                )
            }
        }
    }
}

impl Text {
    fn info(&self, private: &TokenStream) -> TokenStream {
        match self {
            Self::Literal(literal) => quote! { #private::ErrorText::Fixed(#literal) },
            Self::Display(format) => quote! { #private::ErrorText::Format(#format) },
        }
    }

    fn expression(&self) -> TokenStream {
        match self {
            Self::Literal(literal) => literal.to_token_stream(),
            Self::Display(_) => quote! { ::std::string::ToString::to_string(this) },
        }
    }
}

/// Returns the message for the client: the message of `#[reply]`, or else the text of `#[error]`.
fn text(
    name: &Ident,
    own: Option<LitStr>,
    attrs: &[Attribute],
    fields: &Fields,
    errors: &mut Errors,
) -> Option<Text> {
    if let Some(own) = own {
        return Some(Text::Literal(own));
    }
    let error = attrs.iter().find(|attr| attr.path().is_ident("error"));
    let Some(literal) = error.and_then(|attr| attr.parse_args_with(first_literal).ok()) else {
        errors.at(
            name,
            format!(
                "`{name}` must have a message for the client\n\
                 help: `message = \"..\"` beside the code, or `#[error(\"..\")]`"
            ),
        );
        return None;
    };
    let value = literal.value();
    if !value.replace("{{", "").replace("}}", "").contains('{') {
        return Some(Text::Literal(LitStr::new(
            &value.replace("{{", "{").replace("}}", "}"),
            literal.span(),
        )));
    }
    if fields.iter().any(is_source) {
        errors.at(
            &literal,
            format!(
                "the message of `{name}` could show its source to the client\n\
                 help: `message = \"..\"` beside the code, or `#[reply(internal)]`"
            ),
        );
        return None;
    }
    Some(Text::Display(literal))
}

fn first_literal(input: syn::parse::ParseStream<'_>) -> syn::Result<LitStr> {
    let literal = input.parse()?;
    if input.peek(Token![,]) {
        input.parse::<TokenStream>()?;
    }
    Ok(literal)
}

fn is_source(field: &syn::Field) -> bool {
    field.ident.as_ref().is_some_and(|name| name == "source")
        || field
            .attrs
            .iter()
            .any(|attr| attr.path().is_ident("from") || attr.path().is_ident("source"))
}

fn check_reason(reason: &LitStr, errors: &mut Errors) {
    let value = reason.value();
    if value.len() > REASON_LEN || !value.is_ascii() {
        errors.at(
            reason,
            format!(
                "a disconnect reason must be ASCII of at most {REASON_LEN} bytes; this one has {} bytes\n\
                 help: `reason = \"..\"` beside the code",
                value.len()
            ),
        );
    }
}
