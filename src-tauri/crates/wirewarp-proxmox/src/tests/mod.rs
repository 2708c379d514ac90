//! The client against a server of its own: recorded answers, fixtures, faults.

mod attaching;
mod calls;
mod faults;
mod follow;
mod recorded;
mod replay;
mod schema;
mod session;
mod signing;
mod stub;
