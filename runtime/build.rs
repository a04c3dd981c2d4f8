//! `links` needs a build script. It passes the names of the enabled features to the metric `build_info`, and writes the
//! implementations of `src/error/code.rs`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    let mut features: Vec<_> = env::vars()
        .filter_map(|(name, _)| Some(name.strip_prefix("CARGO_FEATURE_")?.to_lowercase()))
        .filter(|name| name != "default" && !name.starts_with('_'))
        .map(|name| name.replace('_', "-"))
        .collect();
    features.sort();
    println!("cargo:rustc-env=CENTRIFUGO_FEATURES={}", features.join(","));

    let mut codes = String::new();
    for (marker, range) in [
        ("CustomErrorCode", 400..=1999),
        ("CustomDisconnectCode", 4000..=4999),
    ] {
        for code in range {
            let _ = writeln!(
                codes,
                "#[diagnostic::do_not_recommend]\nimpl {marker} for Code<{code}> {{}}"
            );
        }
    }
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?);
    fs::write(folder.join("codes.rs"), codes)
}
