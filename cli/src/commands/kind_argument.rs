//! The kind of an event as an argument.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::description::Event;

impl ValueEnum for Event {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}
