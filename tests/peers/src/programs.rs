//! The programs of the peers, found on PATH or built once into `.bin`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Centrifugo 6.9.
pub fn centrifugo() -> PathBuf {
    binary(
        "centrifugo",
        "centrifugo",
        &[
            "-ldflags",
            "-X github.com/centrifugal/centrifugo/v6/internal/build.Version=6.9.6",
        ],
        "github.com/centrifugal/centrifugo/v6",
    )
}

/// RoadRunner 2025.1, reduced to the plugins that a worker needs.
pub(crate) fn roadrunner() -> PathBuf {
    binary("rr", "roadrunner", &[], ".")
}

/// The grpc-go service that the endpoint is compared with.
pub(crate) fn endpoint() -> PathBuf {
    build("endpoint", &[], ".")
}

/// The gocent client that the server API is compared with.
pub fn gocent() -> PathBuf {
    build("gocent", &[], ".")
}

/// Redis of any version.
pub(crate) fn redis() -> PathBuf {
    on_path("redis-server").expect(
        "these tests need `redis-server` on PATH (Debian: `apt install redis-server`; others: https://redis.io/docs/latest/operate/oss_and_stack/install)",
    )
}

/// nginx of any version with HTTP/2.
pub(crate) fn nginx() -> PathBuf {
    on_path("nginx")
        .or_else(|| Some(PathBuf::from("/usr/sbin/nginx")).filter(|path| path.is_file()))
        .expect("these tests need `nginx` on PATH (Debian: `apt install nginx`; others: https://nginx.org/en/download.html)")
}

/// Prometheus 2.42 or newer.
pub(crate) fn prometheus() -> PathBuf {
    on_path("prometheus").expect(
        "these tests need `prometheus` on PATH (Debian: `apt install prometheus`; others: https://prometheus.io/download)",
    )
}

/// The tool that checks rules, which comes with Prometheus.
///
/// # Panics
///
/// If it is not on PATH.
pub fn promtool() -> PathBuf {
    on_path("promtool").expect(
        "these tests need `promtool` on PATH (Debian: `apt install prometheus`; others: https://prometheus.io/download)",
    )
}

/// Chromium.
///
/// # Panics
///
/// If Chromium is not on PATH.
pub fn chromium() -> PathBuf {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(on_path)
        .expect("these tests need `chromium` on PATH (Debian: `apt install chromium`; others: https://www.chromium.org)")
}

fn binary(name: &str, folder: &str, flags: &[&str], package: &str) -> PathBuf {
    on_path(name).unwrap_or_else(|| build(folder, flags, package))
}

fn build(folder: &str, flags: &[&str], package: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bin = root.join(".bin");
    fs::create_dir_all(&bin).expect("a folder for the peers");
    // Tests run in parallel: one builds and the others wait.
    let lock = File::create(bin.join(format!("{folder}.lock"))).expect("a lock");
    lock.lock().expect("a lock");
    let target = bin.join(folder);
    let source = root.join("go").join(folder);
    if is_newer(&target, &source) {
        return target;
    }
    let status = Command::new("go")
        .current_dir(&source)
        .arg("build")
        .args(flags)
        .arg("-o")
        .arg(&target)
        .arg(package)
        .status()
        .unwrap_or_else(|error| {
            panic!("`{folder}` is not on PATH, and is built with Go 1.26 (https://go.dev/dl): {error}")
        });
    assert!(status.success(), "`go build` of {folder} failed: {status}");
    target
}

fn on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

fn is_newer(target: &Path, source: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    let Some(built) = time(target) else {
        return false;
    };
    fs::read_dir(source)
        .expect("the module")
        .flatten()
        .all(|entry| time(&entry.path()).is_some_and(|changed| changed <= built))
}
