//! Which program a command works on.

use std::path::PathBuf;

use clap::Args;

/// Which program a command works on, as cargo's own commands have it.
#[derive(Args, Clone, Debug, Default)]
#[non_exhaustive]
pub struct ProgramOptions {
    /// Path of Cargo.toml.
    #[arg(long, value_name = "PATH", help_heading = "Program")]
    pub manifest_path: Option<PathBuf>,
    /// Package with the program.
    #[arg(long, short, value_name = "NAME", help_heading = "Program")]
    pub package: Option<String>,
    /// Name of the program, if the package has several.
    #[arg(long, value_name = "NAME", help_heading = "Program")]
    pub bin: Option<String>,
    /// Name of an example that is the program.
    #[arg(long, value_name = "NAME", help_heading = "Program", conflicts_with = "bin")]
    pub example: Option<String>,
    /// Features of the package, separated by commas.
    #[arg(long, short = 'F', value_name = "NAMES", help_heading = "Program")]
    pub features: Vec<String>,
    /// Builds all features of the package.
    #[arg(long, help_heading = "Program")]
    pub all_features: bool,
    /// Builds without the default features of the package.
    #[arg(long, help_heading = "Program")]
    pub no_default_features: bool,
    /// Builds with optimizations.
    #[arg(long, short, help_heading = "Program")]
    pub release: bool,
    /// Program that is built already. Nothing is built then.
    #[arg(long, value_name = "PATH", help_heading = "Program", conflicts_with_all = ["manifest_path", "package", "bin", "example", "features", "all_features", "no_default_features", "release"])]
    pub executable: Option<PathBuf>,
}

impl ProgramOptions {
    /// Returns the arguments for `cargo build`.
    pub(crate) fn cargo_arguments(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        let mut value = |name: &str, value: String| arguments.extend([name.to_owned(), value]);
        if let Some(path) = &self.manifest_path {
            value("--manifest-path", path.display().to_string());
        }
        if let Some(package) = &self.package {
            value("--package", package.clone());
        }
        if let Some(example) = &self.example {
            value("--example", example.clone());
        } else if let Some(bin) = &self.bin {
            value("--bin", bin.clone());
        }
        if !self.features.is_empty() {
            value("--features", self.features.join(","));
        }
        for (is_set, flag) in [
            (self.all_features, "--all-features"),
            (self.no_default_features, "--no-default-features"),
            (self.release, "--release"),
        ] {
            if is_set {
                arguments.push(flag.to_owned());
            }
        }
        if self.bin.is_none() && self.example.is_none() {
            arguments.push("--bins".to_owned());
        }
        arguments
    }
}
