//! Descriptions of programs, and the configurations for them.

mod fixture;
mod merges;
mod new_files;
mod random_configs;
