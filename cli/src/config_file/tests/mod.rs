//! Files in all formats, good and bad.

mod bad_input;
mod edits;
mod places;
mod random_edits;
