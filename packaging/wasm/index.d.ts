/** Checks, fixes, merges and explains Apple's device-management declarations. */
export class Ddmc {
  /** @param module `ddmc.wasm`, compiled. {@link load} compiles it. */
  constructor(module: WebAssembly.Module);

  /** Checks files, as `ddmc check --format json` does. Throws an `Error` if an option cannot be used. */
  check(request: CheckRequest): Report;

  /** Applies fixes, as `ddmc check --fix` does. */
  fix(request: FixRequest): Fixed;

  /** Combines declarations into the set to publish, as `ddmc merge` does. */
  merge(request: MergeRequest): Merged;

  /**
   * Explains a rule, a key, a declaration type or a status item, as `ddmc explain` does. Without a name: the list of
   * everything that has a page. Throws an `Error` that suggests a name if there is no such page.
   */
  explain(name?: string): Page;
}

/** Loads `ddmc.wasm`, by default from the folder of this module. */
export function load(url?: URL | string): Promise<Ddmc>;

/** Applies the fix of one finding to the text that was checked. */
export function applyFix(text: string, fix: Fix): string;

export interface File {
  /** A name with the ending of its format: `.json`, `.ndjson`, `.yaml`, `.plist` or `.mobileconfig`. Each file needs another one. */
  name: string;
  text: string | Uint8Array;
}

export interface Conditions {
  /** Devices to judge availability for: `macOS=15.4`, `iOS=18.1,unsupervised`. Without any, availability is not judged. */
  targets?: string[];
  /** The local time that deadlines are compared with: `2026-01-31T18:00:00`. Without it, they are not. */
  as_of?: string;
  /** The text of Apple's GDMF answer or of a SOFA feed: judges whether the releases exist. */
  catalog?: string;
}

/** Who activates the configurations that no activation references. */
export type Activations = "declared" | "server";

export interface CheckRequest extends Conditions {
  files: File[];
  /** Whether all declarations are active together on a device. */
  set?: boolean;
  activations?: Activations;
}

export interface FixRequest extends Conditions {
  files: File[];
  /** Whether to apply also fixes that change a value, or drop a key or a comment. */
  unsafe?: boolean;
}

export interface MergeRequest {
  files: File[];
  /** The beginning of the identifiers of merged declarations. */
  identifier?: string;
  /** Whether to write a ServerToken for each declaration. */
  server_token?: boolean;
  activations?: Activations;
}

export type Severity = "error" | "warning" | "note";

export interface Position {
  /** From 1. */
  line: number;
  /** From 1, in Unicode characters. */
  column: number;
  /** From 0, in bytes of UTF-8. */
  offset: number;
}

export interface Related {
  message: string;
  file: string;
  index: number;
  pointer: string;
  start: Position;
  end: Position;
}

export interface Edit {
  /** The range of bytes that `text` replaces. */
  start: number;
  end: number;
  text: string;
}

export interface Fix {
  /** Whether the fix certainly keeps the author's intent. */
  safe: boolean;
  description: string;
  edits: Edit[];
}

export interface Finding {
  /** The id of the rule. */
  rule: string;
  severity: Severity;
  message: string;
  /** What to write. */
  help: string | null;
  file: string;
  /** The number of the declaration in its file, from 0. */
  index: number;
  identifier: string | null;
  type: string | null;
  /** The JSON pointer (RFC 6901) within the declaration. */
  pointer: string;
  start: Position;
  end: Position;
  related: Related[];
  fix: Fix | null;
  /** The URL of the rule's page. */
  docs: string | null;
}

export interface Report {
  format: 1;
  tool: { name: string; version: string; schema: string };
  findings: Finding[];
  summary: {
    files: number;
    declarations: number;
    /** Declarations of types whose payload is not checked. */
    unexamined: number;
    errors: number;
    warnings: number;
    notes: number;
    /** Commands and profiles. */
    legacy: number;
    skipped: number;
    skipped_files: string[];
    ignored: number;
    known: number;
    stale: number;
  };
}

export interface Fixed {
  format: 1;
  files: {
    name: string;
    /** The fixed text; null if there is nothing to fix. */
    text: string | null;
    /** The fixed text in base64 instead, if it is not UTF-8. */
    base64: string | null;
    /** The number of fixed findings. */
    fixed: number;
    /** Whether another request may fix more. */
    has_more: boolean;
  }[];
}

export interface Source {
  identifier: string;
  file: string;
  index: number;
}

export interface MergedKey {
  pointer: string;
  /** The rule that combined the values. */
  combine: string;
  value: unknown;
  decided_by: Source[];
  overruled: (Source & { value: unknown })[];
  /** The source of each item, for an array that is combined item by item. */
  elements?: { value: unknown; decided_by: Source[] }[];
}

export interface Merged {
  format: 1;
  /** Where the values of combined settings come from. */
  merged: { identifier: string; from: string[]; keys: MergedKey[] }[];
  /** The errors that prevented the merge. */
  findings: Finding[];
  /** The set, a JSON array of declarations; null if there are errors. */
  text: string | null;
}

/** A part of a page. In texts, `` `…` `` is code and `[…](…)` a link. */
export type Block =
  | { section: string }
  | { text: string }
  | { facts: [label: string, value: string][] }
  | { code: [language: string, text: string] }
  | { table: [head: string[], rows: string[][]] }
  | { list: string[] };

export interface Page {
  format: 1;
  title: string;
  blocks: Block[];
}
