//! A handler's registration. Nothing can fail here.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Path, Type};

use crate::errors::beside;
use crate::kind::Kind;
use crate::model::{Argument, Handler};

/// The function with its registration.
pub(crate) fn attribute(kind: Kind, arguments: TokenStream, item: TokenStream) -> TokenStream {
    beside(item, |item, errors| {
        Some(handler(&Handler::read(kind, arguments, item, errors)?))
    })
}

fn handler(handler: &Handler) -> TokenStream {
    let krate = &handler.krate;
    let kind = handler.kind.ident();
    let pattern = option(handler.pattern.as_ref());
    let timeout = option(handler.timeout.map(|timeout| {
        let milliseconds = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        quote! { ::core::time::Duration::from_millis(#milliseconds) }
    }));
    let place = place(&handler.name);
    let docs = &handler.docs;
    let states = handler.arguments.iter().filter_map(|argument| match argument {
        Argument::Event(ty) => Some(quote! { <#ty as #krate::FromEvent<#krate::kind::#kind>>::STATES }),
        Argument::Pattern(..) => None,
    });
    let (call, answer) = (local("call"), answer(handler));
    let route = quote! {
        #krate::__private::Route {
            kind: #krate::Kind::#kind,
            pattern: #pattern,
            #place
            docs: #docs,
            timeout: #timeout,
            states: &[#(#states),*],
            call: |#call| #answer,
        }
    };
    submit(krate, &route)
}

/// What answers one event.
fn answer(handler: &Handler) -> TokenStream {
    let Handler { krate, name, .. } = handler;
    let kind = handler.kind.ident();
    let (call, event) = (local("call"), local("event"));
    let values = arguments(handler.arguments.len());
    let bindings = handler
        .arguments
        .iter()
        .zip(&values)
        .map(|(argument, value)| match argument {
            Argument::Event(ty) => quote! {
                let #value = match #krate::__private::extract::<#ty, #krate::kind::#kind>(&#event) {
                    #krate::Extracted::Now(result) => result?,
                    #krate::Extracted::Later(future) => future.await?,
                };
            },
            Argument::Pattern(ty, index) => quote! {
                let #value = #krate::__private::param::<#ty, #krate::kind::#kind>(&#event, #index)?;
            },
        });
    let output = if handler.blocking {
        quote! { #krate::__private::blocking(move || #name(#(#values),*)).await? }
    } else {
        called(name, handler.is_async, &values)
    };
    // By its place, a value of a wrong type is shown under the type that the function returns.
    let place = handler.output.as_ref().map_or(name.span(), Type::span);
    let reply = Ident::new("reply", place.resolved_at(Span::mixed_site()));
    // A future that can't be sent is shown under the function's name.
    let answered = quote_spanned! { name.span()=> answer };
    quote! {
        #krate::__private::#answered(#call, |#event: #krate::TypedEvent<#krate::kind::#kind>| async move {
            #(#bindings)*
            let #reply = #output;
            #krate::__private::reply::<#krate::kind::#kind, _>(&#event, #reply)
        })
    }
}

/// Puts an entry into the table that the runtime reads.
pub(crate) fn submit(krate: &Path, entry: &TokenStream) -> TokenStream {
    quote! {
        #[allow(deprecated)]
        const _: () = {
            #krate::__private::inventory::submit! { #entry }
        };
    }
}

/// The fields that say where a function is.
pub(crate) fn place(name: &Ident) -> TokenStream {
    let name = name.unraw().to_string();
    quote! {
        name: #name,
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
    }
}

/// The call of a function, waited for.
pub(crate) fn called(name: &Ident, is_async: bool, values: &[Ident]) -> TokenStream {
    let wait = is_async.then(|| quote! { .await });
    quote! { #name(#(#values),*) #wait }
}

/// Names for the values of arguments.
pub(crate) fn arguments(count: usize) -> Vec<Ident> {
    (0..count).map(|index| local(&format!("a{index}"))).collect()
}

/// A variable that no function of the user can be hidden by.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote! { ::core::option::Option::Some(#value) },
        None => quote! { ::core::option::Option::None },
    }
}
