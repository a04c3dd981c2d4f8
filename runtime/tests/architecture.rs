//! Holds the source of the crate against the table of folders in CONTRIBUTING.md.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

/// A module path below the crate root.
type ModulePath = Vec<String>;

/// A source file: its module path, and the paths of other modules' items that it names.
struct SourceFile {
    name: String,
    module: ModulePath,
    imports: BTreeSet<ModulePath>,
}

struct Sources {
    files: Vec<SourceFile>,
    /// What each `mod.rs` exports: the name, and the child module that it comes from.
    exports: BTreeMap<ModulePath, BTreeMap<String, ModulePath>>,
}

fn source_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn read_sources() -> Sources {
    let root = source_root();
    let mut paths = Vec::new();
    rust_files(&root, &mut paths);
    paths.sort();
    let mut test_modules = BTreeSet::new();
    let mut sources = Sources {
        files: Vec::new(),
        exports: BTreeMap::new(),
    };
    for path in paths {
        let name = path.strip_prefix(&root).unwrap().with_extension("");
        let mut module: ModulePath = name
            .iter()
            .map(|part| part.to_str().unwrap().to_owned())
            .collect();
        let is_table = module.last().is_some_and(|last| last == "mod");
        if is_table {
            module.pop();
        }
        let tokens: TokenStream = fs::read_to_string(&path).unwrap().parse().unwrap();
        let mut items = Items::default();
        items.read(tokens, &module);
        test_modules.extend(items.test_modules);
        if is_table {
            let exports = sources.exports.entry(module).or_default();
            for import in items.imports {
                exports.insert(import.last().unwrap().clone(), import);
            }
        } else {
            sources.files.push(SourceFile {
                name: format!("{}.rs", name.display()),
                module,
                imports: items.imports,
            });
        }
    }
    sources.files.retain(|file| !test_modules.contains(&file.module));
    sources
}

/// What a file names outside of its tests.
#[derive(Default)]
struct Items {
    imports: BTreeSet<ModulePath>,
    /// Child modules that only tests and fuzz targets compile.
    test_modules: BTreeSet<ModulePath>,
}

impl Items {
    fn read(&mut self, tokens: TokenStream, module: &ModulePath) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut index = 0;
        while index < tokens.len() {
            if is_test_attribute(&tokens[index..]) {
                index = self.skip_test_item(&tokens, index + 2, module);
                continue;
            }
            match &tokens[index] {
                TokenTree::Group(group) => self.read(group.stream(), module),
                TokenTree::Ident(ident) if ident == "use" => {
                    // In a table of contents, paths may begin with a child module.
                    let mut rest = index + 1;
                    self.read_tree(&tokens, &mut rest, Vec::new(), module, true);
                    index = rest;
                    continue;
                }
                TokenTree::Ident(ident) if ident == "crate" || ident == "super" => {
                    let mut rest = index;
                    self.read_tree(&tokens, &mut rest, Vec::new(), module, false);
                    index = rest.max(index + 1);
                    continue;
                }
                _ => {}
            }
            index += 1;
        }
    }

    /// Skips an item that only tests compile; remembers the file if it is a module's declaration.
    fn skip_test_item(&mut self, tokens: &[TokenTree], mut index: usize, module: &ModulePath) -> usize {
        let mut declared = None;
        while let Some(token) = tokens.get(index) {
            index += 1;
            match token {
                TokenTree::Ident(ident) if ident == "mod" => {
                    declared = tokens.get(index).map(ToString::to_string);
                }
                TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Brace => break,
                TokenTree::Punct(punct) if punct.as_char() == ';' => {
                    self.test_modules
                        .extend(declared.map(|name| [&module[..], &[name]].concat()));
                    break;
                }
                _ => {}
            }
        }
        index
    }

    /// Reads a path or the tree of a `use`, from `index` on.
    fn read_tree(
        &mut self,
        tokens: &[TokenTree],
        index: &mut usize,
        mut path: ModulePath,
        module: &ModulePath,
        is_use: bool,
    ) {
        while let Some(token) = tokens.get(*index) {
            match token {
                TokenTree::Ident(ident) if ident == "as" => {
                    *index += 2;
                    continue;
                }
                TokenTree::Ident(ident) => path.push(ident.to_string()),
                TokenTree::Group(group) if is_use => {
                    let inner: Vec<_> = group.stream().into_iter().collect();
                    for part in
                        inner.split(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == ','))
                    {
                        if !part.is_empty() {
                            self.read_tree(part, &mut 0, path.clone(), module, true);
                        }
                    }
                    *index += 1;
                    return;
                }
                TokenTree::Punct(punct) if punct.as_char() == '*' && is_use => path.push("*".into()),
                _ => break,
            }
            *index += 1;
            match (tokens.get(*index), tokens.get(*index + 1)) {
                (Some(TokenTree::Punct(a)), Some(TokenTree::Punct(b)))
                    if a.as_char() == ':' && b.as_char() == ':' =>
                {
                    *index += 2;
                }
                (Some(TokenTree::Ident(ident)), _) if is_use && ident == "as" => {}
                _ => break,
            }
        }
        self.imports.extend(absolute(path, module));
    }
}

