//! Checks Centrifugo's configuration against the handlers of the program.

use std::path::{Path, PathBuf};

use cargo_centrifugo::centrifugo::Environment;
use cargo_centrifugo::check::{self, Input, Level};
use cargo_centrifugo::config_file::ConfigFile;
use cargo_centrifugo::description::Description;

use crate::server::describe_for_tests;

/// Asserts that a configuration of Centrifugo fits the handlers of the program.
///
/// The file in the package is JSON, YAML or TOML. The assertion fails, for example, if Centrifugo never asks a handler, if it lets
/// clients in without asking one, or if a key is misspelled. It finds what `cargo centrifugo check` finds, with one difference: the
/// address, the secrets and TLS of the endpoint are known only if they are in the environment of the test, so that a wrong
/// address is no failure.
///
/// `CENTRIFUGO_*` variables of the test count on top of the file, as they do for Centrifugo.
///
/// ```no_run
/// use my_handlers as _;
/// # mod my_handlers {}
///
/// #[test]
/// fn centrifugo_asks_all_handlers() {
///     centrifugo::testing::assert_config("centrifugo.json");
/// }
/// ```
///
/// # Panics
///
/// Panics with all findings if at least one of them is an error, or if the file cannot be read.
#[track_caller]
#[allow(clippy::panic, reason = "an assertion")]
pub fn assert_config(file: impl AsRef<Path>) {
    // Cargo sets this variable to the package's folder when it runs tests.
    let path = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .unwrap_or_default()
        .join(file);
    if let Err(problem) = check_file(&path, &Environment::of_process()) {
        panic!("{problem}");
    }
}

/// Returns the findings as text if one of them is an error.
fn check_file(path: &Path, environment: &Environment) -> Result<(), String> {
    let file = ConfigFile::open(path).map_err(|error| error.to_string())?;
    let document = describe_for_tests(|name| environment.get(name).map(str::to_owned))
        .map_err(|error| format!("the settings of the program are wrong: {error}"))?;
    let description = Description::parse(&document.to_string()).map_err(|error| error.to_string())?;
    let findings = check::check(&Input::of_file(&description, &file, environment));
    if findings.iter().any(|finding| finding.level == Level::Error) {
        let name = path.display().to_string();
        return Err(format!(
            "the configuration does not fit the handlers:\n{}",
            check::text(&findings, &name)
        ));
    }
    Ok(())
}
