//! New projects.

mod invalid_name;
mod new_project;
mod template;

pub use invalid_name::{InvalidName, check_name};
pub use new_project::{NewProject, NewProjectError};
