//! libFuzzer's way into [`wirewarp_fuzz::clients`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wirewarp_fuzz::clients(data));
