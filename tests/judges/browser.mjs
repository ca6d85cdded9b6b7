// Walks the pages of a server in Chromium and prints, as JSON, what it met and what is wrong.
//
//     node browser.mjs ORIGIN CHROMIUM PATH...
//
// It begins at the paths and follows every link on this host. The first pages of each kind are
// seen in all views and judged by axe-core, others in one view after another.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const from = createRequire(resolve("build/judges/node_modules/."));
const { chromium } = from("playwright-core");
const AXE = readFileSync(from.resolve("axe-core/axe.min.js"), "utf8");

const [origin, executablePath, ...starts] = process.argv.slice(2);
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 800 };
const VIEWS = {
  "phone": { viewport: PHONE, colorScheme: "dark" },
  "desktop": { viewport: DESKTOP, colorScheme: "light" },
  "phone, no script": { viewport: PHONE, colorScheme: "light", javaScriptEnabled: false },
  "desktop, no script": { viewport: DESKTOP, colorScheme: "dark", javaScriptEnabled: false },
};
// Of each kind so many are seen in all views, one in so many others is judged by axe-core.
const FIRST = 2;
const JUDGED = 12;
const EXPLAINED = 40;

const faults = [];
const visits = [];
const kind = (path) => path.split(/[/?]/)[1];

// What is on a page is looked at in the page.
function look() {
  const links = [...document.querySelectorAll("a[href]")].map(
    (a) => new URL(a.getAttribute("href"), document.baseURI).href.split("#")[0]
  );
  const wrong = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    const wide = [...document.querySelectorAll("body *")].filter(
      (one) => one.getBoundingClientRect().right > clientWidth + 1 && !one.closest(".scroll, pre, svg")
    );
    const names = wide.slice(0, 3).map((one) => `<${one.localName} class="${one.className}">`);
    wrong.push(["wide", `${scrollWidth} > ${clientWidth}: ${names}`]);
  }
  if (!document.querySelector("main h1, body > h1, h1")?.innerText.trim()) wrong.push(["bare", "no heading"]);
  for (const picture of document.querySelectorAll("svg.picture")) {
    const frame = picture.getBoundingClientRect();
    if (!frame.width) continue; // another width shows it
    const boxes = [...picture.querySelectorAll("text")].map((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      return { words: text.textContent, left, right, top, bottom };
    });
    boxes.forEach((a, i) => {
      if (a.left < frame.left - 1 || a.right > frame.right + 1) wrong.push(["cut", a.words]);
      for (const b of boxes.slice(i + 1)) {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        // The boxes of lines that follow each other may touch.
        if (across > 1 && down > 2.5) wrong.push(["overlap", `${a.words} / ${b.words} (${Math.round(across)} × ${Math.round(down)})`]);
      }
    });
  }
  return { links, wrong };
}

async function judge() {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => ["axe", `${id}, ${nodes.length} times: ${nodes[0].html} ${nodes[0].failureSummary}`]);
}

// A page of the browser that tells what goes wrong in it.
async function open(browser, view) {
  const page = await (await browser.newContext(VIEWS[view])).newPage();
  const place = { page, view, path: "", status: 200 };
  const tell = (what, detail) => faults.push({ path: place.path, view, what, detail });
  const isPage = (request) => request.isNavigationRequest();
  page.on("pageerror", (error) => tell("error", String(error)));
  page.on("console", (message) => {
    const isOfStatus = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isOfStatus) tell("console", message.text());
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith("data:")) tell("outside", url);
  });
  page.on("requestfailed", (request) => tell("failed", `${request.url()} ${request.failure()?.errorText}`));
  page.on("response", (response) => {
    const expected = isPage(response.request()) ? place.status : 200;
    const status = response.status();
    if (status !== expected && status !== 303 && status !== 304) tell("status", `${response.url()} ${status}`);
  });
  place.look = async (path, isJudged) => {
    place.path = path;
    const { links, wrong } = await page.evaluate(look);
    if (isJudged) {
      await page.evaluate(AXE);
      wrong.push(...(await page.evaluate(judge)));
    }
    wrong.forEach(([what, detail]) => tell(what, detail));
    visits.push({ path, view });
    return links;
  };
  place.visit = async (path, isJudged, status = 200) => {
    place.path = path;
    place.status = status;
    await page.goto(origin + path, { waitUntil: "load" });
    return place.look(path, isJudged);
  };
  place.tell = tell;
  return place;
}

