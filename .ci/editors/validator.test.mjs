// A second validator accepts the schemas and agrees with the first one on each document.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";

const schemas = new URL("../../schemas/", import.meta.url);
// Allow the annotations for editors and other programs; any other unknown or ineffective keyword is an error.
const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, validateFormats: false, allErrors: false });
for (const keyword of ["x-ddmc", "enumDescriptions", "patternErrorMessage", "errorMessage"]) {
  ajv.addKeyword(keyword);
}

const validators = new Map();
for (const file of readdirSync(schemas).filter((file) => file.endsWith(".schema.json"))) {
  const schema = JSON.parse(readFileSync(new URL(file, schemas), "utf8"));
  test(`${file} is a schema`, () => {
    assert.equal(ajv.validateSchema(schema), true, JSON.stringify(ajv.errors));
    validators.set(file.replace(".schema.json", ""), ajv.compile(schema));
  });
}

test("both validators agree on random documents", () => {
  const folder = process.env.DDMC_CASES;
  assert.ok(folder, "DDMC_CASES must name the folder with the documents");
  const seen = new Map();
  for (const file of readdirSync(folder)) {
    for (const line of readFileSync(join(folder, file), "utf8").split("\n").filter(Boolean)) {
      const { schema, document, valid } = JSON.parse(line);
      assert.equal(validators.get(schema)(document), valid, `${schema}: ${line}`);
      const key = `${schema} ${valid}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  for (const name of ["declarations", "com.apple.configuration.softwareupdate.settings"]) {
    for (const valid of [true, false]) {
      assert.ok((seen.get(`${name} ${valid}`) ?? 0) >= 50, `${name} ${valid}: ${seen.get(`${name} ${valid}`)}`);
    }
  }
});
