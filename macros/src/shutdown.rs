//! `#[shutdown]`: registers a function that runs when the program ends.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use crate::attribute_arguments::AttributeSpec;
use crate::codegen;
use crate::errors::keep_item;
use crate::signature::{Function, Role};

const ROLE: Role = Role {
    attribute: "shutdown",
    noun: "shutdown function",
};

/// Returns the function with its registration, or with the errors.
pub(crate) fn attribute(arguments: TokenStream, item: TokenStream) -> TokenStream {
    keep_item(item, |item, errors| {
        let attribute = AttributeSpec::lifecycle(ROLE.attribute).read(arguments, errors);
        let function = ROLE.read(item, errors)?;
        if !function.returns_nothing() {
            errors.at(
                &function.output,
                format!("{} not return a value", ROLE.must(&function.name)),
            );
        }
        Some(register(&codegen::crate_path(attribute.krate), &function))
    })
}

fn register(krate: &Path, function: &Function) -> TokenStream {
    let location = codegen::location(&function.name);
    let values = codegen::argument_names(function.arguments.len());
    let types: Vec<_> = function.arguments.iter().map(|argument| &argument.ty).collect();
    let call = codegen::call(&function.name, function.is_async, &values);
    let states = codegen::local("states");
    let entry = quote! {
        #krate::__private::ShutdownDef {
            #location
            needs: &[#(#krate::__private::StateNeed::all(<#types as #krate::__private::FromStates>::STATES)),*],
            call: |#states| ::std::boxed::Box::pin(async move {
                #(let #values = #krate::__private::from_states::<#types>(&#states)?;)*
                #krate::__private::shutdown_done(#call);
                ::core::result::Result::Ok(())
            }),
        }
    };
    codegen::submit(krate, &entry)
}