// What a person does with the forms, in every view.
async function act(place) {
  const { page, view } = place;
  const follow = async (path, wanted, deed) => {
    await Promise.all([page.waitForEvent("load"), deed()]);
    const words = await page.locator("main").innerText();
    if (!words.includes(wanted)) place.tell("answer", `${path}: no ${wanted}`);
    await place.look(path, !view.includes("no script"));
  };
  await place.visit("/", false);
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.textContent);
  if (!first.startsWith("Skip")) place.tell("keyboard", `Tab leads to ${first}`);
  await page.fill("header input[type=search]", "chancay");
  await follow("(search)", "Port of Chancay", () => page.keyboard.press("Enter"));
  await place.visit("/query", false);
  if ((await page.locator(".CodeMirror").count()) !== (view.includes("no script") ? 0 : 1)) {
    place.tell("editor", "it is there without a script, or not there with one");
  }
  await follow("(query)", "rows", () => page.click("form.sparql button"));
  await place.visit("/validate", false);
  await page.fill("textarea", "id:visit-of-x a rkg:Visitt ; rkg:visitor id:peru .");
  await follow("(validate)", "did you mean", () => page.click("main form button"));
  await place.visit("/nowhere", !view.includes("no script"), 404);
}

async function main() {
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const seen = new Set(starts);
  const queue = [...starts];
  const numbers = {};
  let explained = 0;
  const wanted = (url) => {
    if (!url.startsWith(`${origin}/`)) return false;
    const path = url.slice(origin.length);
    if (/^\/(id|code|source|identifier|sparql|dataset|static|openapi)\b/.test(path)) return false;
    if (/^\/(q\/.*[.?]|ontology\.|context)/.test(path)) return false;
    return !path.startsWith("/explain?") || explained++ % EXPLAINED === 0;
  };
  const views = Object.keys(VIEWS);
  const places = await Promise.all(views.map((view) => open(browser, view)));
  // Each view has its own list: a page that others will see too, or one that is its alone.
  const lists = views.map(() => []);
  let turn = 0;
  const share = () => {
    for (const path of queue.splice(0)) {
      const number = (numbers[kind(path)] ??= 0);
      numbers[kind(path)] += 1;
      const isFirst = number < FIRST || starts.includes(path);
      const isJudged = isFirst || number % JUDGED === 0;
      const all = views.map((_, at) => at);
      for (const at of isFirst ? all : isJudged ? [turn++ % 2] : [turn++ % views.length]) {
        lists[at].push({ path, isJudged: isJudged && at < 2 });
      }
    }
  };
  share();
  let busy = 0;
  await Promise.all(places.map(async (place, at) => {
    for (;;) {
      const next = lists[at].shift();
      if (!next) {
        if (!busy && lists.every((list) => !list.length)) break;
        await new Promise((resume) => setTimeout(resume, 20));
        continue;
      }
      busy += 1;
      try {
        for (const link of await place.visit(next.path, next.isJudged)) {
          if (seen.has(link.slice(origin.length)) || !wanted(link)) continue;
          seen.add(link.slice(origin.length));
          queue.push(link.slice(origin.length));
        }
      } catch (error) {
        place.tell("visit", String(error));
      }
      share();
      busy -= 1;
    }
  }));
  if (starts.includes("/validate")) await Promise.all(places.map(act));
  await browser.close();
  console.log(JSON.stringify({ visits, faults }));
}

await main();
