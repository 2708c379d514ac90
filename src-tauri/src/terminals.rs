//! Open shells: bytes to the page no faster than it takes them in, keys to the host in order.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::Notify;
use wirewarp_engine::{Exit, ShellEnd, ShellInput, ShellOutput, ShellSaid};
use wirewarp_model::UserError;

use crate::{
    errors::{Answered, error},
    outside::{News, Outside},
    view::{TerminalEnd, TerminalEvent, TerminalId, TerminalNews},
};

/// Bytes that the page may have got and not yet taken in, before the host is read on.
pub(crate) const MOST_OPEN: u64 = 256 * 1024;

/// Bytes that are handed on at once, if they are there already: each message to the page has its price.
const MOST_AT_ONCE: usize = 64 * 1024;

/// Takes output; whether anybody is there.
pub(crate) type Take = Box<dyn Fn(Vec<u8>) -> bool + Send + Sync>;

/// All open terminals.
#[derive(Default)]
pub(crate) struct Terminals(Mutex<HashMap<TerminalId, Arc<Terminal>>>);

/// One of them.
struct Terminal {
    input: ShellInput,
    /// Keeps writes that arrive at once one behind the other, first come first.
    writing: tokio::sync::Mutex<()>,
    sent: AtomicU64,
    taken: AtomicU64,
    room: Notify,
    closing: Notify,
}

impl Terminals {
    /// How many there are.
    pub(crate) fn open(&self) -> usize {
        self.all().len()
    }

    /// Takes a shell in, and hands its output on until it ends.
    pub(crate) fn begin(
        self: &Arc<Self>,
        (input, output): (ShellInput, ShellOutput),
        take: Take,
        outside: Arc<dyn Outside>,
    ) -> TerminalId {
        let id = TerminalId::random();
        let terminal = Arc::new(Terminal {
            input,
            writing: tokio::sync::Mutex::default(),
            sent: AtomicU64::new(0),
            taken: AtomicU64::new(0),
            room: Notify::new(),
            closing: Notify::new(),
        });
        self.all().insert(id, terminal.clone());
        let all = self.clone();
        tokio::spawn(async move {
            let end = terminal.hand_on(output, &take).await;
            all.all().remove(&id);
            terminal.input.close().await;
            let news = TerminalNews::Ended { end };
            outside.tell(News::Terminal(TerminalEvent { id, news }));
        });
        id
    }

    /// Types.
    pub(crate) async fn write(&self, id: TerminalId, bytes: &[u8]) -> Answered<()> {
        let terminal = self.get(id)?;
        let _turn = terminal.writing.lock().await;
        terminal.input.write(bytes).await.map_err(|error| lost(&error))
    }

    /// The page has taken bytes in.
    pub(crate) fn ack(&self, id: TerminalId, bytes: u32) -> Answered<()> {
        let terminal = self.get(id)?;
        terminal.taken.fetch_add(u64::from(bytes), Ordering::AcqRel);
        terminal.room.notify_one();
        Ok(())
    }

    /// The terminal has another size.
    pub(crate) async fn resize(&self, id: TerminalId, size: wirewarp_engine::TerminalSize) -> Answered<()> {
        self.get(id)?
            .input
            .resize(size)
            .await
            .map_err(|error| lost(&error))
    }

    /// Ends one.
    pub(crate) fn close(&self, id: TerminalId) -> Answered<()> {
        self.get(id)?.closing.notify_one();
        Ok(())
    }

    /// Ends all.
    pub(crate) fn close_all(&self) {
        for terminal in self.all().values() {
            terminal.closing.notify_one();
        }
    }

    fn get(&self, id: TerminalId) -> Answered<Arc<Terminal>> {
        let found = self.all().get(&id).cloned();
        found.ok_or_else(|| {
            error(
                "terminal_ended",
                "This terminal has ended.",
                &["Open another one"],
            )
        })
    }

    fn all(&self) -> MutexGuard<'_, HashMap<TerminalId, Arc<Terminal>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Terminal {
    /// Until the shell ends, nobody is there, or it is to be closed.
    async fn hand_on(&self, mut output: ShellOutput, take: &Take) -> TerminalEnd {
        loop {
            let said = tokio::select! {
                () = self.closing.notified() => return TerminalEnd::Closed,
                said = async { self.wait_for_room().await; output.next().await } => said,
            };
            match said {
                ShellSaid::Ended(end) => return ended(end),
                ShellSaid::Bytes(mut bytes) => {
                    output.take_waiting(&mut bytes, MOST_AT_ONCE);
                    self.sent.fetch_add(bytes.len() as u64, Ordering::AcqRel);
                    if !take(bytes) {
                        return TerminalEnd::Closed;
                    }
                }
            }
        }
    }

    async fn wait_for_room(&self) {
        loop {
            let (sent, taken) = (
                self.sent.load(Ordering::Acquire),
                self.taken.load(Ordering::Acquire),
            );
            if sent.saturating_sub(taken) < MOST_OPEN {
                return;
            }
            self.room.notified().await;
        }
    }
}

fn ended(end: ShellEnd) -> TerminalEnd {
    match end {
        ShellEnd::Exit(Exit::Code(code)) => TerminalEnd::Exit { code },
        ShellEnd::Exit(Exit::Signal(signal)) => TerminalEnd::Signal { signal },
        ShellEnd::Refused => TerminalEnd::Lost {
            error: error(
                "no_terminal",
                "The host gives this user no terminal.",
                &["Is its shell /usr/sbin/nologin?"],
            ),
        },
        ShellEnd::Lost(why) => {
            let why = if why.is_empty() {
                String::new()
            } else {
                format!(": {why}")
            };
            let message = format!("The connection was lost{why}.");
            TerminalEnd::Lost {
                error: error("connection_lost", message, &[]),
            }
        }
    }
}

fn lost(why: &impl std::fmt::Display) -> UserError {
    error("connection_lost", why.to_string(), &["Connect again"])
}
