//! The public API of the library is what `docs/api.txt` lists. `DDMC_BLESS=1` rewrites it.
//!
//! rustdoc's JSON is not stable, so this reads the source: the re-exports of `lib.rs` and of its public modules, the items that
//! they name, and the methods and traits of these items.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, ItemImpl, ItemUse, Type, UseTree, Visibility};

/// An exported item: its name, and the folder or file of the source that holds it.
struct Export {
    name: String,
    path: String,
    unit: String,
}

/// The parsed files below `src`, by their modules, such as `apple/target`.
type Files = BTreeMap<String, Vec<Item>>;

#[test]
fn the_public_api_is_the_committed_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Files::new();
    read(&root.join("src"), "", &mut files);
    let mut exports = Vec::new();
    let mut modules = vec![("ddmc".to_owned(), "lib".to_owned())];
    while let Some((path, file)) = modules.pop() {
        for item in &files[&file] {
            match item {
                Item::Mod(module) if is_public(&module.vis) && !is_hidden(&module.attrs) => {
                    let name = module.ident.to_string();
                    modules.push((format!("{path}::{name}"), name));
                }
                Item::Use(item) if is_public(&item.vis) => exports.extend(exported(item, &path, &file)),
                _ => {
                    if let Some((name, true, attributes)) = described(item)
                        && !is_hidden(attributes)
                    {
                        exports.push(Export { path: format!("{path}::{name}"), name, unit: file.clone() });
                    }
                }
            }
        }
    }
    let names: BTreeSet<String> = exports.iter().map(|export| export.name.clone()).collect();
    exports.sort_by(|one, other| one.path.cmp(&other.path));
    let listing: String = exports.iter().map(|export| described_whole(export, &files, &names)).collect();
    assert!(listing.lines().count() > 200, "{listing}");
    let file = root.join("docs/api.txt");
    if std::env::var_os("DDMC_BLESS").is_some() {
        fs::write(&file, &listing).expect("a file can be written");
    }
    let committed = fs::read_to_string(file).unwrap_or_default();
    let difference = similar::TextDiff::from_lines(&committed, &listing).unified_diff().to_string();
    assert!(
        difference.is_empty(),
        "the public API changed; describe it in CHANGELOG.md, and run with DDMC_BLESS=1:\n{difference}"
    );
}

