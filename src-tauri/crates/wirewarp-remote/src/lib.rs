//! wirewarp-remote: everything that happens on other machines.

pub mod apply;
pub mod clients;
pub mod observe;
pub mod path;
pub mod poll;
pub mod quality;
pub mod session;
pub mod ssh;
