//! The files of new projects, from `templates/`.

/// A file of a new project. In its text, words such as `{{name}}` stand for what differs between projects.
pub(super) struct TemplateFile {
    pub(super) path: &'static str,
    pub(super) text: &'static str,
}

macro_rules! files {
    ($($path:literal: $source:literal,)*) => {
        &[$(TemplateFile { path: $path, text: include_str!(concat!("../../templates/", $source)) },)*]
    };
}

/// The files of a project with all parts.
pub(super) const FULL: &[TemplateFile] = files! {
    ".dockerignore": "full/dockerignore",
    ".github/workflows/ci.yml": "full/ci.yml",
    ".gitignore": "common/gitignore",
    "Cargo.toml": "full/Cargo.toml.template",
    "README.md": "full/README.md",
    "centrifugo.json": "full/centrifugo.json",
    "page/index.html": "full/page/index.html",
    "page/page.css": "full/page/page.css",
    "page/page.js": "full/page/page.js",
    "src/connect.rs": "full/src/connect.rs",
    "src/error.rs": "full/src/error.rs",
    "src/greet.rs": "full/src/greet.rs",
    "src/main.rs": "full/src/main.rs",
    "src/room.rs": "full/src/room.rs",
    "src/tests.rs": "full/src/tests.rs",
};

/// The file that a project with all parts has unless RoadRunner runs it.
pub(super) const FULL_DIRECT: &[TemplateFile] = files! { "Dockerfile": "direct/Dockerfile", };

/// The file that a project with all parts has if RoadRunner runs it.
pub(super) const FULL_ROADRUNNER: &[TemplateFile] = files! { "Dockerfile": "roadrunner/Dockerfile", };

/// The files of a bare project.
pub(super) const BARE: &[TemplateFile] = files! {
    ".gitignore": "common/gitignore",
    "Cargo.toml": "bare/Cargo.toml.template",
    "README.md": "bare/README.md",
    "centrifugo.json": "bare/centrifugo.json",
    "src/main.rs": "bare/src/main.rs",
};

/// The file of every project that RoadRunner runs.
pub(super) const ROADRUNNER: &[TemplateFile] = files! { ".rr.yaml": "roadrunner/rr.yaml", };
