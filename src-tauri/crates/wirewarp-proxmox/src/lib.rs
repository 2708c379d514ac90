//! The Proxmox VE API: a connection that trusts one certificate, signing in, and the calls that WireWarp makes.
//!
//! Everything that a server answers is foreign text. What is kept of it is parsed into the small types of [`names`],
//! [`nic`] and the modules of the calls; what goes into a message is shortened and made printable. Nothing in here
//! decides what is to be done but [`attach`], which is pure.
//!
//! The typed endpoints of `proxmox-api` run over our own [`Api`]. Where its types say less than the server does, or refuse
//! what it says, the call is made by hand and a comment says why.

pub mod access;
pub mod agent;
mod answer;
mod api;
pub mod attach;
pub mod cloudinit;
pub mod config;
mod endpoint;
mod error;
mod fingerprint;
pub mod guests;
mod hints;
pub mod inside;
mod limits;
pub mod names;
pub mod network;
pub mod nic;
pub mod nodes;
mod params;
mod problem;
pub mod rights;
mod sign_in;
pub mod tasks;
#[cfg(test)]
mod tests;
mod ticket;
mod tls;
mod transport;

pub use api::{Api, ApiToken};
pub use endpoint::Endpoint;
pub use error::ProxmoxError;
pub use fingerprint::Fingerprint;
pub use limits::Limits;
pub use problem::Problem;
pub use sign_in::{Challenge, Login, SecondFactor, SignIn};
pub use transport::Server;
