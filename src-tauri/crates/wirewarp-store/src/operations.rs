//! Tables `operations` and `operation_steps`: every apply with its steps and outcome. Nothing is taken out of them.

use serde::{Deserialize, Serialize};
use sqlx::{Row, SqlitePool, sqlite::SqliteRow};
use tokio::sync::{
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    oneshot,
};
use wirewarp_model::{HostId, Name, OperationId, PlanId, UserError, bundle::Bundle};

use crate::{
    Store, StoreError, now, operation_files,
    row::{as_word, number, parse, word},
};

/// An apply that begins.
#[derive(Debug, Clone, Copy)]
pub struct NewOperation<'a> {
    /// Its identifier.
    pub id: OperationId,
    /// The host.
    pub host: HostId,
    /// What the host is called now.
    pub host_name: &'a Name,
    /// The plan that it carries out.
    pub plan: PlanId,
    /// The generation that the plan was made against.
    pub base: u64,
    /// The generation to be.
    pub generation: u64,
    /// The change that it is part of, e.g. `port.add`.
    pub action: &'a str,
    /// The files of the generation: what is in force should the program end before it can say so.
    pub bundle: &'a Bundle,
}

/// How an operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum OperationState {
    /// It is being carried out.
    Running,
    /// The host has it, and waits for the confirmation.
    Waiting,
    /// It is in force and confirmed.
    Succeeded,
    /// It failed before anything was changed, or what is in force is not what was planned.
    Failed,
    /// The host went back.
    RolledBack,
}

/// An apply.
#[derive(Debug, Clone, Serialize)]
pub struct Operation {
    /// Its identifier.
    pub id: OperationId,
    /// The host.
    pub host: HostId,
    /// What the host was called.
    pub host_name: String,
    /// The generation before.
    pub base: u64,
    /// The generation to be.
    pub generation: u64,
    /// The change that it was part of.
    pub action: String,
    /// How it stands.
    pub state: OperationState,
    /// Milliseconds since 1970 UTC.
    pub started_at: i64,
    /// The same; none while it runs.
    pub ended_at: Option<i64>,
    /// Why it failed.
    pub error: Option<UserError>,
    /// Session of the program that carries it out.
    #[serde(skip)]
    owner: String,
}

/// One step of an operation.
#[derive(Debug, Clone, Serialize)]
pub struct OperationStep {
    /// Milliseconds since 1970 UTC.
    pub at: i64,
    /// The step.
    pub step: String,
    /// `started`, `ok`, `failed` or `waiting`.
    pub state: String,
    /// More about it.
    pub message: String,
    /// How long it took, milliseconds.
    pub ms: i64,
}

/// What the writer of steps is given.
#[derive(Debug)]
pub(crate) enum Note {
    Step(OperationId, OperationStep),
    /// Says when everything before is written.
    Flush(oneshot::Sender<()>),
}

/// Steps are written in the background, in order, so that an apply does not wait for the disk.
pub(crate) fn writer(pool: SqlitePool) -> UnboundedSender<Note> {
    let (send, receive) = unbounded_channel();
    tokio::spawn(write_steps(pool, receive));
    send
}

async fn write_steps(pool: SqlitePool, mut notes: UnboundedReceiver<Note>) {
    while let Some(note) = notes.recv().await {
        match note {
            Note::Flush(done) => drop(done.send(())),
            Note::Step(operation, step) => {
                if let Err(error) = write_step(&pool, operation, &step).await {
                    tracing::warn!(%error, %operation, "a step is not in the log");
                }
            }
        }
    }
}

/// Puts a step behind those that are there, whichever program wrote them.
async fn write_step(pool: &SqlitePool, id: OperationId, step: &OperationStep) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO operation_steps (operation_id, sequence, at, step, state, message, ms) VALUES (?1, \
         (SELECT coalesce(max(sequence), 0) + 1 FROM operation_steps WHERE operation_id = ?1), ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(id.to_string())
    .bind(step.at)
    .bind(&step.step)
    .bind(&step.state)
    .bind(&step.message)
    .bind(step.ms)
    .execute(pool)
    .await?;
    Ok(())
}

