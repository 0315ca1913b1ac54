//! The library as a WebAssembly module. A caller writes a request to the memory at [`input`], calls [`answer`], and
//! reads the answer at [`output`]; `packaging/wasm/index.js` does this. Only numbers cross the border, so the module
//! imports nothing and needs no generated code. A panic or too little memory traps, which ends the instance.

use std::cell::RefCell;

thread_local! {
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static OUTPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Returns the address of memory for a request of this many bytes.
#[unsafe(no_mangle)]
pub extern "C" fn input(length: usize) -> *mut u8 {
    INPUT.with_borrow_mut(|input| {
        input.clear();
        input.resize(length, 0);
        input.as_mut_ptr()
    })
}

/// Answers the request and returns the length of the answer in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> usize {
    let request = INPUT.take();
    let answer = ddmc::requests::answer(&request);
    let length = answer.len();
    OUTPUT.set(answer);
    length
}

/// Returns the address of the answer. It is valid until the next call of [`answer`].
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    OUTPUT.with_borrow(Vec::as_ptr)
}
