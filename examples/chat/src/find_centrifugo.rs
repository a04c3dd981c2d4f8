//! Finds Centrifugo.

use std::path::PathBuf;

use centrifugo::BoxError;

/// The path of the Centrifugo that the tests of `tests/peers` build.
const TEST_BUILD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/peers/.bin/centrifugo");

/// Finds Centrifugo: the path in `CENTRIFUGO`, the program on PATH, or the one built for the tests.
pub fn find() -> Result<PathBuf, BoxError> {
    if let Some(path) = std::env::var_os("CENTRIFUGO")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
    {
        return if path.is_file() {
            Ok(path)
        } else {
            Err(format!("CENTRIFUGO is `{}`, which is no file", path.display()).into())
        };
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join("centrifugo"))
        .chain([TEST_BUILD.into()])
        .find(|path| path.is_file())
        .ok_or_else(|| {
            "Centrifugo is not there: get it from https://centrifugal.dev/docs/getting-started/installation and put it \
             on PATH, or name it in the environment variable CENTRIFUGO; \
             where Go is, `cargo test -p peers --test chat by_roadrunner` builds it"
                .into()
        })
}
