#!/usr/bin/env bash
# vscode-json-languageservice 5.7.2, the validator behind JSON files in VS Code: two surprises, beside ajv 8.20.0.
#
# Expected: 1. 1.0 is an integer, as JSON Schema says since draft 6 (2020-12 Validation, 6.1.1: "any number with a zero fractional
#              part"), as ajv says, and as Apple's devices read a deferral of 30.0 days.
#           2. The keyword `errorMessage`, an extension of VS Code, replaces the message of the schema that it stands in.
# Actual:   1. A number is an integer if its text has no ".": 1.0 and 1.5e1 are none, and an editor underlines documents that other
#              validators and devices accept; 1e-1, a tenth, is one.
#           2. It replaces the message of `enum`, also behind `$ref` and in `else`, but not that of `required`. In or beside `anyOf` and
#              `oneOf` it is ignored, and the message lists the values of all branches. A schema that allows one of several names or a
#              placeholder gets its own message only with `if` and `else`.
# Documented: 1. nowhere; 2. only as "errorMessage?: string; // VSCode extension" in src/jsonSchema.ts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts vscode-json-languageservice@5.7.2 ajv@8.20.0 >/dev/null
cat > demo.cjs <<'JS'
const { getLanguageService, TextDocument } = require("vscode-json-languageservice");
const Ajv = require("ajv/dist/2020").default;

async function messages(schema, text) {
  const service = getLanguageService({});
  service.configure({ schemas: [{ uri: "schema://demo", fileMatch: ["*.json"], schema }] });
  const document = TextDocument.create("file:///demo.json", "json", 1, text);
  const found = await service.doValidation(document, service.parseJSONDocument(document));
  return found.map((one) => one.message).join("; ") || "no error";
}

(async () => {
  for (const number of ["1", "1.0", "1.5e1", "1e0", "1e-1"]) {
    const schema = { type: "integer" };
    const accepted = new Ajv().validate(schema, JSON.parse(number)) ? "accepts" : "rejects";
    console.log(`${number}: ajv ${accepted}; editor: ${await messages(schema, number)}`);
  }
  const names = { enum: ["a", "b"], errorMessage: "own message" };
  const placeholder = { type: "string", pattern: "^\\$" };
  const forms = {
    enum: names,
    ref: { $defs: { names }, $ref: "#/$defs/names" },
    "if and else": { if: placeholder, else: names },
    "in anyOf": { anyOf: [names, placeholder] },
    "beside anyOf": { anyOf: [{ enum: ["a", "b"] }, placeholder], errorMessage: "own message" },
    "beside oneOf": { oneOf: [{ enum: ["a", "b"] }, placeholder], errorMessage: "own message" },
  };
  for (const [name, schema] of Object.entries(forms)) console.log(`${name}: ${await messages(schema, '"c"')}`);
  console.log(`required: ${await messages({ required: ["T"], errorMessage: "own message" }, "{}")}`);
})();
JS
actual=$(node demo.cjs)
printf '%s\n' "$actual"
diff <(printf '%s\n' "$actual") - <<'EXPECTED'
1: ajv accepts; editor: no error
1.0: ajv accepts; editor: Incorrect type. Expected "integer".
1.5e1: ajv accepts; editor: Incorrect type. Expected "integer".
1e0: ajv accepts; editor: no error
1e-1: ajv rejects; editor: no error
enum: own message
ref: own message
if and else: own message
in anyOf: Value is not accepted. Valid values: "a", "b".
beside anyOf: Value is not accepted. Valid values: "a", "b".
beside oneOf: Value is not accepted. Valid values: "a", "b".
required: Missing property "T".
EXPECTED
echo "as described"
