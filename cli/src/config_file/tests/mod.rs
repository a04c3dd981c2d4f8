//! Files in all formats, good and bad.

mod bad_input;
mod places;
