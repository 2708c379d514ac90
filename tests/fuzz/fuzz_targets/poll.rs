//! libFuzzer's way into [`wirewarp_fuzz::poll`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wirewarp_fuzz::poll(data));
