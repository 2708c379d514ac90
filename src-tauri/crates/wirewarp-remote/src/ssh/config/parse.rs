//! Configuration files into blocks: conditions and the options that hold under them.

use std::path::{Path, PathBuf};

use super::syntax::{Line, read_line};
use super::tokens::expand_home;

/// `Include`s inside `Include`s, as deep as OpenSSH goes (readconf.c).
const MOST_INCLUDES: usize = 16;

/// The configuration of all files read, in order.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct SshConfig {
    pub(super) blocks: Vec<Block>,
}

/// Options that hold when every condition does.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub conditions: Vec<Condition>,
    pub options: Vec<Line>,
}

/// One `Host` or `Match` line.
#[derive(Debug, Clone)]
pub(super) enum Condition {
    /// `Host` with its patterns.
    Host(Vec<String>),
    /// `Match` with its words; what they mean is decided when a host is looked up.
    Match(Vec<String>),
}

impl SshConfig {
    /// Names that `Host` lines give to single hosts: those without a pattern in them, in order.
    pub(in super::super) fn aliases(&self) -> Vec<String> {
        let mut aliases: Vec<String> = vec![];
        for condition in self.blocks.iter().flat_map(|block| &block.conditions) {
            let Condition::Host(patterns) = condition else {
                continue;
            };
            let plain = |name: &&String| !name.is_empty() && !name.contains(['*', '?', '!', ',']);
            for name in patterns.iter().filter(plain) {
                if !aliases.contains(name) {
                    aliases.push(name.clone());
                }
            }
        }
        aliases
    }

    /// Reads `files` one after the other; those that do not exist are skipped. Fails with file, line and reason.
    pub(in super::super) fn load(files: &[PathBuf], home: Option<&Path>) -> Result<Self, String> {
        let mut config = Self::default();
        for file in files {
            let base = file.parent().map(Path::to_path_buf).unwrap_or_default();
            let mut reader = Reader {
                config: &mut config,
                home,
                base,
                depth: 0,
            };
            reader.read_file(file, &[], true)?;
        }
        Ok(config)
    }
}

struct Reader<'a> {
    config: &'a mut SshConfig,
    home: Option<&'a Path>,
    /// Where relative `Include`s are looked for: the folder of the outermost file, `~/.ssh` for the person's own.
    base: PathBuf,
    depth: usize,
}

impl Reader<'_> {
    fn read_file(&mut self, file: &Path, outer: &[Condition], may_be_missing: bool) -> Result<(), String> {
        let text = match std::fs::read(file) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if may_be_missing && error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(format!("{} cannot be read ({error})", file.display())),
        };
        let mut conditions = outer.to_vec();
        self.begin_block(&conditions);
        for (index, text) in text.lines().enumerate() {
            let place = || format!("{} line {}", file.display(), index + 1);
            let line = match read_line(text) {
                Ok(None) => continue,
                Ok(Some(line)) => line,
                Err(why) => return Err(format!("{}: {why}", place())),
            };
            match line.keyword.as_str() {
                "host" => conditions = self.enter(outer, Condition::Host(line.arguments)),
                "match" => conditions = self.enter(outer, Condition::Match(line.arguments)),
                "include" => {
                    self.include(&line.arguments, &conditions)
                        .map_err(|why| format!("{}: {why}", place()))?;
                    self.begin_block(&conditions);
                }
                _ => self.add(line),
            }
        }
        Ok(())
    }

    fn enter(&mut self, outer: &[Condition], condition: Condition) -> Vec<Condition> {
        let mut conditions = outer.to_vec();
        conditions.push(condition);
        self.begin_block(&conditions);
        conditions
    }

    fn begin_block(&mut self, conditions: &[Condition]) {
        self.config.blocks.push(Block {
            conditions: conditions.to_vec(),
            options: Vec::new(),
        });
    }

    fn add(&mut self, line: Line) {
        if let Some(block) = self.config.blocks.last_mut() {
            block.options.push(line);
        }
    }

    fn include(&mut self, patterns: &[String], conditions: &[Condition]) -> Result<(), String> {
        if self.depth >= MOST_INCLUDES {
            return Err("files include each other too deeply".into());
        }
        self.depth += 1;
        for pattern in patterns {
            for file in self.included_files(pattern)? {
                self.read_file(&file, conditions, false)?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// The files that a pattern names, in the order of their names.
    fn included_files(&self, pattern: &str) -> Result<Vec<PathBuf>, String> {
        let pattern = self.base.join(expand_home(pattern, self.home));
        let folder = pattern.parent().unwrap_or(Path::new("/"));
        let name = pattern
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if folder.to_string_lossy().contains(['*', '?']) {
            return Err(format!(
                "“*” in a folder of Include {} is not supported",
                pattern.display()
            ));
        }
        let Ok(entries) = std::fs::read_dir(folder) else {
            return Ok(Vec::new());
        };
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.is_file() && file_matches(&name, path))
            .collect();
        files.sort();
        Ok(files)
    }
}

/// As in a shell, a pattern does not take files that begin with a dot unless it does itself.
fn file_matches(pattern: &str, path: &Path) -> bool {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let hidden = name.starts_with('.') && !pattern.starts_with('.');
    !hidden && super::pattern::matches(pattern, &name)
}
