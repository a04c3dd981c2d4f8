//! `#[scoped]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Path;

use crate::attribute::Shape;
use crate::errors::beside;
use crate::expand;
use crate::made::Made;
use crate::model::krate;
use crate::signature::{Function, Role};

const ROLE: Role = Role {
    attribute: "scoped",
    noun: "scoped function",
};

/// The function with its implementation.
pub(crate) fn attribute(arguments: TokenStream, item: TokenStream) -> TokenStream {
    beside(item, |item, errors| {
        let attribute = Shape::lifecycle(ROLE.attribute).read(arguments, errors);
        let function = ROLE.read(item, errors)?;
        let made = Made::read(ROLE, &function, errors)?;
        Some(implement(&krate(attribute.krate), &function, &made))
    })
}

fn implement(krate: &Path, function: &Function, made: &Made<'_>) -> TokenStream {
    let (made, wrap) = match made {
        Made::Value(ty) => (ty, format_ident!("scoped_value")),
        Made::Result(ty) => (ty, format_ident!("scoped_result")),
    };
    let kind = expand::local("K");
    let kind = quote! { #kind };
    let event = expand::local("event");
    let types: Vec<_> = function.arguments.iter().map(|argument| &argument.ty).collect();
    let values = expand::arguments(types.len());
    let states = expand::states(krate, &kind, types.iter().copied());
    let taken = values
        .iter()
        .zip(&types)
        .map(|(value, ty)| expand::take(krate, &kind, &quote! { #event }, value, ty));
    let awaited = values.iter().map(|value| expand::wait(krate, value));
    let called = expand::called(&function.name, function.is_async, &values);
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl<#kind: #krate::__private::EventKind> #krate::__private::MakeScoped<#kind> for #made
        where
            #(#types: #krate::__private::FromEvent<#kind>,)*
        {
            const STATES: &'static [#krate::__private::StateNeed] = #states;
            fn make(#event: &#krate::__private::TypedEvent<#kind>) -> #krate::__private::ScopedFuture<'_, Self> {
                ::std::boxed::Box::pin(async move {
                    #(#taken)*
                    #(#awaited)*
                    #krate::__private::#wrap(#called)
                })
            }
        }
    }
}
