//! `#[derive(FromParam)]`: parses a newtype like its field.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput};

use crate::derive;
use crate::errors::Errors;

/// Returns the implementation, or the errors.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    derive::expand(item, implement)
}

fn implement(input: &DeriveInput, errors: &mut Errors) -> Option<TokenStream> {
    let krate = derive::container_crate(&input.attrs, "param", errors);
    let field = match &input.data {
        Data::Struct(data) if data.fields.len() == 1 => data.fields.iter().next()?,
        _ => {
            errors.at(
                &input.ident,
                format!(
                    "`FromParam` can only be derived for a struct with one field; `{}` is none\n\
                     help: implement `FromStr` for it",
                    input.ident
                ),
            );
            return None;
        }
    };
    let (name, ty) = (&input.ident, &field.ty);
    let member = field
        .ident
        .as_ref()
        .map_or_else(|| quote! { 0 }, |ident| quote! { #ident });
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics #krate::__private::FromParam for #name #ty_generics #where_clause {
            fn from_param(text: &str) -> ::core::result::Result<Self, ::std::string::String> {
                ::core::result::Result::Ok(Self { #member: <#ty as #krate::__private::FromParam>::from_param(text)? })
            }
        }
    })
}
