//! The attribute of a handler: checks the handler and registers it as a `Route`.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned as _;

use crate::codegen;
use crate::errors::keep_item;
use crate::handler::{ArgumentSource, Handler};
use crate::kind::Kind;

/// Returns the function with its registration, or with the errors.
pub(crate) fn attribute(kind: Kind, arguments: TokenStream, item: TokenStream) -> TokenStream {
    keep_item(item, |item, errors| {
        Some(handler(&Handler::read(kind, arguments, item, errors)?))
    })
}

fn handler(handler: &Handler) -> TokenStream {
    let krate = &handler.krate;
    let kind = handler.kind.ident();
    let channel_type = handler.channel_type.as_ref();
    let pattern = option(match channel_type {
        Some(ty) => Some(quote! { <#ty as #krate::__private::ChannelType>::PATTERN }),
        None => handler.pattern.as_ref().map(ToTokens::to_token_stream),
    });
    let channel_type =
        option(channel_type.map(|ty| quote! { <#ty as #krate::__private::ChannelType>::INFO }));
    let timeout = option(handler.timeout.map(|timeout| {
        let milliseconds = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        quote! { ::core::time::Duration::from_millis(#milliseconds) }
    }));
    let location = codegen::location(&handler.name);
    let docs = &handler.docs;
    let takes = handler.arguments.iter().map(|argument| type_name(argument.ty()));
    let returns = handler.output.as_ref().map_or_else(|| "()".to_owned(), type_name);
    let schemas = schemas(handler);
    let adapter = adapter(handler);
    let route = quote! {
        #krate::__private::Route {
            kind: #krate::__private::Kind::#kind,
            pattern: #pattern,
            channel_type: #channel_type,
            #location
            docs: #docs,
            takes: &[#(#takes),*],
            returns: #returns,
            schemas: #schemas,
            timeout: #timeout,
            handler: #adapter,
        }
    };
    codegen::submit(krate, &route)
}

/// Finds the schemas of the arguments that are extracted from the event, of the reply if it can be named, of its info, and of
/// the answer that opens a stream.
fn schemas(handler: &Handler) -> TokenStream {
    let krate = &handler.krate;
    let arguments = handler.arguments.iter().filter_map(|argument| match argument {
        ArgumentSource::Event(ty) => Some(ty),
        ArgumentSource::Pattern(..) => None,
    });
    let reply = handler.output.as_ref().filter(|ty| !has_impl(ty));
    let types = arguments.chain(reply);
    let more = reply.and_then(|ty| match handler.kind {
        Kind::SubscribeStream => Some(quote! { stream #ty }),
        kind => kind.reply_has_info().then(|| quote! { info #ty }),
    });
    quote! { #krate::__private::handler_schemas!([#(#types),*] #more) }
}

/// Returns the adapter: the function, the sources of its arguments and the conversion of its reply.
///
/// Each source and the conversion contain the user's own tokens, so that the compiler's errors point to them. All other
/// code is in the runtime, because the compiler checks the code of an expansion once per handler.
fn adapter(handler: &Handler) -> TokenStream {
    let Handler { krate, name, .. } = handler;
    let reply_trait = match (&handler.channel_type, handler.kind.channel_reply_trait()) {
        (Some(ty), Some(name)) => quote! { #name<#ty> },
        _ => handler.kind.reply_trait().into_token_stream(),
    };
    let kind = handler.kind.ident();
    let kind = quote! { #krate::__private::markers::#kind };
    let sources = handler.arguments.iter().map(|argument| match argument {
        ArgumentSource::Event(ty) => quote! { <#ty as #krate::__private::FromEvent<#kind>>::SOURCE },
        ArgumentSource::Pattern(ty, index) => {
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
    // With this span, the error for a future that is not `Send` points to the name of the function.
    let here = name.span().resolved_at(Span::mixed_site());
    let adapter = Ident::new(adapter, here);
    let path = at(quote! { #krate::__private::#adapter }, here);
    let fields = quote! {
        sources: (#(#sources,)*),
        function: #name,
        reply: <#output as #krate::__private::#reply_trait>::REPLY,
    };
    let adapter = quote_spanned! { here=> &#path { #fields } };
    match &handler.layer {
        None => adapter,
        // The error about a function that is not a layer points at its path.
        Some(layer) => {
            let name = source_text(layer);
            // The compiler reports the result of the function at this path, and its arguments at the function's.
            let new = at(quote! { #krate::__private::LayeredHandler::new }, layer.span());
            quote_spanned! { layer.span()=> &#new(#adapter, #layer, #name) }
        }
    }
}

/// Returns the text of a type, with spaces as in formatted code.
pub(crate) fn type_name(ty: &Type) -> String {
    source_text(ty)
}

/// Returns the text of a type or a path, with spaces as in formatted code.
fn source_text(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
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

/// Gives all tokens the same span.
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

fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote! { ::core::option::Option::Some(#value) },
        None => quote! { ::core::option::Option::None },
    }
}
