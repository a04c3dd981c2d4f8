//! Measures `cargo check` of a thousand handlers against the same functions without attributes.

#![allow(clippy::print_stdout, reason = "prints the measurements")]

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use speed::Spread;

const HANDLERS: usize = 1000;

/// The body of the functions.
#[derive(Clone, Copy)]
enum Body {
    /// Minimal, so that nearly all of the cost is that of the attribute.
    OneLine,
    /// Typical of a handler: query, check, refuse or answer.
    TenLines,
}

impl Body {
    fn name(self) -> &'static str {
        match self {
            Self::OneLine => "one line",
            Self::TenLines => "ten lines",
        }
    }

    fn of(self, number: usize) -> String {
        match self {
            Self::OneLine => format!("    Ok(Json((key, user.0, query.id + {number})))\n"),
            Self::TenLines => format!(
                "    let rows = load(query.id + {number}).await?;
    let mine: Vec<&Row> = rows.iter().filter(|row| row.owner == user.0).collect();
    if mine.is_empty() {{
        return Err(Error::permission_denied());
    }}
    let mut total = 0;
    for row in mine {{
        total += row.amount.saturating_mul(u64::from(key));
    }}
    Ok(Json((key, format!(\"{{}} of {number}\", rows.len()), total)))
"
            ),
        }
    }
}

/// Returns the source of a crate with `HANDLERS` functions, with or without attributes.
fn source(body: Body, attributes: bool) -> String {
    let mut text = String::from(
        "use centrifugo::{Error, Json, UserId};\n\n\
         #[derive(serde::Deserialize, serde::Serialize)]\npub struct Query {\n    pub id: u64,\n}\n\n\
         pub struct Row {\n    pub owner: String,\n    pub amount: u64,\n}\n\n\
         pub async fn load(id: u64) -> Result<Vec<Row>, Error> {\n    \
         Ok(vec![Row { owner: id.to_string(), amount: id }])\n}\n",
    );
    for number in 0..HANDLERS {
        if attributes {
            let _ = write!(text, "\n#[centrifugo::rpc(\"method/{number}/{{key}}\")]");
        }
        let _ = write!(
            text,
            "\npub async fn handler_{number}(key: u32, user: UserId, Json(query): Json<Query>) -> Result<Json<(u32, String, u64)>, Error> {{\n{}}}\n",
            body.of(number)
        );
    }
    text
}

struct Package(PathBuf);

impl Package {
    fn write(root: &Path, name: &str, body: Body, attributes: bool) -> io::Result<Self> {
        let own = root.join(name);
        fs::create_dir_all(own.join("src"))?;
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .ok_or_else(|| io::Error::other("no workspace"))?;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\n\
             centrifugo = {{ path = {:?}, default-features = false }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\n\n[workspace]\n",
            workspace.join("runtime")
        );
        fs::write(own.join("Cargo.toml"), manifest)?;
        fs::copy(workspace.join("Cargo.lock"), own.join("Cargo.lock"))?;
        fs::write(own.join("src/lib.rs"), source(body, attributes))?;
        Ok(Self(own))
    }

    /// Times `cargo check` after a change of the source, with dependencies already built.
    fn check(&self, target: &Path) -> io::Result<Duration> {
        let file = self.0.join("src/lib.rs");
        let text = fs::read_to_string(&file)?;
        fs::write(&file, text)?;
        let start = Instant::now();
        let status = Command::new("cargo")
            .current_dir(&self.0)
            // Incremental compilation would hide the cost of the attributes.
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TARGET_DIR", target)
            .args(["check", "--quiet"])
            .status()?;
        if status.success() {
            Ok(start.elapsed())
        } else {
            Err(io::Error::other("`cargo check` failed"))
        }
    }
}

/// Usage: `compile [ROUNDS]`.
fn main() -> io::Result<()> {
    let rounds = std::env::args()
        .nth(1)
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(9);
    let root = std::env::temp_dir().join(format!("centrifugo-compile-{}", std::process::id()));
    let target = root.join("target");
    println!(
        "`cargo check` of {HANDLERS} functions, {rounds} rounds, alternating; medians, spread from p10 to p90\n\n\
         | bodies | bare functions, ms | handlers, ms | ratio | an attribute, ms |\n|---|---|---|---|---|"
    );
    for body in [Body::OneLine, Body::TenLines] {
        let packages = [
            Package::write(&root, "bare", body, false)?,
            Package::write(&root, "handlers", body, true)?,
        ];
        let mut times = [Vec::new(), Vec::new()];
        for package in &packages {
            package.check(&target)?;
        }
        for round in 0..rounds {
            for turn in [round % 2, 1 - round % 2] {
                times[turn].push(packages[turn].check(&target)?.as_secs_f64() * 1e3);
            }
        }
        let ratios = times[1].iter().zip(&times[0]).map(|(with, bare)| with / bare);
        let each = times[1]
            .iter()
            .zip(&times[0])
            .map(|(with, bare)| (with - bare) / HANDLERS as f64);
        let (ratio, each) = (Spread::of(ratios.collect()), Spread::of(each.collect()));
        let [bare, with] = times.map(Spread::of);
        println!("| {} | {bare} | {with} | {ratio} | {each} |", body.name());
    }
    fs::remove_dir_all(root)
}
