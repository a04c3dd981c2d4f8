//! Lists the files of the console's page, so that they become part of the program.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The kinds of files that the page loads.
const EXTENSIONS: [&str; 4] = ["css", "html", "js", "svg"];
/// Not part of the page.
const TESTS: &str = "tests";

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("console");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names = Vec::new();
    find_files(&folder, "", &mut names)?;
    names.sort();
    let mut text = String::from("static FILES: &[File] = &[\n");
    for name in names {
        let path = folder.join(&name);
        let _ = writeln!(
            text,
            "    File {{ name: {name:?}, content: include_bytes!({path:?}) }},"
        );
    }
    text.push_str("];\n");
    let target = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?);
    fs::write(target.join("console_files.rs"), text)
}

/// Finds the files of a folder, whose names begin with this prefix.
fn find_files(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            if name != TESTS {
                find_files(&path, &format!("{prefix}{name}/"), names)?;
            }
        } else if path
            .extension()
            .is_some_and(|extension| EXTENSIONS.iter().any(|known| *known == extension))
        {
            names.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}
