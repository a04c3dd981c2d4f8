//! Fragments of code that several expansions use.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Path, Type, parse_quote};

/// Returns the path of the runtime crate: the value of the key `crate`, or `::centrifugo`.
pub(crate) fn crate_path(key: Option<Path>) -> Path {
    key.unwrap_or_else(|| parse_quote!(::centrifugo))
}

/// Generates the start of an extraction. A value in memory fails here, before the function awaits other values.
pub(crate) fn take(
    krate: &Path,
    kind: &TokenStream,
    event: &TokenStream,
    value: &Ident,
    ty: &Type,
) -> TokenStream {
    quote! { let #value = <#ty as #krate::__private::FromEvent<#kind>>::from_event(#event).first()?; }
}

/// Generates the end of an extraction: awaits the value, unless it is already known.
pub(crate) fn wait(krate: &Path, value: &Ident) -> TokenStream {
    quote! {
        let #value = match #value {
            #krate::__private::Extracted::Now(value) => value?,
            #krate::__private::Extracted::Later(future) => future.await?,
        };
    }
}

/// Returns the list of the states that extractors need.
pub(crate) fn states<'a>(
    krate: &Path,
    kind: &TokenStream,
    types: impl Iterator<Item = &'a Type>,
) -> TokenStream {
    let needs = types.map(|ty| {
        quote! { #krate::__private::StateNeed::all(<#ty as #krate::__private::FromEvent<#kind>>::STATES) }
    });
    quote! { &[#(#needs),*] }
}

/// Generates the registration of an entry, which the runtime reads at start.
pub(crate) fn submit(krate: &Path, entry: &TokenStream) -> TokenStream {
    quote! {
        #[allow(deprecated)]
        const _: () = {
            #krate::__private::inventory::submit! { #entry }
        };
    }
}

/// Returns the fields that tell where a function is defined.
pub(crate) fn location(name: &Ident) -> TokenStream {
    let name = name.unraw().to_string();
    quote! {
        name: #name,
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
    }
}

/// Returns the call of a function, with `.await` if it is `async`.
pub(crate) fn call(name: &Ident, is_async: bool, values: &[Ident]) -> TokenStream {
    let wait = is_async.then(|| quote! { .await });
    quote! { #name(#(#values),*) #wait }
}

/// Returns names for the values of arguments.
pub(crate) fn argument_names(count: usize) -> Vec<Ident> {
    (0..count).map(|index| local(&format!("a{index}"))).collect()
}

/// Returns the name of a local variable that cannot shadow an item of the user: its hygiene is `mixed_site`.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
