//! Measures `cargo check` of a thousand handlers against the same functions without attributes, and against the same handlers with
//! the feature `schema`.

#![allow(clippy::print_stdout, reason = "prints the measurements")]

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use speed::{Spread, round_order};

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

/// What is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Variant {
    Bare,
    Handlers,
    /// Handlers with the feature `schema`, whose types implement `JsonSchema`.
    Schema,
}

impl Variant {
    const ALL: [Self; 3] = [Self::Bare, Self::Handlers, Self::Schema];

    fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Handlers => "handlers",
            Self::Schema => "schema",
        }
    }

    /// The features of the crate and further dependencies.
    fn dependencies(self) -> (&'static str, &'static str) {
        match self {
            Self::Bare | Self::Handlers => ("", ""),
            Self::Schema => (", features = [\"schema\"]", "schemars = \"1\"\n"),
        }
    }
}

/// Returns the source of a crate with `HANDLERS` functions.
fn source(body: Body, variant: Variant) -> String {
    let derive = match variant {
        Variant::Schema => ", schemars::JsonSchema",
        Variant::Bare | Variant::Handlers => "",
    };
    let mut text = format!(
        "use centrifugo::{{Error, Json, UserId}};\n\n\
         #[derive(serde::Deserialize, serde::Serialize{derive})]\npub struct Query {{\n    pub id: u64,\n}}\n\n"
    );
    text.push_str(
        "\
         pub struct Row {\n    pub owner: String,\n    pub amount: u64,\n}\n\n\
         pub async fn load(id: u64) -> Result<Vec<Row>, Error> {\n    \
         Ok(vec![Row { owner: id.to_string(), amount: id }])\n}\n",
    );
    for number in 0..HANDLERS {
        if variant != Variant::Bare {
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

struct Package {
    folder: PathBuf,
    /// Each package has a target folder of its own, because its features would build the crate again otherwise.
    target: PathBuf,
}

impl Package {
    fn write(root: &Path, body: Body, variant: Variant) -> io::Result<Self> {
        let name = variant.name();
        let (features, more) = variant.dependencies();
        let own = root.join(name);
        fs::create_dir_all(own.join("src"))?;
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .ok_or_else(|| io::Error::other("no workspace"))?;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\n\
             centrifugo = {{ path = {:?}, default-features = false{features} }}\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\n{more}\n[workspace]\n",
            workspace.join("runtime")
        );
        fs::write(own.join("Cargo.toml"), manifest)?;
        fs::copy(workspace.join("Cargo.lock"), own.join("Cargo.lock"))?;
        fs::write(own.join("src/lib.rs"), source(body, variant))?;
        Ok(Self {
            folder: own,
            target: root.join("target").join(name),
        })
    }

    /// Times `cargo check` after a change of the source, with dependencies already built.
    fn check(&self) -> io::Result<Duration> {
        let file = self.folder.join("src/lib.rs");
        let text = fs::read_to_string(&file)?;
        fs::write(&file, text)?;
        let start = Instant::now();
        let status = Command::new("cargo")
            .current_dir(&self.folder)
            // Incremental compilation would hide the cost of the attributes.
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TARGET_DIR", &self.target)
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
    println!(
        "`cargo check` of {HANDLERS} functions, {rounds} rounds, alternating; medians, spread from p10 to p90\n\n\
         | bodies | bare functions, ms | handlers, ms | ratio | an attribute, ms | with `schema`, ms | ratio to handlers | a handler more, % |\n\
         |---|---|---|---|---|---|---|---|"
    );
    for body in [Body::OneLine, Body::TenLines] {
        let packages = Variant::ALL.map(|variant| Package::write(&root, body, variant));
        let mut times = Variant::ALL.map(|_| Vec::new());
        let mut checks = Vec::new();
        for package in packages {
            let package = package?;
            // Builds the dependencies.
            package.check()?;
            checks.push(package);
        }
        for round in 0..rounds {
            for turn in round_order(round, checks.len()) {
                times[turn].push(checks[turn].check()?.as_secs_f64() * 1e3);
            }
        }
        let [bare, handlers, schema] = &times;
        let pairs = || bare.iter().zip(handlers).zip(schema);
        let ratio = Spread::of(pairs().map(|((bare, with), _)| with / bare).collect());
        let each = Spread::of(
            pairs()
                .map(|((bare, with), _)| (with - bare) / HANDLERS as f64)
                .collect(),
        );
        let schema_ratio = Spread::of(pairs().map(|((_, with), schema)| schema / with).collect());
        let more = Spread::of(
            pairs()
                .map(|((bare, with), schema)| 100.0 * (schema - with) / (with - bare))
                .collect(),
        );
        let [bare, handlers, schema] = times.map(Spread::of);
        println!(
            "| {} | {bare} | {handlers} | {ratio} | {each} | {schema} | {schema_ratio} | {more} |",
            body.name()
        );
    }
    fs::remove_dir_all(root)
}
