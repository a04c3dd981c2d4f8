//! `#[derive(FromEvent)]`: implements `FromEvent` for a struct of extractors.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, GenericParam, Generics, parse_quote};

use crate::errors::Errors;
use crate::{codegen, derive};

/// Returns the implementation, or the errors.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    derive::expand(item, implement)
}

fn implement(input: &DeriveInput, errors: &mut Errors) -> Option<TokenStream> {
    let krate = derive::container_crate(&input.attrs, "from_event", errors);
    let Data::Struct(data) = &input.data else {
        errors.at(
            &input.ident,
            format!(
                "`FromEvent` can only be derived for a struct of extractors; `{}` is none",
                input.ident
            ),
        );
        return None;
    };
    if let Some(lifetime) = input.generics.lifetimes().next() {
        errors.at(lifetime, "an extractor must own its values, without lifetimes");
        return None;
    }
    let name = &input.ident;
    let kind = format_ident!("__K");
    let kind = quote! { #kind };
    let event = codegen::local("event");
    let types: Vec<_> = data.fields.iter().map(|field| &field.ty).collect();
    let values = codegen::argument_names(types.len());
    let members = data.fields.members();
    let states = codegen::states(&krate, &kind, types.iter().copied());
    let taken = values.iter().zip(&types).map(|(value, ty)| {
        quote! {
            let #value = match <#ty as #krate::__private::FromEvent<#kind>>::from_event(#event).first() {
                ::core::result::Result::Ok(value) => value,
                ::core::result::Result::Err(error) => {
                    return #krate::__private::Extracted::Now(::core::result::Result::Err(error));
                }
            };
        }
    });
    let awaited = values.iter().map(|value| codegen::wait(&krate, value));
    let (_, ty_generics, _) = input.generics.split_for_impl();
    let generics = with_kind(&input.generics, &krate, &kind, &types);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let all: Vec<_> = members.collect();
    let described = input
        .generics
        .params
        .is_empty()
        .then(|| quote! { #krate::__private::field_types!(#kind, [#(#types),*]); });
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics #krate::__private::FromEvent<#kind> for #name #ty_generics #where_clause {
            const STATES: &'static [#krate::__private::StateNeed] = #states;
            #described
            const IN_MEMORY: bool = true #(&& <#types as #krate::__private::FromEvent<#kind>>::IN_MEMORY)*;
            fn from_event(#event: &#krate::__private::TypedEvent<#kind>) -> #krate::__private::Extracted<'_, Self> {
                #(#taken)*
                if true #(&& #values.is_now())* {
                    let build = || ::core::result::Result::Ok(Self { #(#all: #values.now()?),* });
                    return #krate::__private::Extracted::Now(build());
                }
                #krate::__private::Extracted::Later(::std::boxed::Box::pin(async move {
                    #(#awaited)*
                    ::core::result::Result::Ok(Self { #(#all: #values),* })
                }))
            }
        }
    })
}

fn with_kind(generics: &Generics, krate: &syn::Path, kind: &TokenStream, types: &[&syn::Type]) -> Generics {
    let mut generics = generics.clone();
    let parameter: GenericParam = parse_quote! { #kind: #krate::__private::EventKind };
    generics.params.push(parameter);
    let own: Vec<_> = generics
        .type_params()
        .map(|parameter| parameter.ident.clone())
        .collect();
    let clause = generics.make_where_clause();
    for parameter in own.iter().filter(|name| *name != "__K") {
        clause.predicates.push(parse_quote! { #parameter: 'static });
    }
    for ty in types {
        clause
            .predicates
            .push(parse_quote! { #ty: #krate::__private::FromEvent<#kind> + ::core::marker::Send });
    }
    generics
}