impl Store {
    /// Writes an operation down before anything is touched.
    pub async fn begin_operation(&self, new: NewOperation<'_>) -> Result<(), StoreError> {
        let count = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let mut write = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "INSERT INTO operations (id, host_id, host_name, plan_id, base, generation, action, state, \
             owner_pid, owner_start, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?)",
        )
        .bind(new.id.to_string())
        .bind(new.host.to_string())
        .bind(new.host_name.as_str())
        .bind(new.plan.to_string())
        .bind(count(new.base))
        .bind(count(new.generation))
        .bind(new.action)
        .bind(i64::from(std::process::id()))
        .bind(self.session.id())
        .bind(now())
        .execute(&mut *write)
        .await?;
        operation_files::put(&mut write, new.id, new.bundle).await?;
        write.commit().await?;
        Ok(())
    }

    /// The host has it, and waits for the confirmation.
    pub async fn operation_waits(&self, id: OperationId) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE operations SET state = 'waiting' WHERE id = ?");
        query.bind(id.to_string()).execute(&self.pool).await?;
        Ok(())
    }

    /// Adds a step; it is written in the background.
    pub fn note_step(&self, id: OperationId, step: &str, state: &str, message: &str, ms: u64) {
        let ms = i64::try_from(ms).unwrap_or(i64::MAX);
        let step = OperationStep {
            at: now(),
            step: step.into(),
            state: state.into(),
            message: message.into(),
            ms,
        };
        // The writer lives as long as the store.
        let _ = self.steps.send(Note::Step(id, step));
    }

    /// Writes the outcome down, behind all steps.
    pub async fn end_operation(
        &self,
        id: OperationId,
        state: OperationState,
        error: Option<&UserError>,
    ) -> Result<(), StoreError> {
        let (done, written) = oneshot::channel();
        if self.steps.send(Note::Flush(done)).is_ok() {
            let _ = written.await;
        }
        sqlx::query("UPDATE operations SET state = ?, ended_at = ?, error = ? WHERE id = ?")
            .bind(as_word(&state)?)
            .bind(now())
            .bind(error.map(serde_json::to_string).transpose()?)
            .bind(id.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The newest operations, newest first.
    pub async fn operations(&self, most: u32) -> Result<Vec<Operation>, StoreError> {
        let query = sqlx::query("SELECT * FROM operations ORDER BY started_at DESC, rowid DESC LIMIT ?");
        let rows = query.bind(i64::from(most)).fetch_all(&self.pool).await?;
        rows.iter().map(read).collect()
    }

    /// Operations that have no outcome and whose program is gone.
    pub async fn interrupted_operations(&self) -> Result<Vec<Operation>, StoreError> {
        let query = sqlx::query("SELECT * FROM operations WHERE ended_at IS NULL ORDER BY started_at");
        let rows = query.fetch_all(&self.pool).await?;
        let open: Vec<Operation> = rows.iter().map(read).collect::<Result<_, _>>()?;
        Ok(open
            .into_iter()
            .filter(|operation| !self.session.is_alive(&operation.owner))
            .collect())
    }

    /// The steps of an operation, in order.
    pub async fn operation_steps(&self, id: OperationId) -> Result<Vec<OperationStep>, StoreError> {
        let query = sqlx::query("SELECT * FROM operation_steps WHERE operation_id = ? ORDER BY sequence");
        let rows = query.bind(id.to_string()).fetch_all(&self.pool).await?;
        let read = |row: &SqliteRow| -> Result<OperationStep, StoreError> {
            Ok(OperationStep {
                at: row.try_get("at")?,
                step: row.try_get("step")?,
                state: row.try_get("state")?,
                message: row.try_get("message")?,
                ms: row.try_get("ms")?,
            })
        };
        rows.iter().map(read).collect()
    }
}

fn read(row: &SqliteRow) -> Result<Operation, StoreError> {
    let error: Option<String> = row.try_get("error")?;
    Ok(Operation {
        id: parse("operations.id", row.try_get("id")?)?,
        host: parse("operations.host_id", row.try_get("host_id")?)?,
        host_name: row.try_get("host_name")?,
        base: number("operations.base", row.try_get("base")?)?,
        generation: number("operations.generation", row.try_get("generation")?)?,
        action: row.try_get("action")?,
        state: word("operations.state", row.try_get("state")?)?,
        started_at: row.try_get("started_at")?,
        ended_at: row.try_get("ended_at")?,
        error: error.map(|text| serde_json::from_str(&text)).transpose()?,
        owner: row.try_get("owner_start")?,
    })
}
