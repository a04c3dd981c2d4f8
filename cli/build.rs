//! Lists the files of the console's page, so that they become part of the program.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("console");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file()
            && let Ok(name) = entry.file_name().into_string()
        {
            names.push(name);
        }
    }
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
