//! Keeps other crates from implementing traits.

/// An argument of a hidden function of a trait. Other crates cannot name it, so they cannot implement the trait.
#[derive(Debug)]
pub struct Seal;
