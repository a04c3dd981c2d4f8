//! The fixtures are in `tests`.
