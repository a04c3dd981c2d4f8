//! The programs under test are the binaries of this package.
