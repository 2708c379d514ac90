//! libFuzzer's way into [`wirewarp_fuzz::shell_quote`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wirewarp_fuzz::shell_quote(data));
