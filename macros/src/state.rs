//! `#[state]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{GenericArgument, Path, PathArguments, Type};

use crate::attribute::Shape;
use crate::errors::{Errors, beside};
use crate::expand;
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
        let made = Made::read(&function, errors)?;
        Some(register(&krate(attribute.krate), &function, &made))
    })
}

/// What the function makes.
enum Made<'a> {
    Value(&'a Type),
    Result(&'a Type),
}

impl<'a> Made<'a> {
    fn read(function: &'a Function, errors: &mut Errors) -> Option<Self> {
        let must = ROLE.must(&function.name);
        let Some(output) = function.output.as_ref().filter(|_| !function.returns_nothing()) else {
            errors.at(&function.name, format!("{must} return its value"));
            return None;
        };
        match output {
            Type::ImplTrait(_) => {
                errors.at(
                    output,
                    format!("{must} name the type of its value, without `impl`"),
                );
                None
            }
            Type::Path(path) if path.path.segments.last()?.ident == "Result" => {
                let value = first_type(&path.path.segments.last()?.arguments);
                if value.is_none() {
                    errors.at(
                        output,
                        format!("{must} name the type of its value: `Result<T, E>`"),
                    );
                }
                value.map(Self::Result)
            }
            output => Some(Self::Value(output)),
        }
    }
}

fn first_type(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
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
            needs: &[#(<#types as #krate::__private::FromStates>::STATES),*],
            build: |#states| ::std::boxed::Box::pin(async move {
                #(let #values = #krate::__private::from_states::<#types>(&#states)?;)*
                #krate::__private::#make(#called)
            }),
        }
    };
    expand::submit(krate, &entry)
}
