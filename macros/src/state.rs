//! `#[state]`.

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
    attribute: "state",
    noun: "state",
};

/// The function with its registration.
pub(crate) fn attribute(arguments: TokenStream, item: TokenStream) -> TokenStream {
    beside(item, |item, errors| {
        let attribute = Shape::lifecycle(ROLE.attribute).read(arguments, errors);
        let function = ROLE.read(item, errors)?;
        let made = Made::read(ROLE, &function, errors)?;
        Some(register(&krate(attribute.krate), &function, &made))
    })
}

fn register(krate: &Path, function: &Function, made: &Made<'_>) -> TokenStream {
    let (ty, make) = match made {
        Made::Value(ty) => (ty, format_ident!("state_value")),
        Made::Result(ty) => (ty, format_ident!("state_result")),
    };
    let place = expand::place(&function.name);
    let values = expand::arguments(function.arguments.len());
    let types: Vec<_> = function.arguments.iter().map(|argument| &argument.ty).collect();
    let called = expand::called(&function.name, function.is_async, &values);
    let states = expand::local("states");
    let entry = quote! {
        #krate::__private::StateDef {
            id: || ::core::any::TypeId::of::<#ty>(),
            type_name: || ::core::any::type_name::<#ty>(),
            #place
            needs: &[#(#krate::__private::StateNeed::all(<#types as #krate::__private::FromStates>::STATES)),*],
            build: |#states| ::std::boxed::Box::pin(async move {
                #(let #values = #krate::__private::from_states::<#types>(&#states)?;)*
                #krate::__private::#make(#called)
            }),
        }
    };
    expand::submit(krate, &entry)
}
