#![forbid(unsafe_code)]
//! `talus-surface LIBRARY`: what the bridge exports, read from the built library, one line an item, sorted. It is
//! compared with `docs/ffi-surface.txt`, so that nothing is added, dropped or renamed unseen. Fails where the surface
//! has grown past its limits or uses a name that one of the two languages keeps for itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;
use uniffi_meta::{FnParamMetadata, Metadata, Type};

/// Objects a shell has to own; traits it implements are not among them.
const OBJECTS_MAX: usize = 8;
/// Functions, constructors and methods.
const FUNCTIONS_MAX: usize = 60;
/// Words of Kotlin and Swift that a function may not be called: quoting them differs, and in exported traits breaks the
/// C header.
const KEPT: [&str; 45] = [
    "as",
    "break",
    "case",
    "catch",
    "class",
    "continue",
    "default",
    "defer",
    "do",
    "else",
    "enum",
    "extension",
    "false",
    "for",
    "fun",
    "func",
    "guard",
    "if",
    "import",
    "in",
    "init",
    "inout",
    "interface",
    "internal",
    "is",
    "let",
    "nil",
    "null",
    "object",
    "open",
    "operator",
    "package",
    "private",
    "protocol",
    "public",
    "repeat",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "switch",
    "this",
    "throw",
    "true",
];

/// Modules of Apple's that code names, macros among it, types that every screen uses, and what the generated code itself
/// imports: one of the same name would hide them, or could not be told from them.
const TAKEN: [&str; 22] = [
    "Animation",
    "App",
    "Button",
    "Charts",
    "Color",
    "Combine",
    "Font",
    "Foundation",
    "Image",
    "Job",
    "Label",
    "Observation",
    "Path",
    "Scene",
    "Section",
    "Shape",
    "State",
    "Swift",
    "SwiftUI",
    "Task",
    "Text",
    "View",
];

fn main() -> ExitCode {
    let Some(library) = std::env::args().nth(1) else { return fails("tell which library: give its path") };
    let found = match uniffi_bindgen::macro_metadata::extract_from_library(library.as_str().into()) {
        Ok(found) if !found.is_empty() => found,
        Ok(_) => return fails(&format!("find a surface in {library}: it exports nothing, or is stripped")),
        Err(error) => return fails(&format!("read {library}: {error}")),
    };
    let surface = Surface::of(found);
    if std::io::stdout().write_all(surface.text().as_bytes()).is_err() {
        return fails("write the surface");
    }
    match surface.objection() {
        None => ExitCode::SUCCESS,
        Some(objection) => fails(&objection),
    }
}

fn fails(why: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "talus-surface: failed to {why}");
    ExitCode::FAILURE
}

/// Items by their heading (`object Session`), each with its lines.
#[derive(Default)]
struct Surface {
    items: BTreeMap<String, Vec<String>>,
    objects: BTreeSet<String>,
    traits: BTreeSet<String>,
    functions: Vec<String>,
    fields: BTreeSet<String>,
}

impl Surface {
    fn of(found: Vec<Metadata>) -> Self {
        let mut surface = Self::default();
        for one in &found {
            if let Metadata::Object(object) = one {
                if object.imp.has_struct() {
                    surface.objects.insert(object.name.clone());
                } else {
                    surface.traits.insert(object.name.clone());
                }
            }
        }
        for one in found {
            surface.add(one);
        }
        surface
    }

    fn add(&mut self, one: Metadata) {
        match one {
            Metadata::Func(f) => {
                let line = signature(&f.name, &f.inputs, f.return_type.as_ref(), f.throws.as_ref(), f.is_async);
                self.function(f.name, "functions".to_owned(), line);
            }
            Metadata::Object(object) => {
                let heading = self.heading(&object.name);
                self.items.entry(heading).or_default();
            }
            Metadata::Constructor(f) => {
                let made = signature(&f.name, &f.inputs, None, f.throws.as_ref(), f.is_async);
                let heading = self.heading(&f.self_name);
                // The primary constructor has no name on the other side.
                let name = if f.is_primary() { "make".to_owned() } else { f.name };
                self.function(name, heading, format!("constructor {made}"));
            }
            Metadata::Method(f) => {
                let line = signature(&f.name, &f.inputs, f.return_type.as_ref(), f.throws.as_ref(), f.is_async);
                let heading = self.heading(&f.self_name);
                self.function(f.name, heading, line);
            }
            Metadata::TraitMethod(f) => {
                let line = signature(&f.name, &f.inputs, f.return_type.as_ref(), f.throws.as_ref(), f.is_async);
                let heading = self.heading(&f.trait_name);
                self.function(f.name, heading, line);
            }
            Metadata::Record(record) => {
                // In the order of declaration: it is the order of arguments on the other side.
                let lines = record.fields.iter().map(|field| format!("{}: {}", field.name, word(&field.ty))).collect();
                self.items.insert(format!("record {}", record.name), lines);
            }
            Metadata::Enum(of) => {
                let kind = if of.shape.is_error() { "error" } else { "enum" };
                let mut lines = Vec::new();
                for variant in of.variants {
                    let fields: Vec<_> =
                        variant.fields.iter().map(|field| format!("{}: {}", field.name, word(&field.ty))).collect();
                    if of.shape.is_error() {
                        self.fields.extend(variant.fields.into_iter().map(|field| field.name));
                    }
                    let fields = if fields.is_empty() { String::new() } else { format!("({})", fields.join(", ")) };
                    lines.push(format!("{}{fields}", variant.name));
                }
                self.items.insert(format!("{kind} {}", of.name), lines);
            }
            Metadata::CallbackInterface(trait_) => {
                self.items.entry(format!("trait {}", trait_.name)).or_default();
            }
            Metadata::CustomType(custom) => {
                self.items.insert(format!("custom {} = {}", custom.name, word(&custom.builtin)), Vec::new());
            }
            // Neither adds anything a shell can call.
            Metadata::Namespace(_) | Metadata::UdlFile(_) | Metadata::UniffiTrait(_) | Metadata::ObjectTraitImpl(_) => {
            }
        }
    }