fn is_test_attribute(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(hash), TokenTree::Group(group), ..] = tokens else {
        return false;
    };
    let text = group.stream().to_string().replace(' ', "");
    hash.as_char() == '#'
        && (text.starts_with("cfg(test)")
            || text.starts_with("cfg(all(test,")
            || text.starts_with("cfg(fuzzing)")
            || text.starts_with("cfg(any(test,fuzzing))"))
}

/// The path from the crate root; none for a path into another crate.
fn absolute(path: ModulePath, module: &ModulePath) -> Option<ModulePath> {
    let mut parts = path.into_iter().peekable();
    let mut base = match parts.peek().map(String::as_str)? {
        "crate" => Vec::new(),
        "super" | "self" => module.clone(),
        // A child, as tables of contents name them.
        child
            if source_root()
                .join(module.join("/"))
                .join(format!("{child}.rs"))
                .exists()
                || source_root().join(module.join("/")).join(child).is_dir() =>
        {
            module.clone()
        }
        _ => return None,
    };
    while let Some(part) = parts.next_if(|part| ["crate", "super", "self"].contains(&part.as_str())) {
        if part == "super" {
            base.pop();
        }
    }
    base.extend(parts);
    (!base.is_empty()).then_some(base)
}

impl Sources {
    /// The file that defines an item.
    fn defining_file(&self, import: &ModulePath) -> Option<&SourceFile> {
        let file = |path: &[String]| self.files.iter().find(|file| file.module == path);
        for len in (1..=import.len()).rev() {
            let (module, rest) = import.split_at(len);
            if let Some(found) = file(module) {
                return Some(found);
            }
            if let Some(exported) = rest.first().and_then(|name| self.exports.get(module)?.get(name))
                && exported != import
            {
                return self.defining_file(exported);
            }
        }
        None
    }
}

/// What each folder may import, as CONTRIBUTING.md says.
fn allowed_imports() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../CONTRIBUTING.md")).unwrap();
    let (_, table) = text
        .split_once("| folder | what it holds | may import |")
        .unwrap();
    let mut allowed = BTreeMap::new();
    let mut above = BTreeSet::new();
    for row in table.lines().skip(2).take_while(|row| row.starts_with('|')) {
        let columns: Vec<_> = row.split('|').map(str::trim).collect();
        let folders: Vec<_> = code_words(columns[1]);
        let mut imports: BTreeSet<String> = code_words(columns[3]).into_iter().collect();
        if columns[3] == "all above" {
            imports.extend(above.iter().cloned());
        }
        for folder in folders {
            assert!(
                imports.is_subset(&above),
                "`{folder}` may import only folders that stand above it in the table of CONTRIBUTING.md: {imports:?}"
            );
            allowed.insert(folder.clone(), imports.clone());
            above.insert(folder);
        }
    }
    allowed
}

