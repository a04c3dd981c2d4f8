//! `#[shutdown]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use crate::attribute::Shape;
use crate::errors::beside;
use crate::expand;
use crate::model::krate;
use crate::signature::{Function, Role};

const ROLE: Role = Role {
    attribute: "shutdown",
    noun: "shutdown function",
};

/// The function with its registration.
pub(crate) fn attribute(arguments: TokenStream, item: TokenStream) -> TokenStream {
    beside(item, |item, errors| {
        let attribute = Shape::lifecycle(ROLE.attribute).read(arguments, errors);
        let function = ROLE.read(item, errors)?;
        if !function.returns_nothing() {
            errors.at(
                &function.output,
                format!("{} return nothing", ROLE.must(&function.name)),
            );
        }
        Some(register(&krate(attribute.krate), &function))
    })
}

fn register(krate: &Path, function: &Function) -> TokenStream {
    let place = expand::place(&function.name);
    let values = expand::arguments(function.arguments.len());
    let types: Vec<_> = function.arguments.iter().map(|argument| &argument.ty).collect();
    let called = expand::called(&function.name, function.is_async, &values);
    let states = expand::local("states");
    let entry = quote! {
        #krate::__private::ShutdownDef {
            #place
            needs: &[#(#krate::__private::StateNeed::all(<#types as #krate::__private::FromStates>::STATES)),*],
            call: |#states| ::std::boxed::Box::pin(async move {
                #(let #values = #krate::__private::from_states::<#types>(&#states)?;)*
                #krate::__private::shutdown_done(#called);
                ::core::result::Result::Ok(())
            }),
        }
    };
    expand::submit(krate, &entry)
}
