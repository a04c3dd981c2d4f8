//! Choices for property tests and fuzz targets.

mod choices;

pub(crate) use choices::Choices;