/// The folders in a cell of the table: `` `api/` `` is `api`.
fn code_words(cell: &str) -> Vec<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(|word| word.trim_end_matches('/').to_owned())
        .collect()
}

#[test]
fn folders_import_only_what_the_table_in_contributing_allows() {
    let allowed = allowed_imports();
    let sources = read_sources();
    let mut wrong = Vec::new();
    let mut folders = BTreeSet::new();
    for file in &sources.files {
        let [folder, _, ..] = &file.module[..] else {
            continue;
        };
        folders.insert(folder.clone());
        let Some(may_import) = allowed.get(folder) else {
            wrong.push(format!("{}: the folder is not in the table", file.name));
            continue;
        };
        for import in &file.imports {
            let target = &import[0];
            if target != folder && allowed.contains_key(target) && !may_import.contains(target) {
                wrong.push(format!("{}: imports `{}`", file.name, import.join("::")));
            }
            // A facade at the root would hide an import that runs upward.
            if import.len() == 1 && target.starts_with(char::is_uppercase) {
                wrong.push(format!("{}: imports `{target}` from the crate root", file.name));
            }
        }
    }
    for folder in allowed.keys().filter(|folder| !folders.contains(*folder)) {
        wrong.push(format!("`{folder}/` stands in the table and has no file"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_import_each_other_in_no_circle() {
    let sources = read_sources();
    let edges: BTreeMap<&str, BTreeSet<&str>> = sources
        .files
        .iter()
        .map(|file| {
            let targets = file
                .imports
                .iter()
                .filter_map(|import| sources.defining_file(import));
            let targets = targets
                .map(|target| &*target.name)
                .filter(|name| *name != file.name);
            (&*file.name, targets.collect())
        })
        .collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> = edges
        .keys()
        .map(|name| {
            let mut reached = BTreeSet::new();
            let mut next: Vec<&str> = edges[name].iter().copied().collect();
            while let Some(target) = next.pop() {
                if reached.insert(target) {
                    next.extend(&edges[target]);
                }
            }
            (*name, reached)
        })
        .collect();
    let circles: Vec<_> = edges
        .iter()
        .flat_map(|(name, targets)| targets.iter().map(move |target| (name, target)))
        .filter(|(name, target)| reached[*target].contains(*name))
        .map(|(name, target)| format!("{name} -> {target}"))
        .collect();
    assert!(
        circles.is_empty(),
        "files import each other in a circle:\n{}",
        circles.join("\n")
    );
}

#[test]
fn module_files_are_tables_of_contents() {
    let mut paths = Vec::new();
    rust_files(&source_root(), &mut paths);
    let mut wrong = Vec::new();
    for path in paths.iter().filter(|path| path.ends_with("mod.rs")) {
        let tokens: TokenStream = fs::read_to_string(path).unwrap().parse().unwrap();
        for token in tokens {
            if let TokenTree::Ident(ident) = token
                && [
                    "fn",
                    "struct",
                    "enum",
                    "trait",
                    "impl",
                    "const",
                    "static",
                    "type",
                    "macro_rules",
                ]
                .contains(&ident.to_string().as_str())
            {
                wrong.push(format!("{} defines a `{ident}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn contributing_names_files_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths = Vec::new();
    for folder in [
        "runtime/src",
        "runtime/tests",
        "macros",
        "proto/src",
        "cli/src",
        "tests",
        "ui-tests/tests",
        "fuzz/fuzz_targets",
    ] {
        rust_files(&root.join(folder), &mut paths);
    }
    let text = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let missing: BTreeSet<_> = code_words(&text)
        .into_iter()
        .filter(|word| word.ends_with(".rs") && !word.contains(' '))
        .filter(|word| !paths.iter().any(|path| path.ends_with(word)))
        .collect();
    assert!(
        missing.is_empty(),
        "CONTRIBUTING.md names files that do not exist: {missing:?}"
    );
}
