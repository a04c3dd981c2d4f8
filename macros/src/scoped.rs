//! `#[scoped]`: implements `MakeScoped` for the type that a function returns.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Path;

use crate::attribute_arguments::AttributeSpec;
use crate::codegen;
use crate::errors::keep_item;
use crate::signature::{Function, Role};
use crate::value_type::ValueType;

const ROLE: Role = Role {
    attribute: "scoped",
    noun: "scoped function",
};

/// Returns the function with the implementation, or with the errors.
pub(crate) fn attribute(arguments: TokenStream, item: TokenStream) -> TokenStream {
    keep_item(item, |item, errors| {
        let attribute = AttributeSpec::lifecycle(ROLE.attribute).read(arguments, errors);
        let function = ROLE.read(item, errors)?;
        let value_type = ValueType::read(ROLE, &function, errors)?;
        Some(implement(
            &codegen::crate_path(attribute.krate),
            &function,
            &value_type,
        ))
    })
}

fn implement(krate: &Path, function: &Function, value_type: &ValueType<'_>) -> TokenStream {
    let (ty, wrap) = match value_type {
        ValueType::Plain(ty) => (ty, format_ident!("scoped_value")),
        ValueType::Fallible(ty) => (ty, format_ident!("scoped_result")),
    };
    let kind = codegen::local("K");
    let kind = quote! { #kind };
    let event = codegen::local("event");
    let types: Vec<_> = function.arguments.iter().map(|argument| &argument.ty).collect();
    let values = codegen::argument_names(types.len());
    let states = codegen::states(krate, &kind, types.iter().copied());
    let taken = values
        .iter()
        .zip(&types)
        .map(|(value, ty)| codegen::take(krate, &kind, &quote! { #event }, value, ty));
    let awaited = values.iter().map(|value| codegen::wait(krate, value));
    let call = codegen::call(&function.name, function.is_async, &values);
    let output = &function.output;
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl<#kind: #krate::__private::EventKind> #krate::__private::MakeScoped<#kind> for #ty
        where
            #(#types: #krate::__private::FromEvent<#kind>,)*
        {
            const STATES: &'static [#krate::__private::StateNeed] = #states;
            #krate::__private::scoped_error!(#output);
            fn make(#event: &#krate::__private::TypedEvent<#kind>) -> #krate::__private::ScopedFuture<'_, Self> {
                ::std::boxed::Box::pin(async move {
                    #(#taken)*
                    #(#awaited)*
                    #krate::__private::#wrap(#call)
                })
            }
        }
    }
}
