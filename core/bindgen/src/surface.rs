#![forbid(unsafe_code)]
//! `talus-surface LIBRARY`: what the bridge exports, read from the built library, one line an item, sorted. It is
//! compared with `docs/ffi-surface.txt`, so that nothing is added, dropped or renamed unseen. Fails where the surface
//! has grown past its limits, uses a name that one of the two languages keeps for itself, or says nothing about an item:
//! what is said becomes the documentation of the other side.

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
    /// What nothing is said about.
    bare: Vec<String>,
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
        self.bare.extend(bare(&one));
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
        if self.fields.contains("message") {
            return Some("name a field of an error \"message\"".to_owned());
        }
        self.bare.first().map(|item| format!("say what {item} is: it has no documentation"))
    }
}

/// Names of what nothing is said about, in an item and below it.
fn bare(one: &Metadata) -> Vec<String> {
    let mut bare = Vec::new();
    let mut look = |name: String, said: Option<&String>| {
        if said.is_none_or(|text| text.trim().is_empty()) {
            bare.push(name);
        }
    };
    match one {
        Metadata::Func(f) => look(f.name.clone(), f.docstring.as_ref()),
        Metadata::Constructor(f) => look(format!("{}.{}", f.self_name, f.name), f.docstring.as_ref()),
        Metadata::Method(f) => look(format!("{}.{}", f.self_name, f.name), f.docstring.as_ref()),
        Metadata::TraitMethod(f) => look(format!("{}.{}", f.trait_name, f.name), f.docstring.as_ref()),
        Metadata::Object(object) => look(object.name.clone(), object.docstring.as_ref()),
        Metadata::CallbackInterface(trait_) => look(trait_.name.clone(), trait_.docstring.as_ref()),
        Metadata::CustomType(custom) => look(custom.name.clone(), custom.docstring.as_ref()),
        Metadata::Record(record) => {
            look(record.name.clone(), record.docstring.as_ref());
            for field in &record.fields {
                look(format!("{}.{}", record.name, field.name), field.docstring.as_ref());
            }
        }
        Metadata::Enum(of) => {
            look(of.name.clone(), of.docstring.as_ref());
            for variant in &of.variants {
                look(format!("{}.{}", of.name, variant.name), variant.docstring.as_ref());
                for field in &variant.fields {
                    look(format!("{}.{}.{}", of.name, variant.name, field.name), field.docstring.as_ref());
                }
            }
        }
        Metadata::Namespace(_) | Metadata::UdlFile(_) | Metadata::UniffiTrait(_) | Metadata::ObjectTraitImpl(_) => {}
    }
    bare
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

#[cfg(test)]
mod tests {
    use super::*;
    use uniffi_meta::{
        EnumMetadata, EnumShape, FieldMetadata, FnMetadata, MethodMetadata, ObjectImpl, ObjectMetadata, RecordMetadata,
        VariantMetadata,
    };

    fn said() -> String {
        "What it is.".to_owned()
    }

    fn function(name: &str) -> Metadata {
        Metadata::Func(FnMetadata {
            module_path: "made_up".to_owned(),
            name: name.to_owned(),
            orig_name: None,
            is_async: false,
            inputs: Vec::new(),
            return_type: None,
            throws: None,
            checksum: None,
            docstring: Some(said()),
        })
    }

    fn method(of: &str, name: &str) -> Metadata {
        Metadata::Method(MethodMetadata {
            module_path: "made_up".to_owned(),
            self_name: of.to_owned(),
            name: name.to_owned(),
            orig_name: None,
            is_async: false,
            inputs: Vec::new(),
            return_type: Some(Type::Optional { inner_type: Box::new(Type::UInt32) }),
            throws: None,
            takes_self_by_arc: false,
            checksum: None,
            docstring: Some(said()),
        })
    }

    fn object(name: &str) -> Metadata {
        Metadata::Object(ObjectMetadata {
            module_path: "made_up".to_owned(),
            name: name.to_owned(),
            orig_name: None,
            remote: false,
            imp: ObjectImpl::Struct,
            docstring: Some(said()),
        })
    }

    fn field(name: &str) -> FieldMetadata {
        FieldMetadata {
            name: name.to_owned(),
            orig_name: None,
            ty: Type::String,
            default: None,
            docstring: Some(said()),
        }
    }

    fn record(name: &str) -> RecordMetadata {
        RecordMetadata {
            module_path: "made_up".to_owned(),
            name: name.to_owned(),
            orig_name: None,
            remote: false,
            fields: vec![field("what")],
            docstring: Some(said()),
        }
    }

    fn error(fields: Vec<FieldMetadata>) -> Metadata {
        Metadata::Enum(EnumMetadata {
            module_path: "made_up".to_owned(),
            name: "Trouble".to_owned(),
            orig_name: None,
            shape: EnumShape::Error { flat: false },
            remote: false,
            variants: vec![VariantMetadata {
                name: "Bad".to_owned(),
                orig_name: None,
                discr: None,
                fields,
                docstring: Some(said()),
            }],
            discr_type: None,
            non_exhaustive: false,
            docstring: Some(said()),
        })
    }

    fn objection(found: impl IntoIterator<Item = Metadata>) -> Option<String> {
        Surface::of(found.into_iter().collect()).objection()
    }

    #[test]
    fn a_surface_within_its_limits_is_let_through_and_told_sorted() {
        let full = (0..OBJECTS_MAX)
            .map(|number| object(&format!("Thing{number}")))
            .chain((0..FUNCTIONS_MAX).map(|number| method("Thing0", &format!("call_{number}"))))
            .chain([Metadata::Record(record("Note")), error(vec![field("what")])]);
        let surface = Surface::of(full.collect());
        assert_eq!(surface.objection(), None);
        let text = surface.text();
        assert!(text.starts_with("8 objects, 0 traits, 60 functions\n"), "{text}");
        assert!(text.contains("error Trouble\n  Bad(what: string)\n"), "{text}");
        assert!(
            text.contains("object Thing0\n  call_0() -> u32?\n  call_1() -> u32?\n  call_10() -> u32?\n"),
            "{text}"
        );
    }

    #[test]
    fn one_object_or_one_function_too_many_is_refused() {
        let objects = (0..=OBJECTS_MAX).map(|number| object(&format!("Thing{number}")));
        assert_eq!(objection(objects).as_deref(), Some("keep to 8 objects: there are 9"));
        // Functions of every kind count together.
        let calls = (0..FUNCTIONS_MAX).map(|number| function(&format!("call_{number}")));
        let calls = calls.chain([object("Thing"), method("Thing", "one_more")]);
        assert_eq!(objection(calls).as_deref(), Some("keep to 60 functions: there are 61"));
    }

    #[test]
    fn a_word_that_kotlin_or_swift_keeps_is_refused_wherever_it_stands() {
        for word in KEPT {
            let of_its_own = objection([function(word)]);
            let of_an_object = objection([object("Thing"), method("Thing", word)]);
            assert!(of_its_own.is_some_and(|why| why.contains(&format!("{word:?}"))), "{word}");
            assert!(of_an_object.is_some_and(|why| why.contains(&format!("{word:?}"))), "{word}");
        }
        for name in TAKEN {
            assert!(objection([object(name)]).is_some_and(|why| why.contains(&format!("{name:?}"))), "{name}");
            let of_a_record = objection([Metadata::Record(record(name))]);
            assert!(of_a_record.is_some_and(|why| why.contains(&format!("{name:?}"))), "{name}");
        }
        assert_eq!(objection([Metadata::Record(record("MyTask"))]), None, "only the whole name is taken");
    }

    #[test]
    fn an_error_whose_field_is_called_message_is_refused_and_a_record_may_have_one() {
        assert!(objection([error(vec![field("message")])]).is_some_and(|why| why.contains("\"message\"")));
        let harmless = RecordMetadata { fields: vec![field("message")], ..record("Note") };
        assert_eq!(objection([Metadata::Record(harmless)]), None);
    }

    #[test]
    fn an_item_that_says_nothing_of_itself_is_refused_down_to_its_fields() {
        let Metadata::Func(mut bare) = function("call") else { unreachable!() };
        bare.docstring = None;
        assert_eq!(objection([Metadata::Func(bare)]).as_deref(), Some("say what call is: it has no documentation"));
        let blank = FieldMetadata { docstring: Some("  ".to_owned()), ..field("what") };
        let in_a_record = RecordMetadata { fields: vec![blank.clone()], ..record("Note") };
        let in_a_record = objection([Metadata::Record(in_a_record)]);
        assert_eq!(in_a_record.as_deref(), Some("say what Note.what is: it has no documentation"));
        let in_an_error = objection([error(vec![blank])]);
        assert_eq!(in_an_error.as_deref(), Some("say what Trouble.Bad.what is: it has no documentation"));
    }
}
