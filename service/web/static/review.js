// What the review pages do faster with a script. Every page also works without this file.
//
// The next comment is fetched in advance and shown at once after a decision. The decision waits in an outbox until the
// server has it, and is sent again if the network fails. The status bar reports it only once it is saved. A decision
// that is sent twice is recorded once.
"use strict";

(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const OUTBOX_KEY = "commentdesk-outbox";
  const RETRY_MS = [1000, 2000, 4000, 8000];
  const SIGNED_OUT_RETRY_MS = 5000;

  const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  // --- status bar -------------------------------------------------------------------------------------------------

  let undoTimer = 0;

  function showStatus(message, { action = null, link = null, isProblem = false, undoSeconds = 0 } = {}) {
    const bar = byId("status-bar");
    if (!bar) return;
    bar.classList.toggle("problem", isProblem);
    byId("status-message").textContent = message;
    const undo = byId("undo");
    undo.hidden = action === null;
    if (action !== null) undo.setAttribute("action", undo.getAttribute("action").replace(/actions\/\d+/, `actions/${action}`));
    byId("status-link").hidden = link === null;
    if (link !== null) byId("status-link").href = link;
    clearTimeout(undoTimer);
    if (action !== null && undoSeconds) undoTimer = setTimeout(() => { undo.hidden = true; }, undoSeconds * 1000);
  }

  // The messages are in the page's language, as data attributes of the status bar.
  const message = (name) => byId("status-bar")?.dataset[name] ?? "";

  // --- requests ---------------------------------------------------------------------------------------------------

  const formKey = () => document.querySelector("[name=form_key]")?.value ?? "";

  async function post(url, body) {
    const fields = new URLSearchParams(body);
    const send = () => {
      fields.set("form_key", formKey());
      return fetch(url, { method: "POST", body: fields, headers: { Accept: "application/json" } });
    };
    const response = await send();
    return response.status === 403 && (await renewFormKey()) ? send() : response;
  }

  // After signing in again in another tab, the session has another form key than this page.
  async function renewFormKey() {
    const loaded = await load(location.href);
    const key = loaded?.page.querySelector("[name=form_key]")?.value;
    if (!key || key === formKey()) return false;
    for (const field of document.querySelectorAll("[name=form_key]")) field.value = key;
    return true;
  }

  async function load(url) {
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    if (!response.ok || new URL(response.url).pathname === "/sign-in") return null;
    return { url: response.url, page: new DOMParser().parseFromString(await response.text(), "text/html") };
  }

  // --- the comment on the screen, and the next one ----------------------------------------------------------------

  const current = () => byId("review");
  let prefetched = null; // the next comment's page, with `before`: the id of the comment that it follows
  let prefetching = null; // the request for it, while it runs

  function show(loaded, { push = true } = {}) {
    const review = loaded.page.getElementById("review");
    if (!review) {
      leaveTo(loaded.url); // The end of the queue: a redirect led to another page.
      return;
    }
    releaseClaims({ except: review.dataset.comment });
    byId("main").replaceWith(document.adoptNode(loaded.page.getElementById("main")));
    document.title = loaded.page.title;
    if (push) history.pushState({ isReview: true }, "", loaded.url);
    if (window.htmx) window.htmx.process(byId("main"));
    window.scrollTo(0, 0);
    const heading = byId("heading");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    prefetched = null;
    prefetching = null;
    setTimeout(prefetch, 0);
  }

  async function leaveTo(url) {
    await outboxEmptied();
    location.assign(url);
  }

  function prefetch() {
    const review = current();
    if (!review || review.dataset.pending !== "yes") return Promise.resolve(null);
    const comment = review.dataset.comment;
    if (prefetched?.before === comment) return Promise.resolve(prefetched);
    if (prefetching?.before !== comment) {
      prefetching = { before: comment, result: fetchNext(comment, review.dataset.nextUrl) };
    }
    return prefetching.result;
  }

  async function fetchNext(comment, url) {
    // Comments whose decision has not reached the server are still in its queue.
    const decided = [...outbox.map((item) => item.comment), comment];
    const query = new URLSearchParams(decided.map((id) => ["leave_out", id]));
    // Without a network there is no next comment: the decision stays in the outbox, and this page on the screen.
    const loaded = await load(`${url}${url.includes("?") ? "&" : "?"}${query}`).catch(() => null);
    if (current()?.dataset.comment !== comment) return null;
    if (prefetching?.before === comment) prefetching = null;
    prefetched = loaded && { ...loaded, before: comment, loadedAt: Date.now() };
    return prefetched;
  }

  async function showNext(comment) {
    disableForm();
    const claimMs = Number(current().dataset.claimSeconds) * 1000;
    const isOnScreen = () => current()?.dataset.comment === comment;
    while (isOnScreen()) {
      const next = await prefetch();
      if (!isOnScreen()) return;
      // Fetching the page claimed its comment. If that claim has expired, a colleague may have it by now.
      if (next && Date.now() - Math.max(next.loadedAt, claimsKeptAt) < claimMs) {
        show(next);
        return;
      }
      prefetched = null;
      if (!next) await wait(RETRY_MS[0]);
    }
  }

  function disableForm() {
    const fieldset = document.querySelector("#decide-form fieldset");
    if (fieldset) fieldset.disabled = true;
  }

  // --- outbox -----------------------------------------------------------------------------------------------------

  let outbox = [];
  try {
    outbox = JSON.parse(sessionStorage.getItem(OUTBOX_KEY) ?? "[]");
  } catch {
    outbox = [];
  }
  let isSending = false;
  let wakeUp = () => {};
  let waitingForOutbox = [];

  const storeOutbox = () => sessionStorage.setItem(OUTBOX_KEY, JSON.stringify(outbox));
  // Ends early when the browser is back online.
  const pause = (milliseconds) => new Promise((resolve) => { wakeUp = resolve; setTimeout(resolve, milliseconds); });
  const outboxEmptied = () => (outbox.length ? new Promise((resolve) => waitingForOutbox.push(resolve)) : Promise.resolve());

  function decide(form, submitter) {
    const { comment } = current().dataset;
    const body = new URLSearchParams(new FormData(form, submitter));
    outbox.push({ url: form.getAttribute("action"), body: body.toString(), comment });
    storeOutbox();
    showStatus(message("saving"));
    showNext(comment);
    sendOutbox();
  }

  async function sendOutbox() {
    if (isSending) return;
    isSending = true;
    for (let failures = 0; outbox.length;) {
      const response = await post(outbox[0].url, outbox[0].body).catch(() => null);
      if (response === null || response.status >= 500 || response.status === 429) {
        showStatus(`${message("offline")} ${outbox.length}`, { isProblem: true });
        await pause(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
      } else if (response.status === 401) {
        showStatus(message("signedOut"), { isProblem: true });
        await pause(SIGNED_OUT_RETRY_MS);
      } else {
        failures = 0;
        await settle(outbox.shift(), response);
      }
    }
    isSending = false;
    waitingForOutbox.splice(0).forEach((resolve) => resolve());
  }

  async function settle(item, response) {
    storeOutbox();
    const result = await response.json().catch(() => ({}));
    if (response.ok) {
      showStatus(message(result.done), { action: result.action, link: result.path, undoSeconds: result.undo_seconds });
    } else {
      showStatus(`${message("refused")} ${result.detail ?? response.status}`, { link: item.url, isProblem: true });
    }
    // If the network was away when this was decided, the page is still on the screen.
    if (current()?.dataset.comment === item.comment) {
      if (response.ok) showNext(item.comment);
      else location.reload();
    }
  }

  async function undo(form) {
    await outboxEmptied();
    showStatus(message("saving"));
    const response = await post(form.getAttribute("action"), "").catch(() => null);
    const result = response ? await response.json().catch(() => ({})) : {};
    if (!response || !response.ok) {
      showStatus(`${message("refused")} ${result.detail ?? ""}`, { isProblem: true });
      return;
    }
    showStatus(message("undone"));
    const loaded = await load(result.path);
    if (loaded && current()) show(loaded);
    else location.assign(result.path);
  }

  window.addEventListener("online", () => wakeUp());
  window.addEventListener("beforeunload", (event) => { if (outbox.length) event.preventDefault(); });

  // --- forms and links that need no page load ---------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id === "decide-form" || form.id === "escalate-form") {
      event.preventDefault();
      decide(form, event.submitter);
    } else if (form.id === "undo") {
      event.preventDefault();
      undo(form);
    }
  });

  document.addEventListener("click", async (event) => {
    if (event.target.closest("#show-shortcuts")) byId("shortcuts").showModal();
    const link = event.target.closest("a[data-key]");
    if (!link || !current() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.dataset.key === "k" && history.state?.isReview) {
      event.preventDefault();
      history.back();
    } else if (link.dataset.key === "j" || link.dataset.key === "s") {
      event.preventDefault();
      const loaded = await load(link.href).catch(() => null);
      if (loaded) show(loaded);
    }
  });

  window.addEventListener("popstate", async () => {
    if (!current()) return;
    const loaded = await load(location.href).catch(() => null);
    if (loaded) show(loaded, { push: false });
    else location.reload();
  });

  // --- keyboard shortcuts -----------------------------------------------------------------------------------------

  const isTyping = (target) => target.closest?.("input:not([type=checkbox]), textarea, select");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isTyping(event.target)) event.target.blur();
    if (root.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (key === "b") root.classList.add("unblurred");
    else if (key === "m") highlightNext();
    else if (!pressShortcut(key)) moveInList(key);
    else event.preventDefault();
  });

  document.addEventListener("keyup", (event) => {
    if (event.key.toLowerCase() === "b") root.classList.remove("unblurred");
  });
  window.addEventListener("blur", () => root.classList.remove("unblurred"));

  function pressShortcut(key) {
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target || target.closest("[hidden]")) return false;
    if (target.matches("input")) target.focus();
    else if (target.matches("summary")) {
      target.parentElement.open = true;
      target.parentElement.querySelector("button").focus();
    } else target.click();
    return true;
  }

  function highlightNext() {
    const links = [...document.querySelectorAll(".marks a")];
    const index = links.findIndex((link) => link.hasAttribute("aria-current"));
    links[(index + 1) % links.length]?.click();
  }

  function moveInList(key) {
    const links = [...document.querySelectorAll(".queue a.text")];
    const index = links.indexOf(document.activeElement);
    if (key === "j") links[Math.min(index + 1, links.length - 1)]?.focus();
    if (key === "k") links[Math.max(index - 1, 0)]?.focus();
  }

  // --- claims: extended while the moderator is active, released when the page is left -----------------------------

  let activeAt = Date.now();
  let claimsKeptAt = 0;
  for (const type of ["keydown", "pointermove", "scroll", "touchstart"]) {
    document.addEventListener(type, () => { activeAt = Date.now(); }, { passive: true, capture: true });
  }

  const claimed = () => {
    const next = prefetched?.page.getElementById("review") ?? null;
    return [current(), next].filter((review) => review?.dataset.pending === "yes");
  };

  // A beacon is sent even while the page is being closed, and may arrive after the request for the next page. The
  // server therefore ignores it if the comment has been opened since `seen_at`. Comments in the outbox stay claimed.
  function releaseClaims({ except = null } = {}) {
    const kept = [except, ...outbox.map((item) => item.comment)];
    for (const { dataset } of claimed().filter((review) => !kept.includes(review.dataset.comment))) {
      const fields = { action: "release", seen_at: dataset.seenAt, form_key: formKey() };
      navigator.sendBeacon(dataset.claimUrl, new URLSearchParams(fields));
    }
  }

  async function keepClaims() {
    if (!current()) return;
    const claimMs = Number(current().dataset.claimSeconds) * 1000;
    if (document.hidden || Date.now() - activeAt > claimMs) return;
    for (const review of claimed()) {
      const response = await post(review.dataset.claimUrl, "action=keep").catch(() => null);
      if (!response) return;
      const result = response.ok ? await response.json() : {};
      if (result.seen_at) review.dataset.seenAt = result.seen_at;
      if (result.colleague && review === current()) location.reload();
    }
    claimsKeptAt = Date.now();
  }

  window.addEventListener("pagehide", () => releaseClaims());
  window.addEventListener("pageshow", (event) => { if (event.persisted) keepClaims(); });

  // --- queue page: live counts, and selecting a range of comments -------------------------------------------------

  const POLL_MS = 10000;
  let firstCounts = null;

  function showCounts(counts) {
    const byKey = { ...counts.kinds, comments: counts.comments, escalated: counts.escalated };
    for (const element of document.querySelectorAll("[data-count]")) element.textContent = byKey[element.dataset.count];
    const serialized = JSON.stringify(byKey);
    if (firstCounts !== null && firstCounts !== serialized && byId("changed-notice")) {
      const text = byId("changed-notice").querySelector("[data-message]");
      text.textContent = text.dataset.message;
      byId("changed-notice").hidden = false;
    }
    firstCounts ??= serialized;
  }

  async function poll() {
    const response = await fetch("/queue/counts", { headers: { Accept: "application/json" } }).catch(() => null);
    if (response?.ok) showCounts(await response.json());
  }

  function streamCounts() {
    const stream = new EventSource("/queue/changes");
    stream.addEventListener("counts", (event) => showCounts(JSON.parse(event.data)));
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) setInterval(poll, POLL_MS);
    });
    // An open stream would keep the page out of the back/forward cache.
    window.addEventListener("pagehide", () => stream.close());
  }

  let lastClicked = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("#selection input[type=checkbox]");
    if (!box) return;
    const boxes = [...document.querySelectorAll("#selection input[type=checkbox]")];
    if (event.shiftKey && lastClicked) {
      const [from, to] = [boxes.indexOf(lastClicked), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    lastClicked = box;
  });

  // htmx ignores error pages (for instance after a wrong number in a filter): load them as a whole page.
  document.addEventListener("htmx:responseError", (event) => { event.target.closest?.("form")?.submit(); });

  // --- start ------------------------------------------------------------------------------------------------------

  root.classList.add("scripted");
  if (current()) {
    prefetch();
    setInterval(keepClaims, (Number(current().dataset.claimSeconds) * 1000) / 3);
  }
  if (document.querySelector("[data-count]")) streamCounts();
  if (outbox.length) sendOutbox();
})();
