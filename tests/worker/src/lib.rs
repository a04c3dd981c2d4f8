//! The workers under test are the binaries of this package.
