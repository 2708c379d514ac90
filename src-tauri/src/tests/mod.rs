//! Commands against a real engine on a temporary data folder.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test picks the news that it waits for"
)]

mod changes;
mod figures;
mod hosts;
mod jobs;
mod logs;
mod reads;
mod records;
mod scale;
mod shells;
mod support;
