/** Calls the WebAssembly module: requests and answers are JSON in its memory. */

/** An instance with more memory than this is not kept, since its memory never shrinks. */
const MOST_KEPT = 64 << 20;

const encoder = new TextEncoder();
// Texts are cut into pieces, and a byte-order mark at the start of one is kept.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export class Ddmc {
  #module;
  #instance;

  constructor(module) {
    this.#module = module;
  }

  check(request) {
    return this.#call("check", withFiles(request));
  }

  fix(request) {
    return this.#call("fix", withFiles(request));
  }

  merge(request) {
    return this.#call("merge", withFiles(request));
  }

  explain(name = "") {
    return this.#call("explain", { name });
  }

  #call(kind, body) {
    const request = encoder.encode(JSON.stringify({ [kind]: body }));
    this.#instance ??= new WebAssembly.Instance(this.#module);
    const { memory, input, answer, output } = this.#instance.exports;
    let text;
    try {
      // Every call may replace the buffer, so it is read after the call. Addresses are unsigned.
      const to = input(request.length) >>> 0;
      new Uint8Array(memory.buffer, to, request.length).set(request);
      const length = answer() >>> 0;
      text = decoder.decode(new Uint8Array(memory.buffer, output() >>> 0, length));
    } catch (error) {
      this.#instance = undefined;
      throw new Error("ddmc stopped: the request needs too much memory, or ddmc has a fault", { cause: error });
    }
    if (memory.buffer.byteLength > MOST_KEPT) {
      this.#instance = undefined;
    }
    const answered = JSON.parse(text);
    if ("error" in answered) {
      throw new Error(answered.error);
    }
    return answered;
  }
}

/** Encodes the files whose content is bytes. */
function withFiles(request) {
  const files = request.files.map(({ name, text }) =>
    typeof text === "string" ? { name, text } : { name, base64: base64(text) },
  );
  return { ...request, files };
}

function base64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

export function applyFix(text, fix) {
  const bytes = encoder.encode(text);
  let fixed = "";
  let from = 0;
  for (const edit of fix.edits.toSorted((one, other) => one.start - other.start)) {
    fixed += decoder.decode(bytes.subarray(from, edit.start)) + edit.text;
    from = edit.end;
  }
  return fixed + decoder.decode(bytes.subarray(from));
}
