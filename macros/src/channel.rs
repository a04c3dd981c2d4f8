//! `#[channel]`: makes a struct a channel type.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned as _;
use syn::{Fields, Ident, ItemStruct, LitStr, Type};

use crate::channel_arguments::ChannelArguments;
use crate::codegen::{self, crate_path};
use crate::errors::{Errors, keep_item};
use crate::pattern::{self, PatternPart};
use crate::route::type_name;
use crate::signature::docs;

/// A field of the struct, with its wildcard and the literal text after it.
struct ChannelField {
    ident: Ident,
    ty: Type,
    is_rest: bool,
    after: String,
}

/// Returns the struct with its implementations, or with the errors.
pub(crate) fn attribute(arguments: TokenStream, item: TokenStream) -> TokenStream {
    keep_item(item, |item, errors| {
        let arguments = ChannelArguments::read(arguments, errors);
        let item = read_struct(item, errors)?;
        let pattern = arguments.pattern.clone()?;
        let parts = parts(&pattern, errors)?;
        let (prefix, fields) = fields(&pattern, parts, &item, errors)?;
        check_namespace(&pattern, &prefix, &fields, &arguments, errors);
        Some(implement(&arguments, &item, &pattern, &prefix, &fields))
    })
}

fn read_struct(item: TokenStream, errors: &mut Errors) -> Option<ItemStruct> {
    let Ok(item) = syn::parse2::<ItemStruct>(item.clone()) else {
        errors.at(
            item.into_iter().next(),
            "`#[channel]` must be on a struct whose fields are the names in the pattern",
        );
        return None;
    };
    if !item.generics.params.is_empty() {
        errors.at(
            &item.generics,
            format!(
                "channel type `{}` must not be generic\nhelp: use a concrete type; the registration has one pattern and one publication",
                item.ident
            ),
        );
        return None;
    }
    Some(item)
}

fn parts(pattern: &LitStr, errors: &mut Errors) -> Option<Vec<PatternPart>> {
    pattern::parts(&pattern.value())
        .map_err(|messages| {
            messages
                .into_iter()
                .for_each(|message| errors.at(pattern, message));
        })
        .ok()
}

/// Matches the names of the pattern with the fields of the struct. Returns the literal text before the first field too.
fn fields(
    pattern: &LitStr,
    parts: Vec<PatternPart>,
    item: &ItemStruct,
    errors: &mut Errors,
) -> Option<(String, Vec<ChannelField>)> {
    let text = pattern.value();
    let known = match &item.fields {
        Fields::Unnamed(fields) => {
            errors.at(
                fields,
                format!(
                    "channel type `{}` must have named fields: they are the names in its pattern",
                    item.ident
                ),
            );
            return None;
        }
        fields => fields,
    };
    let count = errors.count();
    let mut prefix = String::new();
    let mut fields: Vec<ChannelField> = Vec::new();
    for part in parts {
        let (name, is_rest) = match part {
            PatternPart::Text(text) => {
                fields
                    .last_mut()
                    .map_or(&mut prefix, |field| &mut field.after)
                    .push_str(&text);
                continue;
            }
            PatternPart::Any => {
                errors.at(
                    pattern,
                    format!("pattern `{text}` of a channel type has `*`, whose text no field has\nhelp: name it: `{{rest*}}`, and add a field `rest`"),
                );
                continue;
            }
            PatternPart::Segment(name) => (name, false),
            PatternPart::Rest(name) => (name, true),
        };
        let field = known
            .iter()
            .find(|field| field.ident.as_ref().is_some_and(|ident| ident.unraw() == name));
        match field.and_then(|field| Some((field.ident.clone()?, field.ty.clone()))) {
            Some((ident, ty)) => fields.push(ChannelField {
                ident,
                ty,
                is_rest,
                after: String::new(),
            }),
            None => errors.at(
                pattern,
                format!(
                    "pattern `{text}` names `{name}`, but `{}` has no field of that name",
                    item.ident
                ),
            ),
        }
    }
    for field in known {
        let is_named = |ident: &Ident| fields.iter().any(|named| named.ident == *ident);
        if let Some(ident) = field.ident.as_ref().filter(|ident| !is_named(ident)) {
            errors.at(
                ident,
                format!("field `{ident}` is not in the pattern `{text}`\nhelp: add `{{{}}}` to the pattern, or remove the field", ident.unraw()),
            );
        }
    }
    (errors.count() == count).then_some((prefix, fields))
}

