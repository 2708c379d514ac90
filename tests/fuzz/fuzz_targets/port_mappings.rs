//! libFuzzer's way into [`wirewarp_fuzz::port_mappings`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wirewarp_fuzz::port_mappings(data));
