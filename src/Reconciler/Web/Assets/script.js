// Makes the page live: hears of changes by server-sent events, asks for the page once more, and takes over the parts that differ.
// Without it the page shows the same, as it was when it was asked for.
"use strict";
(() => {
  const live = document.getElementById("live");
  const word = document.getElementById("live-word");
  const regions = (page) => [...page.querySelectorAll("[data-live]")];

  // As the server wrote them: what this script changes in them does not count as a difference.
  const written = new Map(regions(document).map((region) => [region.id, region.innerHTML]));

  const ago = (seconds) => {
    const away = Math.abs(seconds);
    const [number, unit] =
      away < 60 ? [Math.floor(away), "s"]
      : away < 3600 ? [Math.floor(away / 60), "min"]
      : away < 86400 ? [Math.floor(away / 3600), "h"]
      : [Math.floor(away / 86400), "d"];
    return away < 2 ? "now" : seconds > 0 ? `${number} ${unit} ago` : `in ${number} ${unit}`;
  };

  const tellTimes = (root) => {
    for (const time of root.querySelectorAll("time[data-ago]")) {
      time.title ||= time.textContent;
      const said = ago((Date.now() - Date.parse(time.dateTime)) / 1000);
      if (time.textContent !== said) time.textContent = said;
    }
  };

  const show = (state, text) => {
    live.hidden = false;
    live.dataset.state = state;
    if (word.textContent !== text) word.textContent = text;
  };

  const takeOver = (page) => {
    const style = (doc) => doc.querySelector("link[rel=stylesheet]").getAttribute("href");
    if (style(page) !== style(document)) {
      location.reload(); // another version of the program
      return;
    }

    for (const fresh of regions(page)) {
      const region = document.getElementById(fresh.id);
      if (!region || written.get(fresh.id) === fresh.innerHTML) continue;
      written.set(fresh.id, fresh.innerHTML);
      const focused = region.contains(document.activeElement) ? document.activeElement : null;
      const open = new Set([...region.querySelectorAll("details[open][id]")].map((details) => details.id));
      region.replaceChildren(...fresh.childNodes);
      for (const id of open) document.getElementById(id)?.setAttribute("open", "");
      if (focused?.id) document.getElementById(focused.id)?.focus();
      else if (focused?.getAttribute("href")) region.querySelector(`a[href="${CSS.escape(focused.getAttribute("href"))}"]`)?.focus();
      tellTimes(region);
    }
  };

  // One question at a time, and at most one a second, however much happens.
  let asking = false;
  let again = false;
  const refresh = async () => {
    if (asking) {
      again = true;
      return;
    }

    asking = true;
    try {
      const answer = await fetch(location.href, { cache: "no-cache", headers: { Accept: "text/html" } });
      if (answer.ok) takeOver(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The stream tells when the daemon is back.
    }

    setTimeout(() => {
      asking = false;
      if (again) {
        again = false;
        refresh();
      }
    }, 1000);
  };

  let events = null;
  let seen = null;
  const listen = () => {
    if (events || document.hidden) return;
    events = new EventSource("/api/v1/events");
    events.onopen = () => show("on", "Live");
    events.addEventListener("status", (event) => {
      if (event.lastEventId !== seen) refresh();
      seen = event.lastEventId;
    });
    events.onerror = () => {
      show("off", "Not live");
      if (events.readyState === EventSource.CLOSED) {
        events = null;
        setTimeout(listen, 30000);
      }
    };
  };

  // The log grows at its end; whoever reads further up is left there.
  const followLog = () => {
    const log = document.getElementById("log");
    if (!log) return;
    log.scrollTop = log.scrollHeight;
    if (!log.dataset.follow) return;
    const most = 2000;
    const lines = new EventSource(log.dataset.follow);
    lines.addEventListener("line", (event) => {
      const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
      log.append(event.data + "\n");
      while (log.childNodes.length > most) log.firstChild.remove();
      if (atEnd) log.scrollTop = log.scrollHeight;
    });
    lines.addEventListener("end", () => lines.close());
    addEventListener("pagehide", () => lines.close());
  };

  // A page nobody looks at listens to nothing: browsers allow few connections to one place.
  let clock = null;
  const wake = () => {
    if (document.hidden) {
      events?.close();
      events = null;
      clearInterval(clock);
      clock = null;
      return;
    }

    tellTimes(document);
    clock ??= setInterval(() => tellTimes(document), 10000);
    listen();
  };

  document.addEventListener("visibilitychange", wake);
  addEventListener("pagehide", () => events?.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      events = null;
      wake();
    }
  });
  followLog();
  wake();
})();
