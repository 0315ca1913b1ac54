#![no_main]

libfuzzer_sys::fuzz_target!(|input: ddmc_fuzz::Input| ddmc::fuzzing::fixing(&input.0));
