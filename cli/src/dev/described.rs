//! What a program says about itself.

use std::sync::Arc;

use serde_json::Value;

use crate::description::Description;

/// The description of a program, as text and read.
#[derive(Clone)]
pub(crate) struct Described {
    pub(crate) document: Arc<Value>,
    pub(crate) description: Arc<Description>,
}
