//! The files of the page, which are part of this program.

/// A file of the page.
pub(super) struct File {
    pub(super) name: &'static str,
    pub(super) content: &'static [u8],
}

// Made by `build.rs` from the folder `console`.
include!(concat!(env!("OUT_DIR"), "/console_files.rs"));

/// Returns a file by the path of its URL.
pub(super) fn find(path: &str) -> Option<&'static File> {
    let name = match path.strip_prefix('/')? {
        "" => "index.html",
        name => name,
    };
    FILES.iter().find(|file| file.name == name)
}

impl File {
    pub(super) fn content_type(&self) -> &'static str {
        match self.name.rsplit_once('.') {
            Some((_, "html")) => "text/html; charset=utf-8",
            Some((_, "css")) => "text/css; charset=utf-8",
            Some((_, "js" | "mjs")) => "text/javascript; charset=utf-8",
            Some((_, "json")) => "application/json",
            Some((_, "svg")) => "image/svg+xml",
            Some((_, "png")) => "image/png",
            Some((_, "woff2")) => "font/woff2",
            _ => "text/plain; charset=utf-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_page() {
        for path in ["/", "/index.html"] {
            let file = find(path).unwrap();
            assert_eq!(file.content_type(), "text/html; charset=utf-8");
            assert!(!file.content.is_empty());
        }
        assert_eq!(
            find("/scripts/main.js").map(File::content_type),
            Some("text/javascript; charset=utf-8")
        );
        for path in [
            "",
            "index.html",
            "/../Cargo.toml",
            "/missing.js",
            "/tests/mock_server.mjs",
        ] {
            assert!(find(path).is_none(), "{path}");
        }
    }
}
