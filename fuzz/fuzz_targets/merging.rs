#![no_main]

libfuzzer_sys::fuzz_target!(|input: ddmc_fuzz::Input| ddmc::fuzzing::merging(&input.0));
