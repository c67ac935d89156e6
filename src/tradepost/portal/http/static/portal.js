// Looks every two seconds how far the cell is, for as long as something is on its way.
// Without it the page works as well: it has a link to look again.
"use strict";
const live = document.getElementById("live");
if (live) {
  const look = async () => {
    if (live.dataset.waiting !== "yes") return;
    try {
      const answer = await fetch(live.dataset.live, { headers: { accept: "text/html" } });
      if (answer.ok && !answer.redirected) {
        const waiting = answer.headers.get("x-waiting");
        if (waiting === "no") { location.reload(); return; }
        const text = await answer.text();
        if (text !== look.last && !live.contains(document.activeElement)) live.innerHTML = text;
        look.last = text;
      }
    } catch { /* the line is down: look again */ }
    setTimeout(look, 2000);
  };
  setTimeout(look, 1000);
}
