//! What crosses to the window: each type here is one of `ui/src/api/generated/types.ts`.
//!
//! Text that a person types crosses as text and is parsed by the command. A failure is a [`wirewarp_model::UserError`];
//! where one field is to blame, its code is `bad_input.` and the field's name.

mod activity;
mod alerts;
mod change;
mod details;
mod figures;
mod ids;
mod jobs;
mod live;
mod login;
mod logs;
mod plan;
mod proxmox;
mod questions;
mod rows;
mod settings;
mod terminal;
mod tools;

pub use activity::{
    ActivityFilter, ActivityKind, ActivityPage, ActivityRow, OperationStepView, OperationView, Page,
};
pub use alerts::{AlertingView, QuotaForm, SilenceForm};
pub use change::{Change, ForwardDraft, ManualModeChoice, PeerSetupForm};
pub use details::{AccessView, AddressView, HostFacts, HostPage, InterfaceFacts, PeerPage, VpsPage};
pub use figures::{Collecting, ColumnView, PastView, SeriesKind, SeriesRef, StateView, StretchForm};
pub use ids::{JobId, QuestionId, TerminalId};
pub use jobs::{Job, JobEvent, JobHost, JobKind, JobNews, JobResult, JobState, JobStep};
pub use live::{Health, HostLive, PortConflict, TunnelLive};
pub use login::{LoginForm, LoginMethod, SecretText};
pub use logs::{LogForm, LogRow, SupportBundleView};
pub use plan::{
    FileChange, FileSummary, Pending, PendingHost, PendingWhy, PlanHost, PlanKind, PlanView, Unreached,
};
pub use proxmox::{AddressForm, GuestForm, NicForm, NodePeerForm, ProxmoxRow, ProxmoxSignInForm};
pub use questions::{Answer, Question, QuestionAsk};
pub use rows::{ForwardRow, ForwardState, PeerRow, TargetKind, VpsRow};
pub use settings::{Density, Language, LogLevel, Settings, TerminalSettings, Theme};
pub use terminal::{TerminalEnd, TerminalEvent, TerminalNews, TerminalSize};
pub use tools::{
    About, Changed, CheckResult, ClientConfigView, DnsCheck, Export, ParsedTarget, Probe, ProbePrivilege,
    SecretsPlace, SshHost, Subject, TemplateRow, Update,
};
