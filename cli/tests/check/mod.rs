//! Configurations for the tests of the check, and the program that they are checked against.

#![allow(dead_code, reason = "each test uses a part")]

use std::fs;
use std::path::{Path, PathBuf};

use cargo_centrifugo::centrifugo::Environment;
use cargo_centrifugo::check::{Finding, Input, check};
use cargo_centrifugo::config_file::ConfigFile;
use cargo_centrifugo::description::Description;
use serde_json::{Map, Value};

/// A configuration, and the program and the environment that belong to it.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: String,
    pub file: Value,
    pub env: Vec<(String, String)>,
    pub program: Value,
    pub roadrunner: Option<Value>,
    /// What the check has to find, as `LEVEL RULE PATH`.
    pub findings: Vec<String>,
}

pub fn folder() -> PathBuf {
    // The tests with the real Centrifugo read the same files.
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = manifest
        .ancestors()
        .find(|path| path.join("cli/tests/check").is_dir());
    root.expect("the workspace").join("cli/tests/check")
}

pub fn read(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub fn read_json(name: &str) -> Value {
    serde_json::from_str(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub fn variables(text: &str) -> Vec<(String, String)> {
    text.lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Returns the configurations that are broken by hand. Each is the good one with some changes.
pub fn broken() -> Vec<Case> {
    let good = read_json("good.json");
    let program = read_json("program.json");
    let cases = read_json("broken.json");
    cases
        .as_array()
        .expect("a list")
        .iter()
        .map(|case| {
            let mut file = if case["without_good"] == true {
                Value::Object(Map::new())
            } else {
                good.clone()
            };
            let mut program = program.clone();
            for (target, key) in [(&mut file, "change"), (&mut program, "program")] {
                for (path, value) in case[key].as_object().into_iter().flatten() {
                    set(target, path, value.clone());
                }
            }
            let env = case["env"].as_object().into_iter().flatten();
            let findings = case["findings"].as_array().expect("findings");
            Case {
                name: case["name"].as_str().expect("a name").to_owned(),
                file,
                env: env
                    .map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned()))
                    .collect(),
                program,
                roadrunner: case.get("roadrunner").cloned(),
                findings: findings
                    .iter()
                    .map(|line| line.as_str().expect("a text").to_owned())
                    .collect(),
            }
        })
        .collect()
}

/// Sets the value at a path such as `channel.namespaces[0].name`. Null removes it.
fn set(target: &mut Value, path: &str, value: Value) {
    let mut place = target;
    let mut names = Vec::new();
    for part in path.split('.') {
        let (name, indexes) = part
            .split_once('[')
            .map_or((part, ""), |(name, rest)| (name, rest));
        names.push(name.to_owned());
        names.extend(
            indexes
                .split(['[', ']'])
                .filter(|index| !index.is_empty())
                .map(str::to_owned),
        );
    }
    let last = names.pop().expect("a name");
    for name in names {
        place = match name.parse::<usize>() {
            Ok(index) => &mut place[index],
            Err(_) => &mut place[name],
        };
    }
    match (last.parse::<usize>(), value) {
        (Ok(index), value) => {
            let list = place.as_array_mut().expect("a list");
            if index == list.len() {
                list.push(value);
            } else {
                list[index] = value;
            }
        }
        (Err(_), Value::Null) => {
            place.as_object_mut().expect("an object").remove(&last);
        }
        (Err(_), value) => place[last] = value,
    }
}

impl Case {
    pub fn environment(&self) -> Environment {
        self.env.iter().cloned().collect()
    }

    /// Checks the file of the case, so that findings have lines.
    pub fn check_as_file(&self) -> Vec<Finding> {
        let path = folder().join("cases").join(&self.name);
        let file = match self.file {
            Value::Null => ConfigFile::parse("{}", None),
            _ => ConfigFile::open(&path),
        };
        let description = Description::parse(&self.program.to_string()).expect("a description");
        check(&Input::of_file(
            &description,
            &file.expect("a configuration"),
            &self.environment(),
        ))
    }

    pub fn check(&self) -> Vec<Finding> {
        let description = Description::parse(&self.program.to_string()).expect("a description");
        let environment = self.environment();
        let mut input = Input::new(&description, &self.file, &environment);
        if let Some(file) = &self.roadrunner {
            input = input.roadrunner(file);
        }
        check(&input)
    }
}
