#![no_main]

libfuzzer_sys::fuzz_target!(|input: ddmc_fuzz::Input| ddmc::fuzzing::checking(&input.0));
