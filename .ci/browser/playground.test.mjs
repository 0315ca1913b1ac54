// The playground in Chromium. `DDMC_PLAYGROUND` is the built folder, `DDMC_SCREENSHOTS` a folder for pictures.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch, serve, violations, visit } from "./visit.mjs";

const FOLDER = process.env.DDMC_PLAYGROUND;
const TYPE = "com.apple.configuration.softwareupdate";
const settings = (payload, identifier = "com.example.a") =>
  JSON.stringify({ Type: `${TYPE}.settings`, Identifier: identifier, Payload: payload }, null, 2);

let server;
let browser;

before(async () => {
  server = await serve(FOLDER);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** Opens the playground, and checks in the end that it neither complained nor asked for anything outside. */
async function playground(use, options = {}, fragment = "") {
  const { page, said, requested } = await visit(browser, `${server.origin}/${fragment}`, options);
  await settled(page);
  await use(page);
  assert.deepEqual(said, [], "the console is empty");
  const outside = requested.filter((url) => !url.startsWith(`${server.origin}/`));
  assert.deepEqual(outside, [], "nothing outside is requested");
  await page.close();
}

/** Waits for the findings of what the page holds. */
const settled = (page) => page.locator('#results[aria-busy="false"]').waitFor();

/** Replaces the documents of the page. */
async function paste(page, ...texts) {
  const remove = page.getByRole("button", { name: /^Remove / });
  while ((await remove.count()) > 0) await remove.first().click();
  for (const [at, text] of texts.entries()) {
    await page.getByRole("button", { name: "Add a document" }).click();
    await page.locator("textarea").nth(at).fill(text);
  }
  await settled(page);
}

const findings = (page) => page.locator("#findings > li");
const rules = (page) => page.locator("#findings > li > p:nth-child(2) > button:last-child").allTextContents();

test("the samples have mistakes, and fixing them makes a merged set", async () => {
  await playground(async (page) => {
    assert.deepEqual((await rules(page)).sort(), ["out-of-range", "unknown-key", "wrong-type"]);
    await page.getByRole("button", { name: "Apply 2 safe fixes" }).click();
    await page.locator("#status", { hasText: "Fixed 2 findings. 1 error in 2 declarations" }).waitFor();
    assert.match(await page.locator("textarea").first().inputValue(), /"MajorPeriodInDays": 30/);
    assert.match(await page.locator("#merge-status").textContent(), /because of the errors above/);
    await page.getByRole("button", { name: "Fix: write 90 (may change the meaning)" }).click();
    await page.locator("#status", { hasText: "Fixed 1 finding. Nothing found" }).waitFor();
    const [merged, ...others] = JSON.parse(await page.getByRole("region", { name: "Merged set" }).textContent());
    assert.deepEqual(others, []);
    assert.equal(merged.Payload.Deferrals.MajorPeriodInDays, 30);
    const row = page.getByRole("row", { name: /Deferrals\/MajorPeriodInDays/ });
    assert.equal(await row.textContent(), "Deferrals/MajorPeriodInDays30number-maxcom.example.everyone14 (com.example.pilots)");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.locator("#status", { hasText: "Undone. 1 error" }).waitFor();
  });
});

test("every format is read, and places are right", async () => {
  const plist = `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>Command</key><dict>
  <key>RequestType</key><string>ScheduleOSUpdate</string>
  <key>Updates</key><array><dict>
    <key>InstallAction</key><string>InstallASAP</string><key>ProductVersion</key><string>ä</string>
  </dict></array>
</dict></dict></plist>`;
  const yaml = `Type: ${TYPE}.settings\nIdentifier: "com.example.\u{1f600}"\nPayload: {Deferrals: {MajorPeriodInDays: 120}}\n`;
  const line = (days) => JSON.stringify({ Type: `${TYPE}.settings`, Identifier: `a.${days}`, Payload: { Deferrals: { MajorPeriodInDays: days } } });
  const cases = [
    ["\ufeff" + settings({ Deferrals: { MajorPeriodInDays: 120 } }), "line 6, column 28", "120"],
    [plist, "line 5, column 82", "<string>ä</string>", "ProductVersion"],
    [yaml, "line 3, column 42", "120"],
    [`${line(30)}\n${line(120)}\n`, "line 2, column", "120"],
  ];
  await playground(async (page) => {
    for (const [text, where, selected, key = "MajorPeriodInDays"] of cases) {
      await paste(page, text);
      const found = findings(page).filter({ has: page.locator(".message", { hasText: key }) });
      assert.equal(await found.count(), 1, await findings(page).allTextContents().then(String));
      const place = found.getByRole("button", { name: where });
      await place.click();
      const chosen = await page.evaluate(() => {
        const { value, selectionStart, selectionEnd } = document.activeElement;
        return value.slice(selectionStart, selectionEnd);
      });
      assert.equal(chosen, selected, where);
      assert.equal(await found.locator("mark").textContent(), chosen);
    }
  });
});

test("the time, the devices and sets are judged", async () => {
  const enforcement = JSON.stringify({
    Type: `${TYPE}.enforcement.specific`,
    Identifier: "com.example.e",
    Payload: { TargetOSVersion: "26.1", TargetLocalDateTime: "2025-12-20T12:00:00" },
  });
  await playground(async (page) => {
    await paste(page, enforcement);
    assert.deepEqual(await rules(page), ["past-deadline"], "the time is that of the browser");
    await page.getByText("Options").click();
    await page.getByLabel("Now, for deadlines").fill("2025-12-01T08:00");
    await page.getByLabel("Devices").fill("macOS=13.6 iOS=18.1,unsupervised");
    await settled(page);
    assert.deepEqual(await rules(page), ["unsupported-declaration"]);
    await page.getByLabel("Devices").fill("BeOS");
    await page.locator("#status", { hasText: "Not checked: targets: " }).waitFor();
    await page.getByLabel("Devices").fill("");
    await paste(page, enforcement, enforcement.replace("com.example.e", "com.example.f"));
    assert.deepEqual(await rules(page), []);
    await page.getByLabel("All documents are active together").check();
    await settled(page);
    assert.deepEqual(await rules(page), ["duplicate-enforcement"]);
  });
});

test("text of documents stays text", async () => {
  const hostile = `<img src=x onerror=alert(1)></textarea><script>alert(2)</script>\u202e\u001b[31m`;
  await playground(async (page) => {
    const before = await page.locator("script, img").count();
    const text = settings({ [hostile]: 1, RecommendedCadence: hostile, Deferrals: { MajorPeriodInDays: 30 } }, hostile.slice(0, 50));
    await paste(page, text, "<plist><dict><key><![CDATA[<b>x</b>]]></key><true/></dict></plist>", hostile, "{".repeat(100_000));
    assert.ok((await findings(page).count()) >= 3);
    assert.equal(await page.locator("script, img").count(), before);
    assert.ok(!(await page.locator("#findings .message").allTextContents()).join().includes("\u202e"));
    await page.getByLabel("Rule, key or declaration").fill(hostile);
    await page.getByRole("button", { name: "Explain" }).click();
    await page.locator("#page", { hasText: "there is no rule" }).waitFor();
    assert.equal(await page.locator("script, img").count(), before);
    const link = "[x](https://example.com/)";
    await paste(page, settings({ Deferrals: { MajorPeriodInDays: 14 } }, link), settings({ Deferrals: { MajorPeriodInDays: 30 } }, "<b>"));
    await page.getByRole("row", { name: `14 (${link})` }).waitFor();
    assert.equal(await page.locator("a[href*=example], b").count(), 0);
  });
});

test("a document of 5 MB is checked and merged", async () => {
  const size = 5_000_000;
  await playground(async (page) => {
    await paste(page, "");
    const fill = (text) =>
      page.evaluate(([text, size]) => {
        const lines = Array.from({ length: Math.ceil(size / text.length) }, (_, at) => text.replaceAll("NUMBER", at));
        const area = document.querySelector("textarea");
        area.value = text.includes("NUMBER") ? lines.join("\n") : text.replace("LONG", "x".repeat(size));
        area.dispatchEvent(new Event("input", { bubbles: true }));
      }, [text, size]);
    const line = (days) => JSON.stringify({ Type: `${TYPE}.settings`, Identifier: "a.bNUMBER", Payload: { Deferrals: { MajorPeriodInDays: days } } });
    for (const [text, said] of [
      [line(30), /^1 declaration to publish/],
      [line(120), /because of the errors/],
      [JSON.stringify({ Type: `${TYPE}.settings`, Identifier: "LONG", Payload: {} }), /because of the errors/],
    ]) {
      await fill(text);
      await settled(page);
      assert.match(await page.locator("#merge-status").textContent(), said);
      // The search for a role takes long among thousands of findings.
      await page.locator("#link").click();
      assert.equal(await page.locator("#link").textContent(), "Too long for a link");
    }
  });
});

test("links hold the documents and the options", async () => {
  await playground(async (page) => {
    await paste(page, settings({ Notifications: "ä\u{1f600}" }));
    await page.getByText("Options").click();
    await page.getByLabel("Devices").fill("tvOS");
    await page.getByRole("button", { name: "Copy a link" }).click();
    const { hash } = new URL(page.url());
    await playground(async (other) => {
      assert.equal(await other.locator("textarea").first().inputValue(), await page.locator("textarea").first().inputValue());
      assert.equal(await other.locator("#targets").inputValue(), "tvOS");
    }, {}, hash);
  });
  for (const broken of ["#x", "#bnVsbA", "#e30"]) {
    await playground(async (page) => assert.equal(await page.locator("textarea").count(), 2), {}, broken);
  }
});

test("pages explain rules, and lead to others", async () => {
  await playground(async (page) => {
    await page.getByRole("button", { name: "out-of-range" }).click();
    await page.getByRole("heading", { name: "out-of-range" }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "explain-title");
    await page.getByLabel("Rule, key or declaration").fill("");
    await page.getByLabel("Rule, key or declaration").press("Enter");
    await page.getByRole("heading", { name: "Reference" }).waitFor();
    await page.getByRole("button", { name: "number-max" }).click();
    await page.getByRole("heading", { name: "number-max" }).waitFor();
  });
});

test("the keyboard suffices", async () => {
  await playground(async (page) => {
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "results");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.id), "fix");
    await page.keyboard.press("Enter");
    await page.locator("#status", { hasText: "Fixed 2 findings." }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), "results");
  });
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [400, 1200]) {
    test(`the page is accessible and fits: ${colorScheme}, ${width}`, async () => {
      await playground(
        async (page) => {
          const look = async (name) => {
            assert.deepEqual(await violations(page), [], name);
            const room = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            assert.ok(room <= 0, `${name} is ${room} pixels too wide`);
            const folder = process.env.DDMC_SCREENSHOTS;
            if (folder) await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`), fullPage: true });
          };
          await look("start");
          await page.getByText("Options").click();
          await page.getByRole("button", { name: "out-of-range" }).click();
          await page.getByRole("button", { name: "Also apply 1 unsafe fix" }).click();
          await page.locator("#status", { hasText: "Nothing found" }).waitFor();
          await look("fixed");
          await paste(page, "");
          await page.getByLabel("Rule, key or declaration").fill("");
          await page.getByRole("button", { name: "Explain" }).click();
          await page.getByRole("heading", { name: "Reference" }).waitFor();
          await look("empty");
        },
        { colorScheme, width },
      );
    });
  }
}
