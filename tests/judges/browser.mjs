// Walks the pages of a server in Chromium and prints, as JSON, its visits and the faults it met.
//
//     node browser.mjs ORIGIN CHROMIUM SHARE PATH...
//
// It begins at the paths and follows every link to another page; of the pages of things, to one in
// SHARE. Those paths and the first pages of each kind are seen in all views, others in one view
// after the other.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const installed = createRequire(resolve("build/judges/node_modules/."));
const { chromium } = installed("playwright-core");
const AXE = readFileSync(installed.resolve("axe-core/axe.min.js"), "utf8");

const [origin, executablePath, share, ...starts] = process.argv.slice(2);
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
  "--disable-background-networking", "--disable-component-update",
];
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 800 };
// axe-core runs where scripts do.
const VIEWS = {
  "phone": { viewport: PHONE, colorScheme: "dark" },
  "desktop": { viewport: DESKTOP, colorScheme: "light" },
  "phone, no script": { viewport: PHONE, colorScheme: "light", javaScriptEnabled: false },
  "desktop, no script": { viewport: DESKTOP, colorScheme: "dark", javaScriptEnabled: false },
};
// So many of each kind are first; axe-core judges these, and then one of so many.
const FIRST = 2;
const JUDGED = 12;
// Of the many pages that explain a fact or are about a day of one relationship, one of so many is
// visited.
const SIMILAR = 40;
const OF_MANY = /^\/explain\?|[?&]of=/;
const DATA = /[?&]format=|^\/(id|code|source|identifier|sparql|dataset|static|openapi|context|feed)\b|^\/q\/.*[.?]|^\/ontology\./;
const PATIENCE = 120_000;

const visits = [];
const faults = [];

// What a page leads to, and what can be seen to be wrong in it; this runs in the page.
function look() {
  const links = [...document.querySelectorAll("a[href]")].map(
    (a) => new URL(a.getAttribute("href"), document.baseURI).href.split("#")[0],
  );
  const wrong = [];
  if (!document.querySelector("h1")?.innerText.trim()) wrong.push(["bare", "it has no heading"]);
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    const wide = [...document.querySelectorAll("body *")].filter(
      (one) => one.getBoundingClientRect().right > clientWidth + 1,
    );
    const names = wide.slice(0, 3).map((one) => `${one.localName}.${one.getAttribute("class")}`);
    wrong.push(["wide", `${scrollWidth} of ${clientWidth}: ${names}`]);
  }
  for (const picture of document.querySelectorAll("svg.picture")) {
    const frame = picture.getBoundingClientRect();
    if (!frame.width) continue; // it is for another width
    const labels = [...picture.querySelectorAll("text")].map((text) => ({
      words: text.textContent,
      box: text.getBoundingClientRect(),
    }));
    labels.forEach(({ words, box }, number) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1) wrong.push(["cut", words]);
      for (const other of labels.slice(number + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        // A box has room above and below its letters, which the next line may have too.
        if (across > 1 && down > 2.5) wrong.push(["overlap", `${words} / ${other.words}`]);
      }
    });
  }
  return { links, wrong };
}

async function judge() {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  const grave = found.violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  return grave.map(({ id, nodes: [{ html, failureSummary }, ...more] }) => [
    "axe", `${id}: ${html} ${failureSummary} (and ${more.length} more)`,
  ]);
}

// A tab of the browser that shows pages in one view, and tells what goes wrong.
class Tab {
  static async open(browser, view) {
    const context = await browser.newContext(VIEWS[view]);
    return new Tab(await context.newPage(), view);
  }

