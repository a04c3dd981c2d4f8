//! Adding the crate does not change the cryptography of a program.
//!
//! Cargo unifies the features of a dependency over the whole program, so each program is built for itself, in a workspace
//! outside of this one. It has the folder, the versions and the profile of this one, so that what is compiled for other programs can
//! be used.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use test_support::{PROFILE, cargo};

/// A program: its name, its dependencies, and the statements of its `main`.
struct Program {
    name: &'static str,
    dependencies: &'static str,
    main: &'static str,
}

const PROGRAMS: [Program; 4] = [
    Program {
        name: "default_features",
        dependencies: r#"
            centrifugo = { path = "RUNTIME", features = ["token"] }
            jsonwebtoken = { version = "10", default-features = false, features = ["aws_lc_rs"] }
            rustls = { version = "0.23", default-features = false, features = ["aws_lc_rs", "std", "tls12"] }
        "#,
        main: r#"
            let key = centrifugo::token::Key::hs256("secret");
            let ours = centrifugo::token::ConnectionToken::user("42").sign(&key).unwrap();
            let claims = std::collections::HashMap::from([("sub", "42")]);
            let secret = jsonwebtoken::EncodingKey::from_secret(b"secret");
            let theirs = jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &secret).unwrap();
            assert_eq!(ours, theirs);
            let _ = rustls::ClientConfig::builder();
            for client in [
                centrifugo::api::Client::grpc("grpcs://localhost"),
                centrifugo::api::Client::http("https://localhost"),
                centrifugo::api::Client::http("http://localhost").ca_certificate("PEM"),
            ] {
                let error = client.build().unwrap_err().to_string();
                assert!(error.contains("`tls-ring`"), "{error}");
            }
        "#,
    },
    Program {
        name: "tls_ring",
        dependencies: r#"
            centrifugo = { path = "RUNTIME", features = ["tls-ring"] }
            rustls = { version = "0.23", default-features = false, features = ["aws_lc_rs", "std", "tls12"] }
        "#,
        // Two providers are built in, and the program has chosen none.
        main: r#"
            centrifugo::api::Client::grpc("grpcs://localhost").ca_certificate(CA).build().unwrap();
            centrifugo::api::Client::http("https://localhost").ca_certificate(CA).build().unwrap();
            assert!(rustls::crypto::CryptoProvider::get_default().is_none());
        "#,
    },
    Program {
        name: "tls_aws_lc_rs",
        dependencies: r#"
            centrifugo = { path = "RUNTIME", features = ["tls-aws-lc-rs"] }
            rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }
        "#,
        main: r#"
            centrifugo::api::Client::grpc("grpcs://localhost").ca_certificate(CA).build().unwrap();
            assert!(rustls::crypto::CryptoProvider::get_default().is_none());
        "#,
    },
    Program {
        name: "tls_without_provider",
        dependencies: r#"
            centrifugo = { path = "RUNTIME", features = ["tls"] }
            rustls = { version = "0.23", default-features = false, features = ["aws_lc_rs", "std", "tls12"] }
        "#,
        main: r#"
            let client = || centrifugo::api::Client::http("https://localhost").ca_certificate(CA).build();
            let error = client().unwrap_err().to_string();
            assert!(error.contains("`tls-ring`") && error.contains("install_default"), "{error}");
            rustls::crypto::aws_lc_rs::default_provider().install_default().unwrap();
            client().unwrap();
        "#,
    },
];

#[test]
fn programs_with_other_providers_keep_working() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap();
    let workspace = Workspace::create(&root);
    for program in &PROGRAMS {
        workspace.run(program.name);
    }
}

struct Workspace {
    path: PathBuf,
}

impl Workspace {
    fn create(root: &Path) -> Self {
        // Cargo keeps this folder between runs.
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crypto_features");
        let names: Vec<_> = PROGRAMS.iter().map(|program| program.name).collect();
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {names:?}\n\n{PROFILE}");
        write(&path.join("Cargo.toml"), &manifest);
        if !path.join("Cargo.lock").exists() {
            fs::copy(root.join("Cargo.lock"), path.join("Cargo.lock")).unwrap();
        }
        let runtime = root.join("runtime");
        for Program {
            name,
            dependencies,
            main,
        } in &PROGRAMS
        {
            let dependencies = dependencies.replace("RUNTIME", runtime.to_str().unwrap());
            let manifest =
                format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n[dependencies]\n{dependencies}\n");
            write(&path.join(name).join("Cargo.toml"), &manifest);
            let source = format!("#[allow(dead_code)]\nconst CA: &str = {CA:?};\nfn main() {{\n{main}\n}}\n");
            write(&path.join(name).join("src/main.rs"), &source);
        }
        Self { path }
    }

    /// Builds and runs a program. Only dependencies that were never downloaded need the network.
    fn run(&self, name: &str) {
        let run = |offline: &[&str]| {
            cargo()
                .args(["run", "--quiet", "--package", name])
                .args(offline)
                .current_dir(&self.path)
                .output()
                .unwrap()
        };
        let mut output = run(&["--offline"]);
        let is_missing = |stderr: &str| stderr.contains("--offline") || stderr.contains("offline mode");
        if !output.status.success() && is_missing(&String::from_utf8_lossy(&output.stderr)) {
            output = run(&[]);
        }
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {stderr}");
    }
}

/// Writes a file unless it has this text, so that cargo does not build it again.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A certificate of an authority that signed nothing.
const CA: &str = include_str!("ca.pem");
