//! The contract with the window: one table of commands and events, from which both sides are made.
//!
//! [`commands!`] makes a Tauri command of each line, which does nothing but call the function after `=`, and the row of
//! `ui/src/api/generated/commands.ts`. The types are those of [`crate::view`] and, where the engine's own already are
//! what is wanted, the engine's. Arguments are named as in the table.

use std::{
    any::TypeId,
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};
use ts_rs::{Config, TS, TypeVisitor};

/// Makes Tauri commands, and their rows in the contract.
macro_rules! commands {
    ($( $(#[doc = $doc:literal])+ $name:ident ( $($arg:ident : $type:ty),* ) -> $gives:ty = $does:path; )+) => {
        $(
            $(#[doc = $doc])+
            #[tauri::command(rename_all = "snake_case")]
            #[expect(clippy::allow_attributes, reason = "the lines of the table are alike")]
            #[allow(clippy::too_many_arguments, reason = "a form has as many fields as it has")]
            async fn $name(
                desktop: tauri::State<'_, std::sync::Arc<crate::Desktop>>,
                $($arg: $type),*
            ) -> Result<$gives, wirewarp_model::UserError> {
                $does(&desktop, $($arg),*).await
            }
        )+

        /// Answers the window's calls.
        pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name,)+ terminal_open]
        }

        /// Puts every command into the contract.
        pub(crate) fn declare(contract: &mut crate::contract::Contract) {
            $( crate::contract::declare_command!(contract, [$($doc),+], $name ($($arg: $type),*) -> $gives); )+
        }
    };
}

/// Puts one command into the contract.
macro_rules! declare_command {
    ($contract:expr, [$($doc:literal),+], $name:ident ( $($arg:ident : $type:ty),* ) -> $gives:ty) => {{
        let arguments: Vec<(&str, String)> = vec![$( (stringify!($arg), $contract.takes::<$type>()) ),*];
        let gives = $contract.takes::<$gives>();
        $contract.command(&[$($doc),+], stringify!($name), &arguments, &gives);
    }};
}

pub(crate) use {commands, declare_command};

/// Everything that both sides must know.
#[derive(Default)]
pub struct Contract {
    types: BTreeMap<String, String>,
    seen: BTreeSet<TypeId>,
    commands: String,
    events: String,
    named: BTreeSet<String>,
}

const NOTICE: &str =
    "// Generated from src-tauri/src by `cargo test -p wirewarp-desktop contract`. Do not edit.\n";

impl Contract {
    /// What the program has now.
    pub fn of_this_program() -> Self {
        let mut contract = Self::default();
        crate::commands::declare(&mut contract);
        crate::commands::declare_terminal_open(&mut contract);
        crate::events::declare(&mut contract);
        contract
    }

    /// Takes a type in, with all that it is made of, and gives its name in TypeScript.
    pub(crate) fn takes<T: TS + 'static>(&mut self) -> String {
        self.visit::<T>();
        T::name(&config())
    }

    /// Takes a command in.
    pub(crate) fn command(&mut self, doc: &[&str], name: &str, arguments: &[(&str, String)], gives: &str) {
        let arguments: Vec<String> = arguments
            .iter()
            .map(|(name, kind)| format!("{name}: {kind}"))
            .collect();
        let arguments = if arguments.is_empty() {
            "Record<string, never>".to_owned()
        } else {
            format!("{{ {} }}", arguments.join("; "))
        };
        let _ = write!(
            self.commands,
            "  /** {} */\n  {name}: {{ args: {arguments}; result: {gives} }};\n",
            comment(doc)
        );
    }

    /// Takes an event in.
    pub(crate) fn event<T: TS + 'static>(&mut self, doc: &str, name: &str) {
        let payload = self.takes::<T>();
        let _ = write!(self.events, "  /** {doc} */\n  {name}: {payload};\n");
    }

    /// `types.ts`.
    pub fn types(&self) -> String {
        let declarations: Vec<&str> = self.types.values().map(String::as_str).collect();
        format!("{NOTICE}\n{}", declarations.join("\n"))
    }

    /// `commands.ts`.
    pub fn commands(&self) -> String {
        let body = format!(
            "/** Each command with its arguments and result. It fails with a `UserError`. */\n\
             export interface Commands {{\n{}}}\n\n\
             export type CommandName = keyof Commands;\n\n\
             /** Each event with its payload. */\n\
             export interface Events {{\n{}}}\n\n\
             export type EventName = keyof Events;\n",
            self.commands, self.events
        );
        let used = self.named.iter().filter(|name| mentions(&body, name));
        let imports: Vec<String> = used.map(|name| format!("  {name},\n")).collect();
        let channel = if mentions(&body, "Channel") {
            "import type { Channel } from \"@tauri-apps/api/core\";\n\n"
        } else {
            ""
        };
        format!(
            "{NOTICE}\n{channel}import type {{\n{}}} from \"./types\";\n\n{body}",
            imports.concat()
        )
    }
}

impl TypeVisitor for Contract {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // What has no file of its own is a part of the language, or made of others.
        if T::output_path().is_some() {
            let name = T::ident(&config());
            let declaration = format!("{}export {}\n", T::docs().unwrap_or_default(), T::decl(&config()));
            let declaration = tidy(&declaration);
            self.named.insert(name.clone());
            self.types.insert(name, declaration);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// Numbers are below 2^53 everywhere: bytes, milliseconds, generations.
fn config() -> Config {
    Config::new().with_large_int("number")
}

/// What ts-rs writes, so that people can read it: a comment of one line in one line, fields below each other.
fn tidy(declaration: &str) -> String {
    let text = declaration
        .replace("/**\n * ", "/** ")
        .replace("\n */\n", " */\n");
    let text = text
        .replace("} | {", "}\n  | {")
        .replace("| { \"", "| {\n    \"")
        .replace(", \n", ",\n");
    let mut inside = false;
    let mut lines: Vec<String> = vec![];
    for line in text.lines().map(str::trim_end) {
        let indent = if inside && !line.starts_with([' ', '}']) {
            "    "
        } else {
            ""
        };
        lines.push(format!("{indent}{line}"));
        inside |= line.starts_with("export");
    }
    lines.join("\n") + "\n"
}

fn comment(doc: &[&str]) -> String {
    doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Whether `name` stands in `text` as a word.
fn mentions(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::PathBuf};

    /// Writes the files, and fails if that changed one of them: who changes a type commits what comes of it.
    #[test]
    fn contract_is_current() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("ui/src/api/generated");
        let contract = Contract::of_this_program();
        fs::create_dir_all(&folder).unwrap();
        let mut stale = vec![];
        for (name, text) in [
            ("types.ts", contract.types()),
            ("commands.ts", contract.commands()),
        ] {
            let path = folder.join(name);
            if fs::read_to_string(&path).is_ok_and(|there| there == text) {
                continue;
            }
            fs::write(&path, text).unwrap();
            stale.push(name);
        }
        assert!(
            stale.is_empty(),
            "{stale:?} were behind and have been written anew: look at them and commit them"
        );
    }
}