    fn heading(&self, name: &str) -> String {
        format!("{} {name}", if self.objects.contains(name) { "object" } else { "trait" })
    }

    fn function(&mut self, name: String, heading: String, line: String) {
        self.functions.push(name);
        let lines = self.items.entry(heading).or_default();
        lines.push(line);
        lines.sort();
    }

    fn text(&self) -> String {
        let mut text = format!(
            "{} objects, {} traits, {} functions\n",
            self.objects.len(),
            self.traits.len(),
            self.functions.len()
        );
        for (heading, lines) in &self.items {
            // Writing into a string cannot fail.
            let _ = writeln!(text, "\n{heading}");
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
        }
        text
    }

    fn objection(&self) -> Option<String> {
        if self.objects.len() > OBJECTS_MAX {
            return Some(format!("keep to {OBJECTS_MAX} objects: there are {}", self.objects.len()));
        }
        if self.functions.len() > FUNCTIONS_MAX {
            return Some(format!("keep to {FUNCTIONS_MAX} functions: there are {}", self.functions.len()));
        }
        if let Some(name) = self.functions.iter().find(|name| KEPT.contains(&name.as_str())) {
            return Some(format!("name a function {name:?}: Kotlin or Swift keeps the word for itself"));
        }
        let named = |heading: &String| TAKEN.iter().find(|name| heading.ends_with(&format!(" {name}")));
        if let Some(name) = self.items.keys().find_map(named) {
            return Some(format!("name a type {name:?}: another is called so where it is used"));
        }
        // Kotlin's exceptions have a `message` of their own.
        self.fields.contains("message").then(|| "name a field of an error \"message\"".to_owned())
    }
}

fn signature(
    name: &str,
    inputs: &[FnParamMetadata],
    gives: Option<&Type>,
    throws: Option<&Type>,
    slow: bool,
) -> String {
    let inputs: Vec<_> = inputs.iter().map(|input| format!("{}: {}", input.name, word(&input.ty))).collect();
    let mut line = format!("{}{name}({})", if slow { "async " } else { "" }, inputs.join(", "));
    if let Some(gives) = gives {
        let _ = write!(line, " -> {}", word(gives));
    }
    if let Some(throws) = throws {
        let _ = write!(line, " throws {}", word(throws));
    }
    line
}

fn word(of: &Type) -> String {
    match of {
        Type::UInt8 => "u8".to_owned(),
        Type::Int8 => "i8".to_owned(),
        Type::UInt16 => "u16".to_owned(),
        Type::Int16 => "i16".to_owned(),
        Type::UInt32 => "u32".to_owned(),
        Type::Int32 => "i32".to_owned(),
        Type::UInt64 => "u64".to_owned(),
        Type::Int64 => "i64".to_owned(),
        Type::Float32 => "f32".to_owned(),
        Type::Float64 => "f64".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::String => "string".to_owned(),
        Type::Bytes => "bytes".to_owned(),
        Type::Timestamp => "timestamp".to_owned(),
        Type::Duration => "duration".to_owned(),
        Type::Object { name, .. }
        | Type::Record { name, .. }
        | Type::Enum { name, .. }
        | Type::CallbackInterface { name, .. }
        | Type::Custom { name, .. } => name.clone(),
        Type::Box { inner_type } => word(inner_type),
        Type::Optional { inner_type } => format!("{}?", word(inner_type)),
        Type::Sequence { inner_type } => format!("[{}]", word(inner_type)),
        Type::Set { inner_type } => format!("set of {}", word(inner_type)),
        Type::Map { key_type, value_type } => format!("[{}: {}]", word(key_type), word(value_type)),
    }
}
