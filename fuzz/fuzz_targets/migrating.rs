#![no_main]

libfuzzer_sys::fuzz_target!(|input: ddmc_fuzz::Input| ddmc::fuzzing::migrating(&input.0));
