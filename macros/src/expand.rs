//! A handler's registration. Nothing can fail here.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
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
    let takes = handler.arguments.iter().map(|argument| type_name(argument.ty()));
    let returns = handler.output.as_ref().map_or_else(|| "()".to_owned(), type_name);
    let adapter = adapter(handler);
    let route = quote! {
        #krate::__private::Route {
            kind: #krate::__private::Kind::#kind,
            pattern: #pattern,
            #place
            docs: #docs,
            takes: &[#(#takes),*],
            returns: #returns,
            timeout: #timeout,
            handler: #adapter,
        }
    };
    submit(krate, &route)
}

/// The function with where its arguments come from and what becomes of its answer. Each of these asks for its trait by
/// the user's own tokens; all else is the runtime's, since code here is checked once for every handler.
fn adapter(handler: &Handler) -> TokenStream {
    let Handler { krate, name, .. } = handler;
    let reply_trait = handler.kind.reply_trait();
    let kind = handler.kind.ident();
    let kind = quote! { #krate::__private::markers::#kind };
    let sources = handler.arguments.iter().map(|argument| match argument {
        Argument::Event(ty) => quote! { <#ty as #krate::__private::FromEvent<#kind>>::SOURCE },
        Argument::Pattern(ty, index) => {
            quote! { #krate::__private::param(#index, <#ty as #krate::__private::FromParam>::from_param) }
        }
    });
    let output = handler.output.as_ref().map_or_else(
        || quote_spanned! { name.span()=> () },
        |ty| {
            if has_impl(ty) {
                quote! { _ }
            } else {
                ty.to_token_stream()
            }
        },
    );
    let adapter = match (handler.blocking, handler.is_async) {
        (true, _) => "BlockingHandler",
        (false, true) => "AsyncHandler",
        (false, false) => "SyncHandler",
    };
    // A future that can't be sent is shown under the function's name.
    let here = name.span().resolved_at(Span::mixed_site());
    let adapter = Ident::new(adapter, here);
    let path = at(quote! { #krate::__private::#adapter }, here);
    let fields = quote! {
        sources: (#(#sources,)*),
        function: #name,
        reply: <#output as #krate::__private::#reply_trait>::REPLY,
    };
    quote_spanned! { here=> &#path { #fields } }
}

/// Asks an extractor for its value. What is in memory fails at once, before anything is waited for.
pub(crate) fn take(
    krate: &Path,
    kind: &TokenStream,
    event: &TokenStream,
    value: &Ident,
    ty: &Type,
) -> TokenStream {
    quote! { let #value = <#ty as #krate::__private::FromEvent<#kind>>::from_event(#event).first()?; }
}

/// Waits for the value where it is not in memory.
pub(crate) fn wait(krate: &Path, value: &Ident) -> TokenStream {
    quote! {
        let #value = match #value {
            #krate::__private::Extracted::Now(value) => value?,
            #krate::__private::Extracted::Later(future) => future.await?,
        };
    }
}

/// The states that extractors need.
pub(crate) fn states<'a>(
    krate: &Path,
    kind: &TokenStream,
    types: impl Iterator<Item = &'a Type>,
) -> TokenStream {
    let needs = types.map(|ty| quote! { #krate::__private::StateNeed::all(<#ty as #krate::__private::FromEvent<#kind>>::STATES) });
    quote! { &[#(#needs),*] }
}

/// A type as users write it.
fn type_name(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string();
    [
        (" :: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        ("< ", "<"),
        ("' ", "'"),
    ]
    .into_iter()
    .fold(text, |text, (spaced, tight)| text.replace(spaced, tight))
}

/// The tokens, all of them shown in one place.
fn at(tokens: TokenStream, place: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            token.set_span(place);
            token
        })
        .collect()
}

fn has_impl(ty: &Type) -> bool {
    fn scan(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Group(group) => scan(group.stream()),
            TokenTree::Ident(ident) => ident == "impl",
            _ => false,
        })
    }
    scan(ty.to_token_stream())
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