/// Parses the files of a folder.
fn read(folder: &Path, module: &str, files: &mut Files) {
    let entries: BTreeSet<PathBuf> =
        fs::read_dir(folder).expect("src exists").map(|entry| entry.expect("an entry").path()).collect();
    for path in entries {
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let name = if module.is_empty() { name } else { format!("{module}/{name}") };
        if path.is_dir() {
            read(&path, &name, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a file can be read");
            let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let items = parsed.items.into_iter().flat_map(|item| match item {
                Item::Mod(module) if module.content.is_some() => module.content.expect("it has some").1,
                item => vec![item],
            });
            files.insert(name.strip_suffix("/mod").unwrap_or(&name).to_owned(), items.collect());
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("doc") && attribute.to_token_stream().to_string().contains("hidden"))
}

/// The names of a `pub use`.
fn exported(item: &ItemUse, path: &str, file: &str) -> Vec<Export> {
    let mut all = Vec::new();
    let mut open: Vec<(Vec<String>, &UseTree)> = vec![(Vec::new(), &item.tree)];
    while let Some((steps, tree)) = open.pop() {
        let export = |name: String, as_name: String| {
            let own = if file == "lib" { String::new() } else { format!("{file}/") };
            let unit = match steps.as_slice() {
                [first, rest @ ..] if first == "crate" => rest.join("/"),
                steps => own + &steps.join("/"),
            };
            Export { name, path: format!("{path}::{as_name}"), unit }
        };
        match tree {
            UseTree::Path(step) => {
                let steps = steps.iter().cloned().chain([step.ident.to_string()]).collect();
                open.push((steps, &step.tree));
            }
            UseTree::Group(group) => open.extend(group.items.iter().map(|tree| (steps.clone(), tree))),
            UseTree::Name(name) => all.push(export(name.ident.to_string(), name.ident.to_string())),
            UseTree::Rename(name) => all.push(export(name.ident.to_string(), name.rename.to_string())),
            UseTree::Glob(_) => panic!("{path} exports everything of {steps:?}"),
        }
    }
    all
}

/// The name of an item that can be exported, whether it is public, and its attributes.
fn described(item: &Item) -> Option<(String, bool, &[Attribute])> {
    let (name, visibility, attributes) = match item {
        Item::Struct(item) => (&item.ident, &item.vis, &item.attrs),
        Item::Enum(item) => (&item.ident, &item.vis, &item.attrs),
        Item::Trait(item) => (&item.ident, &item.vis, &item.attrs),
        Item::Type(item) => (&item.ident, &item.vis, &item.attrs),
        Item::Fn(item) => (&item.sig.ident, &item.vis, &item.attrs),
        Item::Const(item) => (&item.ident, &item.vis, &item.attrs),
        Item::Static(item) => (&item.ident, &item.vis, &item.attrs),
        _ => return None,
    };
    Some((name.to_string(), is_public(visibility), attributes))
}

/// An item with its traits, fields, variants and methods.
fn described_whole(export: &Export, files: &Files, names: &BTreeSet<String>) -> String {
    let Export { name, path, unit } = export;
    let is_within = |file: &str| file == unit || file.starts_with(&format!("{unit}/"));
    let within = || files.iter().filter(|(file, _)| is_within(file)).flat_map(|(_, items)| items);
    let found: Vec<&Item> =
        within().filter(|item| described(item).is_some_and(|(other, public, _)| public && other == *name)).collect();
    let [item] = found.as_slice() else { panic!("{path} is {} items of {unit}", found.len()) };
    let (mut traits, mut members) = (BTreeSet::new(), BTreeSet::new());
    let head = match item {
        Item::Struct(item) => {
            fields("", &item.fields, true, &mut members);
            derived(&item.attrs, &mut traits);
            format!("struct {path}{}", text(&item.generics))
        }
        Item::Enum(item) => {
            for variant in &item.variants {
                members.insert(variant.ident.to_string());
                fields(&format!("{}::", variant.ident), &variant.fields, false, &mut members);
            }
            derived(&item.attrs, &mut traits);
            format!("enum {path}{}", text(&item.generics))
        }
        Item::Fn(item) => text(&item.sig).replacen(&format!("fn {name}"), &format!("fn {path}"), 1),
        Item::Const(item) => format!("const {path}: {}", text(&item.ty)),
        Item::Static(item) => format!("static {path}: {}", text(&item.ty)),
        Item::Type(item) => format!("type {path} = {}", text(&item.ty)),
        other => panic!("{path}: {}", text(other)),
    };
    for item in within() {
        if let Item::Impl(item) = item
            && let Type::Path(of) = &*item.self_ty
            && of.path.segments.last().is_some_and(|segment| segment.ident == name.as_str())
        {
            implementation(item, names, &mut traits, &mut members);
        }
    }
    let traits: Vec<String> = traits.into_iter().collect();
    let traits = if traits.is_empty() { String::new() } else { format!(": {}", traits.join(" + ")) };
    let members: Vec<String> = members.into_iter().map(|member| format!("\n    {member}")).collect();
    format!("{head}{traits}{}\n", members.concat())
}

fn fields(path: &str, fields: &Fields, need_visibility: bool, members: &mut BTreeSet<String>) {
    for (at, field) in fields.iter().enumerate() {
        let name = field.ident.as_ref().map_or_else(|| at.to_string(), ToString::to_string);
        if is_public(&field.vis) || !need_visibility {
            members.insert(format!("{path}{name}: {}", text(&field.ty)));
        }
    }
}

fn derived(attributes: &[Attribute], traits: &mut BTreeSet<String>) {
    for attribute in attributes {
        if attribute.path().is_ident("non_exhaustive") {
            traits.insert("#[non_exhaustive]".to_owned());
        }
        if attribute.path().is_ident("derive") {
            let derive = |meta: syn::meta::ParseNestedMeta<'_>| {
                traits.insert(meta.path.segments.last().expect("a path has segments").ident.to_string());
                Ok(())
            };
            attribute.parse_nested_meta(derive).expect("a list of traits");
        }
    }
}

/// The public methods of a type, or a trait that it implements. Private traits are left out.
fn implementation(item: &ItemImpl, names: &BTreeSet<String>, traits: &mut BTreeSet<String>, members: &mut BTreeSet<String>) {
    let Some((_, of, _)) = &item.trait_ else {
        for item in &item.items {
            match item {
                ImplItem::Fn(method) if is_public(&method.vis) && !is_hidden(&method.attrs) => {
                    members.insert(text(&method.sig));
                }
                ImplItem::Const(item) if is_public(&item.vis) => {
                    members.insert(format!("const {}: {}", item.ident, text(&item.ty)));
                }
                _ => {}
            }
        }
        return;
    };
    let name = of.segments.last().expect("a path has segments").ident.to_string();
    if STANDARD.contains(&name.as_str()) || names.contains(&name) {
        traits.insert(text(of.segments.last().expect("a path has segments")));
    }
}

/// The traits of the standard library and of serde that types of the API implement.
const STANDARD: [&str; 19] = [
    "AsRef",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deref",
    "Deserialize",
    "Display",
    "Eq",
    "Error",
    "From",
    "FromIterator",
    "FromStr",
    "Hash",
    "IntoIterator",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Serialize",
];

/// The text of a part of the source, with spaces as usual.
fn text(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string().replace(" ->", "\u{0}").replace('\n', " ");
    for (with, without) in [
        (" :: ", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" <", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
        (" :", ":"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" ;", ";"),
        ("[ ", "["),
        (" ]", "]"),
        (",)", ")"),
        (" !", "!"),
    ] {
        text = text.replace(with, without);
    }
    text.replace('\u{0}', " ->")
}
