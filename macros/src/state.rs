//! `#[state]`: registers a function that builds a state of the program.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Path;

use crate::attribute_arguments::AttributeSpec;
use crate::codegen;
use crate::errors::keep_item;
use crate::signature::{Function, Role};
use crate::value_type::ValueType;

const ROLE: Role = Role {
    attribute: "state",
    noun: "state",
};

/// Returns the function with its registration, or with the errors.
pub(crate) fn attribute(arguments: TokenStream, item: TokenStream) -> TokenStream {
    keep_item(item, |item, errors| {
        let attribute = AttributeSpec::lifecycle(ROLE.attribute).read(arguments, errors);
        let function = ROLE.read(item, errors)?;
        let value_type = ValueType::read(ROLE, &function, errors)?;
        Some(register(
            &codegen::crate_path(attribute.krate),
            &function,
            &value_type,
        ))
    })
}

fn register(krate: &Path, function: &Function, value_type: &ValueType<'_>) -> TokenStream {
    let (ty, make) = match value_type {
        ValueType::Plain(ty) => (ty, format_ident!("state_value")),
        ValueType::Fallible(ty) => (ty, format_ident!("state_result")),
    };
    let location = codegen::location(&function.name);
    let values = codegen::argument_names(function.arguments.len());
    let types: Vec<_> = function.arguments.iter().map(|argument| &argument.ty).collect();
    let call = codegen::call(&function.name, function.is_async, &values);
    let states = codegen::local("states");
    let entry = quote! {
        #krate::__private::StateDef {
            id: || ::core::any::TypeId::of::<#ty>(),
            type_name: || ::core::any::type_name::<#ty>(),
            #location
            needs: &[#(#krate::__private::StateNeed::all(<#types as #krate::__private::FromStates>::STATES)),*],
            build: |#states| ::std::boxed::Box::pin(async move {
                #(let #values = #krate::__private::from_states::<#types>(&#states)?;)*
                #krate::__private::#make(#call)
            }),
        }
    };
    codegen::submit(krate, &entry)
}
