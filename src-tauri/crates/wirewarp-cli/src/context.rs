//! What every command has at hand.

use std::{io::IsTerminal, path::PathBuf, sync::Arc};
use wirewarp_engine::{
    Engine, EngineError, Options,
    progress::{Progress, Silent},
};
use wirewarp_model::{Name, ParseError, UserError};

use crate::{
    args::Global,
    output::progress::{JsonLines, Lines},
    person::Terminal,
};

/// A failed command.
#[derive(Debug)]
pub enum Failure {
    /// The engine could not do it.
    Engine(EngineError),
    /// What was typed is wrong.
    Usage(String),
    /// Something of this machine.
    Other(anyhow::Error),
}

impl Failure {
    /// As it is shown.
    pub fn to_user(&self) -> UserError {
        match self {
            Self::Engine(error) => error.to_user(),
            Self::Usage(message) => UserError {
                code: "usage".into(),
                message: message.clone(),
                hints: vec!["wirewarp --help".into()],
            },
            Self::Other(error) => UserError {
                code: "failed".into(),
                message: format!("{error:#}"),
                hints: vec![],
            },
        }
    }

    /// 64 for wrong usage and bad input, else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Engine(EngineError::Parse(_)) => crate::USAGE,
            Self::Engine(_) | Self::Other(_) => 1,
        }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<ParseError> for Failure {
    fn from(error: ParseError) -> Self {
        Self::Engine(error.into())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// What every command has at hand.
pub struct Context {
    pub engine: Engine,
    pub global: Global,
}

impl Context {
    /// Opens the inventory.
    pub async fn open(global: Global) -> Result<Self, Failure> {
        let data_dir = data_dir(&global)?;
        let engine = Engine::open(Options { data_dir }, Arc::new(Terminal)).await?;
        Ok(Self { engine, global })
    }

    /// Where progress goes: nowhere if nobody would read it.
    pub fn progress(&self) -> Arc<dyn Progress> {
        if self.global.json {
            return if self.global.verbose > 0 {
                Arc::new(JsonLines)
            } else {
                Arc::new(Silent)
            };
        }
        Arc::new(Lines)
    }

    /// Whether a person can be asked.
    pub fn can_ask() -> bool {
        std::io::stdin().is_terminal()
    }
}

/// Reads a name as it was typed.
pub fn name(text: &str) -> Result<Name, Failure> {
    Ok(text.parse::<Name>()?)
}

/// The folder of the inventory.
pub fn data_dir(global: &Global) -> Result<PathBuf, Failure> {
    global.data_dir.clone().map_or_else(default_data_dir, Ok)
}

/// `$XDG_DATA_HOME/wirewarp`, `%APPDATA%\wirewarp` or `~/Library/Application Support/wirewarp`.
fn default_data_dir() -> Result<PathBuf, Failure> {
    let folder = directories::BaseDirs::new().map(|dirs| dirs.data_dir().join("wirewarp"));
    folder.ok_or_else(|| Failure::Usage("There is no home directory; name a folder with --data-dir.".into()))
}
