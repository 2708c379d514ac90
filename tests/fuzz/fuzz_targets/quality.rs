//! libFuzzer's way into [`wirewarp_fuzz::quality`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wirewarp_fuzz::quality(data));
