//! libFuzzer's way into [`wirewarp_fuzz::ssh_files`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wirewarp_fuzz::ssh_files(data));
