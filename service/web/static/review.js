// The desk: what the pages do faster with a script than without. Every page works without this file.
//
// Deciding: the next comment is fetched ahead and shown at once; the decision waits in an outbox until the server has
// it, is sent again when the network fails, and is said to be taken only when it is. Sending twice is deciding once.
"use strict";

(() => {
  const root = document.documentElement;
  const find = (id) => document.getElementById(id);
  const OUTBOX = "commentdesk-outbox";
  const RETRY_MS = [1000, 2000, 4000, 8000];

  // --- saying what happened -------------------------------------------------------------------------------------

  let undoTimer = 0;

  function say(words, { action = null, look = null, problem = false, undoSeconds = 0 } = {}) {
    const bar = find("said");
    if (!bar) return;
    bar.classList.toggle("problem", problem);
    find("said-words").textContent = words;
    const undo = find("said-undo");
    undo.hidden = action === null;
    if (action !== null) undo.setAttribute("action", undo.getAttribute("action").replace(/actions\/\d+/, `actions/${action}`));
    find("said-look").hidden = look === null;
    if (look !== null) find("said-look").href = look;
    clearTimeout(undoTimer);
    if (action !== null && undoSeconds) undoTimer = setTimeout(() => { undo.hidden = true; }, undoSeconds * 1000);
  }

  const word = (name) => find("said")?.dataset[name] ?? "";

  // --- talking to the server ------------------------------------------------------------------------------------

  const formKey = () => document.querySelector("[name=form_key]")?.value ?? "";

  async function post(path, body) {
    const sent = new URLSearchParams(body);
    const put = () => {
      sent.set("form_key", formKey());
      return fetch(path, { method: "POST", body: sent, headers: { Accept: "application/json" } });
    };
    const answer = await put();
    return answer.status === 403 && (await renewKey()) ? put() : answer;
  }

  // Signing in again, in another tab, gives the forms another key; this page still has the old one.
  async function renewKey() {
    const loaded = await load(location.href);
    const key = loaded?.page.querySelector("[name=form_key]")?.value;
    if (!key || key === formKey()) return false;
    for (const field of document.querySelectorAll("[name=form_key]")) field.value = key;
    return true;
  }

  async function load(url) {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (!answer.ok || new URL(answer.url).pathname === "/sign-in") return null;
    return { url: answer.url, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
  }

  // --- the comment on the screen --------------------------------------------------------------------------------

  const onScreen = () => find("case");
  let ahead = null;
  let looking = null;

  function show(loaded, { push = true } = {}) {
    if (!loaded.page.getElementById("case")) {
      // The walk is over; nothing may be lost on the way out.
      leaveTo(loaded.url);
      return;
    }
    letGo({ but: loaded.page.getElementById("case").dataset.comment });
    find("main").replaceWith(document.adoptNode(loaded.page.getElementById("main")));
    document.title = loaded.page.title;
    if (push) history.pushState({ desk: true }, "", loaded.url);
    if (window.htmx) window.htmx.process(find("main"));
    window.scrollTo(0, 0);
    const heading = find("heading");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    ahead = null;
    looking = null;
    setTimeout(lookAhead, 0);
  }

  async function leaveTo(url) {
    await emptied();
    location.assign(url);
  }

  function lookAhead() {
    const here = onScreen();
    if (!here || here.dataset.waits !== "yes") return Promise.resolve(null);
    const comment = here.dataset.comment;
    if (ahead?.before === comment) return Promise.resolve(ahead);
    if (looking?.before !== comment) looking = { before: comment, found: fetchAhead(comment, here.dataset.ahead) };
    return looking.found;
  }

  async function fetchAhead(comment, path) {
    const left = new URLSearchParams([...outbox.map((item) => item.comment), comment].map((id) => ["leave_out", id]));
    // Without a network there is no next comment; the decision waits, and so does the page.
    const loaded = await load(`${path}${path.includes("?") ? "&" : "?"}${left}`).catch(() => null);
    if (onScreen()?.dataset.comment !== comment) return null;
    if (looking?.before === comment) looking = null;
    ahead = loaded && { ...loaded, before: comment, at: Date.now() };
    return ahead;
  }

  async function goOn(comment) {
    freeze();
    const fresh = Number(onScreen().dataset.claimSeconds) * 1000;
    while (onScreen()?.dataset.comment === comment) {
      const next = await lookAhead();
      if (onScreen()?.dataset.comment !== comment) return;
      if (next && Date.now() - Math.max(next.at, keptAt) < fresh) {
        show(next);
        return;
      }
      ahead = null;
      if (!next) await new Promise((done) => setTimeout(done, RETRY_MS[0]));
    }
  }

  function freeze() {
    const fields = document.querySelector("#deciding fieldset");
    if (fields) fields.disabled = true;
  }

  // --- the outbox -----------------------------------------------------------------------------------------------

  let outbox = [];
  try {
    outbox = JSON.parse(sessionStorage.getItem(OUTBOX) ?? "[]");
  } catch {
    outbox = [];
  }
  let sending = false;
  let wake = () => {};
  let waiters = [];

  const keep = () => sessionStorage.setItem(OUTBOX, JSON.stringify(outbox));
  const pause = (milliseconds) => new Promise((done) => { wake = done; setTimeout(done, milliseconds); });
  const emptied = () => (outbox.length ? new Promise((done) => waiters.push(done)) : Promise.resolve());

  function decide(form, submitter) {
    const here = onScreen();
    const body = new URLSearchParams(new FormData(form, submitter));
    outbox.push({ path: form.getAttribute("action"), body: body.toString(), comment: here.dataset.comment });
    keep();
    say(word("saving"));
    goOn(here.dataset.comment);
    send();
  }

  async function send() {
    if (sending) return;
    sending = true;
    for (let failures = 0; outbox.length;) {
      const answer = await attempt(outbox[0]);
      if (answer === null || answer.status >= 500 || answer.status === 429) {
        say(word("waiting") + outbox.length, { problem: true });
        await pause(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
      } else if (answer.status === 401) {
        say(word("signedOut"), { problem: true });
        await pause(5000);
      } else {
        failures = 0;
        await settle(outbox.shift(), answer);
      }
    }
    sending = false;
    waiters.splice(0).forEach((done) => done());
  }

  async function attempt(item) {
    try {
      return await post(item.path, item.body);
    } catch {
      return null;
    }
  }

  async function settle(item, answer) {
    keep();
    const facts = await answer.json().catch(() => ({}));
    if (answer.ok) {
      say(word(facts.outcome), { action: facts.action, look: facts.path, undoSeconds: facts.undo_seconds });
    } else {
      say(word("refused") + (facts.detail ?? answer.status), { look: item.path, problem: true });
    }
    // The network was away when this was decided: the next comment is fetched now.
    if (onScreen()?.dataset.comment === item.comment) {
      if (answer.ok) goOn(item.comment);
      else location.reload();
    }
  }

  async function undo(form) {
    await emptied();
    say(word("saving"));
    const answer = await post(form.getAttribute("action"), "").catch(() => null);
    const facts = answer ? await answer.json().catch(() => ({})) : {};
    if (!answer || !answer.ok) {
      say(word("refused") + (facts.detail ?? ""), { problem: true });
      return;
    }
    say(word("undone"));
    const loaded = await load(facts.path);
    if (loaded && onScreen()) show(loaded);
    else location.assign(facts.path);
  }

  window.addEventListener("online", () => wake());
  window.addEventListener("beforeunload", (event) => { if (outbox.length) event.preventDefault(); });

  // --- forms and links that need no new page --------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id === "deciding" || form.id === "escalating") {
      event.preventDefault();
      decide(form, event.submitter);
    } else if (form.id === "said-undo") {
      event.preventDefault();
      undo(form);
    }
  });

  document.addEventListener("click", async (event) => {
    if (event.target.closest("#show-keys")) find("keys").showModal();
    const link = event.target.closest("a[data-key]");
    if (!link || !onScreen() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.dataset.key === "k" && history.state?.desk) {
      event.preventDefault();
      history.back();
    } else if (link.dataset.key === "j" || link.dataset.key === "s") {
      event.preventDefault();
      const loaded = await load(link.href).catch(() => null);
      if (loaded) show(loaded);
    }
  });

  window.addEventListener("popstate", async () => {
    if (!onScreen()) return;
    const loaded = await load(location.href).catch(() => null);
    if (loaded) show(loaded, { push: false });
    else location.reload();
  });

  // --- keys -----------------------------------------------------------------------------------------------------

  const typing = (target) => target.closest?.("input:not([type=checkbox]), textarea, select");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
    if (root.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (key === "b") root.classList.add("unblurred");
    else if (key === "m") markNext();
    else if (!press(key)) moveInList(key);
    else event.preventDefault();
  });

  document.addEventListener("keyup", (event) => {
    if (event.key.toLowerCase() === "b") root.classList.remove("unblurred");
  });
  window.addEventListener("blur", () => root.classList.remove("unblurred"));

  function press(key) {
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target || target.closest("[hidden]")) return false;
    if (target.matches("input")) target.focus();
    else if (target.matches("summary")) {
      target.parentElement.open = true;
      target.parentElement.querySelector("button").focus();
    } else target.click();
    return true;
  }

  function markNext() {
    const links = [...document.querySelectorAll(".marks a")];
    const now = links.findIndex((link) => link.hasAttribute("aria-current"));
    links[(now + 1) % links.length]?.click();
  }

  function moveInList(key) {
    const links = [...document.querySelectorAll(".queue a.text")];
    const now = links.indexOf(document.activeElement);
    if (key === "j") links[Math.min(now + 1, links.length - 1)]?.focus();
    if (key === "k") links[Math.max(now - 1, 0)]?.focus();
  }

  // --- claims: kept while somebody is there, let go when the page is left -----------------------------------------

  let activeAt = Date.now();
  let keptAt = 0;
  for (const sign of ["keydown", "pointermove", "scroll", "touchstart"]) {
    document.addEventListener(sign, () => { activeAt = Date.now(); }, { passive: true, capture: true });
  }

  const claimed = () => {
    const next = ahead?.page.getElementById("case") ?? null;
    return [onScreen(), next].filter((one) => one && one.dataset.waits === "yes");
  };

  // A beacon is sent even while the page goes away, and may arrive after its successor was asked for: the server heeds
  // it only where nobody has opened the comment since. What is being decided stays claimed until the server has it.
  function letGo({ but = null } = {}) {
    const kept = [but, ...outbox.map((item) => item.comment)];
    for (const one of claimed().filter((each) => !kept.includes(each.dataset.comment))) {
      navigator.sendBeacon(one.dataset.claim, new URLSearchParams({ action: "let_go", seen: one.dataset.seen, form_key: formKey() }));
    }
  }

  async function keepClaims() {
    const here = onScreen();
    if (!here) return;
    const seconds = Number(here.dataset.claimSeconds);
    if (document.hidden || Date.now() - activeAt > seconds * 1000) return;
    for (const one of claimed()) {
      const answer = await post(one.dataset.claim, "action=keep").catch(() => null);
      if (!answer) return;
      const facts = answer.ok ? await answer.json() : {};
      if (facts.seen) one.dataset.seen = facts.seen;
      if (facts.colleague && one === onScreen()) location.reload();
    }
    keptAt = Date.now();
  }

  window.addEventListener("pagehide", () => letGo());
  window.addEventListener("pageshow", (event) => { if (event.persisted) keepClaims(); });

  // --- the list: counts that stay right, a place that is kept -----------------------------------------------------

  const POLL_MS = 10000;
  let shown = null;

  function takeCounts(counts) {
    const flat = { ...counts.kinds, comments: counts.comments, escalated: counts.escalated };
    for (const place of document.querySelectorAll("[data-count]")) place.textContent = flat[place.dataset.count];
    const now = JSON.stringify(flat);
    if (shown !== null && shown !== now && find("news")) {
      const words = find("news").querySelector("[data-words]");
      words.textContent = words.dataset.words;
      find("news").hidden = false;
    }
    shown ??= now;
  }

  async function poll() {
    const answer = await fetch("/queue/counts", { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) takeCounts(await answer.json());
  }

  function listen() {
    const stream = new EventSource("/queue/changes");
    stream.addEventListener("counts", (event) => takeCounts(JSON.parse(event.data)));
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) setInterval(poll, POLL_MS);
    });
    // An open stream would keep the page out of the browser's memory of pages to go back to.
    window.addEventListener("pagehide", () => stream.close());
  }

  let lastChosen = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("#choosing input[type=checkbox]");
    if (!box) return;
    const boxes = [...document.querySelectorAll("#choosing input[type=checkbox]")];
    if (event.shiftKey && lastChosen) {
      const [from, to] = [boxes.indexOf(lastChosen), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    lastChosen = box;
  });

  // What htmx cannot show, a wrong number for instance, the page itself says.
  document.addEventListener("htmx:responseError", (event) => { event.target.closest?.("form")?.submit(); });

  // --- begin ------------------------------------------------------------------------------------------------------

  root.classList.add("scripted");
  if (onScreen()) {
    lookAhead();
    setInterval(keepClaims, (Number(onScreen().dataset.claimSeconds) * 1000) / 3);
  }
  if (document.querySelector("[data-count]")) listen();
  if (outbox.length) send();
})();
