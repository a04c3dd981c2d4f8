//! The type of the value that a `#[state]` or `#[scoped]` function returns.

use syn::{GenericArgument, PathArguments, Type};

use crate::errors::Errors;
use crate::signature::{Function, Role};

/// The type of the returned value. A macro sees only tokens, so `Result` is recognized by its name.
pub(crate) enum ValueType<'a> {
    /// `T`
    Plain(&'a Type),
    /// `Result<T, E>`
    Fallible(&'a Type),
}

impl<'a> ValueType<'a> {
    pub(crate) fn read(role: Role, function: &'a Function, errors: &mut Errors) -> Option<Self> {
        let must = role.must(&function.name);
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
                value.map(Self::Fallible)
            }
            output => Some(Self::Plain(output)),
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
