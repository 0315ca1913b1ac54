#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ddmc::fuzzing::publishing(bytes));