/// Refuses options of channels whose namespace the pattern does not say.
fn check_namespace(
    pattern: &LitStr,
    prefix: &str,
    fields: &[ChannelField],
    arguments: &ChannelArguments,
    errors: &mut Errors,
) {
    let is_unknown = !prefix.contains(':')
        && fields
            .iter()
            .any(|field| field.is_rest || field.after.contains(':'));
    if is_unknown && let Some(option) = arguments.options.first() {
        errors.at(
            pattern,
            format!(
                "pattern `{}` does not say the namespace of the channels, so that `{}` belongs to none\n\
                 help: begin the pattern with the namespace and a `:`, or remove the options",
                pattern.value(),
                option.name
            ),
        );
    }
}

fn implement(
    arguments: &ChannelArguments,
    item: &ItemStruct,
    pattern: &LitStr,
    prefix: &str,
    fields: &[ChannelField],
) -> TokenStream {
    let krate = &crate_path(arguments.krate.clone());
    let private = quote! { #krate::__private };
    let name = &item.ident;
    let location = codegen::location(name);
    let docs = docs(&item.attrs);
    let field_infos = fields.iter().map(|field| {
        let (name, type_name) = (field.ident.unraw().to_string(), type_name(&field.ty));
        let (is_rest, after) = (field.is_rest, &field.after);
        quote! { #private::ChannelField { name: #name, type_name: #type_name, is_rest: #is_rest, after: #after } }
    });
    let publication = text_option(arguments.publication.as_ref());
    let item_type = text_option(arguments.item.as_ref());
    let (publication_type, item_data_type) = (&arguments.publication, &arguments.item);
    let options = arguments.options.iter().map(|option| {
        let (name, value) = (&option.name, option.value(krate));
        quote! { #private::ChannelOption { name: #name, value: #value } }
    });
    // With the span of the field's type, the error for a type without `Display` points to it.
    let displayed = fields.iter().map(|field| {
        let (ident, span) = (&field.ident, field.ty.span());
        quote_spanned! { span=> &self.#ident as &dyn ::core::fmt::Display }
    });
    let found = codegen::local("found");
    let read = fields.iter().enumerate().map(|(index, field)| {
        let (ident, ty, span) = (&field.ident, &field.ty, field.ty.span());
        quote_spanned! { span=> #ident: #found.field(#index, <#ty as #private::FromParam>::from_param)? }
    });
    let kind = codegen::local("K");
    let event = codegen::local("event");
    let channel = codegen::local("channel");
    let formatter = codegen::local("formatter");
    let registration = codegen::submit(
        krate,
        &quote! { #private::ChannelDef(<#name as #private::ChannelType>::INFO) },
    );
    let has_publication = arguments.publication.as_ref().map(|ty| {
        quote! {
            #[automatically_derived]
            impl #private::HasPublication for #name { type Publication = #ty; }
        }
    });
    let has_item = arguments.item.as_ref().map(|ty| {
        quote! {
            #[automatically_derived]
            impl #private::HasItem for #name { type Item = #ty; }
        }
    });
    quote! {
        #[automatically_derived]
        impl #private::ChannelType for #name {
            const INFO: &'static #private::ChannelInfo = &#private::ChannelInfo {
                #location
                docs: #docs,
                pattern: #pattern,
                prefix: #prefix,
                fields: &[#(#field_infos),*],
                publication: #publication,
                item: #item_type,
                types: #private::channel_types!([#publication_type] [#item_data_type]),
                options: &[#(#options),*],
            };
            fn to_channel(&self) -> ::core::result::Result<::std::string::String, #private::ChannelError> {
                #private::write_channel(<Self as #private::ChannelType>::INFO, &[#(#displayed),*])
            }
            fn from_channel(#channel: &str) -> ::core::result::Result<Self, #private::ChannelError> {
                let #found = #private::ChannelMatch::new(<Self as #private::ChannelType>::INFO, #channel)?;
                let _ = &#found;
                ::core::result::Result::Ok(Self { #(#read),* })
            }
        }
        #[automatically_derived]
        impl ::core::fmt::Display for #name {
            fn fmt(&self, #formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #formatter.write_str(&<Self as #private::ChannelType>::to_channel(self).unwrap_or_default())
            }
        }
        #[automatically_derived]
        impl ::core::str::FromStr for #name {
            type Err = #private::ChannelError;
            fn from_str(#channel: &str) -> ::core::result::Result<Self, Self::Err> {
                <Self as #private::ChannelType>::from_channel(#channel)
            }
        }
        #[automatically_derived]
        impl<#kind: #private::HasChannel> #private::FromEvent<#kind> for #name {
            const IN_MEMORY: bool = true;
            fn from_event(#event: &#private::TypedEvent<#kind>) -> #private::Extracted<'_, Self> {
                #private::channel_from_event(#event)
            }
        }
        #has_publication
        #has_item
        #registration
    }
}

fn text_option(ty: Option<&Type>) -> TokenStream {
    match ty.map(type_name) {
        Some(text) => quote! { ::core::option::Option::Some(#text) },
        None => quote! { ::core::option::Option::None },
    }
}