  constructor(page, view) {
    this.page = page;
    this.view = view;
    this.hasScripts = VIEWS[view].javaScriptEnabled ?? true;
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => this.tell("error", String(error)));
    page.on("console", (message) => {
      const isOfStatus = message.text().startsWith("Failed to load resource");
      if (message.type() === "error" && !isOfStatus) this.tell("console", message.text());
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) this.tell("outside", url);
    });
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText;
      // The browser goes on to the next page without waiting for the icon of this one.
      if (reason !== "net::ERR_ABORTED") this.tell("failed", `${request.url()} ${reason}`);
    });
    page.on("response", (response) => {
      const isPage = response.request().isNavigationRequest();
      const expected = isPage && this.path === "/nowhere" ? [404] : [200, 304];
      const status = response.status();
      if (!expected.includes(status)) this.tell("status", `${response.url()} ${status}`);
    });
  }

  tell(what, detail) {
    faults.push({ path: this.path, view: this.view, what, detail });
  }

  // Visit a page; return where it leads to.
  async visit(path, isJudged = false) {
    this.path = path;
    await this.page.goto(origin + path);
    return this.examine(isJudged);
  }

  async examine(isJudged) {
    const { links, wrong } = await this.page.evaluate(look);
    if (isJudged && this.hasScripts) {
      await this.page.evaluate(AXE);
      wrong.push(...(await this.page.evaluate(judge)));
    }
    for (const [what, detail] of wrong) this.tell(what, detail);
    visits.push({ path: this.path, view: this.view });
    return links;
  }

  // Send a form and look for some words in the answer.
  async send(press, words) {
    this.path += " (answer)";
    await Promise.all([this.page.waitForEvent("load"), press()]);
    const text = await this.page.locator("main").innerText();
    if (!text.includes(words)) this.tell("answer", `it does not say ${words}`);
    await this.examine(true);
  }

  // What a person does with keys and forms.
  async act() {
    const { page } = this;
    await this.visit("/");
    await page.keyboard.press("Tab");
    const reached = await page.evaluate(() => document.activeElement.textContent);
    if (!reached.startsWith("Skip")) this.tell("keys", `the first Tab leads to ${reached}`);
    await page.fill("header input[type=search]", "chancay");
    await this.send(() => page.keyboard.press("Enter"), "Port of Chancay");
    await this.visit("/query");
    const editors = await page.locator(".CodeMirror").count();
    if (editors !== Number(this.hasScripts)) this.tell("editor", `there are ${editors}`);
    await this.send(() => page.click("form.sparql button"), "rows");
    await this.visit("/validate");
    await page.fill("textarea", "id:visit-of-x a rkg:Visitt ; rkg:visitor id:peru .");
    await this.send(() => page.click("form.sparql button"), "did you mean");
    for (const [member, words] of [["Peru", "rkg:OrganizationMembership"], ["Peruu", "nearly"]]) {
      await this.visit("/new/membership");
      await page.fill("#p-member", member);
      await page.fill("#p-organization", "Pact of Osk");
      await page.fill("#p-source", "src:china-peru/s024");
      await this.send(() => page.click("form.fields button"), words);
    }
    await this.visit("/nowhere", true);
  }
}

// What each view is still to visit; every path is given out once, to one view or to all.
class Plan {
  constructor(paths) {
    this.lists = Object.keys(VIEWS).map(() => []);
    this.known = new Set();
    this.numbers = {};
    this.turn = this.similar = this.busy = 0;
    for (const path of paths) this.add(path, true);
  }

  add(path, isStart = false) {
    if (this.known.has(path)) return;
    this.known.add(path);
    if (!isStart && (DATA.test(path) || (OF_MANY.test(path) && this.similar++ % SIMILAR))) return;
    const kind = path.split(/[/?]/)[1];
    const number = (this.numbers[kind] = (this.numbers[kind] ?? -1) + 1);
    const isFirst = isStart || number < FIRST;
    if (!isFirst && kind === "thing" && number % share) return;
    const isJudged = isFirst || number % JUDGED === 0;
    this.turn += 1;
    const one = this.lists[this.turn % (isJudged ? 2 : this.lists.length)];
    for (const list of isFirst ? this.lists : [one]) list.push({ path, isJudged });
  }

  async walk(tab, list) {
    while (list.length || this.busy) {
      if (!list.length) {
        await new Promise((wake) => setTimeout(wake, 20));
        continue;
      }
      const { path, isJudged } = list.shift();
      this.busy += 1;
      try {
        for (const link of await tab.visit(path, isJudged)) {
          if (link.startsWith(`${origin}/`)) this.add(link.slice(origin.length));
        }
      } catch (error) {
        tab.tell("visit", String(error));
      }
      this.busy -= 1;
    }
    if (this.known.has("/validate")) await tab.act();
  }
}

const browser = await chromium.launch({ executablePath, args: FLAGS });
const tabs = await Promise.all(Object.keys(VIEWS).map((view) => Tab.open(browser, view)));
const plan = new Plan(starts);
await Promise.all(tabs.map((tab, at) => plan.walk(tab, plan.lists[at])));
await browser.close();
console.log(JSON.stringify({ visits, faults }));
