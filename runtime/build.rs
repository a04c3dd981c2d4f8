//! `links` needs a build script. It passes the names of the enabled features to the metric `build_info`.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let mut features: Vec<_> = std::env::vars()
        .filter_map(|(name, _)| Some(name.strip_prefix("CARGO_FEATURE_")?.to_lowercase()))
        .filter(|name| name != "default" && !name.starts_with('_'))
        .map(|name| name.replace('_', "-"))
        .collect();
    features.sort();
    println!("cargo:rustc-env=CENTRIFUGO_FEATURES={}", features.join(","));
}
