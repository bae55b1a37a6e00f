// What the page does by itself; all else is asked of the server. No library, no address outside.

// Colours: the reader's choice lasts in this browser; without one, the system's.
const kept = () => { try { return localStorage.getItem('theme'); } catch { return null; } };
const paint = () => {
  const dark = kept() ? kept() === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.classList.toggle('dark', dark);
  document.body?.classList.toggle('dark', dark);
};
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);

// Gradio sets the class on <body> once more when it starts.
const settle = () => {
  paint();
  new MutationObserver(() => {
    const wanted = document.documentElement.classList.contains('dark');
    if (document.body.classList.contains('dark') !== wanted) paint();
  }).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  new MutationObserver(announce).observe(document.body, { childList: true, subtree: true });
};
addEventListener('DOMContentLoaded', settle);

// Areas that tell of their changes, for screen readers; the main landmark.
function announce() {
  for (const area of document.querySelectorAll('.polite:not([aria-live])')) {
    area.setAttribute('aria-live', 'polite');
  }
  refocus();
}

// A part that is drawn anew keeps the keyboard where it was.
let held = null;
addEventListener('focusin', (event) => {
  const key = event.target.dataset?.key;
  held = key ? { key, area: event.target.closest('.live')?.id } : null;
});
function refocus() {
  if (!held || (document.activeElement && document.activeElement !== document.body)) return;
  const area = held.area ? document.getElementById(held.area) : document;
  area?.querySelector(`[data-key="${CSS.escape(held.key)}"]`)?.focus({ preventScroll: true });
}

addEventListener('click', async (event) => {
  if (event.target.closest('[data-theme-switch]')) {
    const dark = !document.documentElement.classList.contains('dark');
    try { localStorage.setItem('theme', dark ? 'dark' : 'light'); } catch { /* this page only */ }
    paint();
    return;
  }
  const copying = event.target.closest('[data-copy]');
  if (copying) {
    const label = copying.textContent;
    if (await copied(copying.dataset.copy)) {
      copying.textContent = copying.dataset.done;
      setTimeout(() => { copying.textContent = label; }, 2000);
    }
  }
  // a citation was pressed: when its source is drawn, the keyboard goes there, and Escape back
  const opening = event.target.closest('[data-act="cite"], [data-act="evidence"], [data-act="open"]');
  if (opening) await lead(opening);
});

async function copied(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = words;
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }
}

let cameFrom = null;
function lead(opening) {
  const results = opening.closest('#results');
  const panel = document.getElementById(results ? 'seen' : 'source');
  if (!panel) return;
  cameFrom = opening.dataset.key;
  const before = panel.querySelector('.source');
  const arrived = new MutationObserver(() => {
    const shown = panel.querySelector('.source');
    if (!shown || shown === before) return;
    arrived.disconnect();
    shown.focus({ preventScroll: false });
  });
  arrived.observe(panel, { childList: true, subtree: true });
  setTimeout(() => arrived.disconnect(), 30000);
}

addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && event.target.closest?.('.source') && cameFrom) {
    document.querySelector(`[data-key="${CSS.escape(cameFrom)}"]`)?.focus();
    return;
  }
  const result = event.target.closest?.('.result');
  if (!result || event.target !== result || event.ctrlKey || event.altKey || event.metaKey) return;
  const press = (act) => result.querySelector(`[data-act="${act}"]`)?.click();
  if (event.key === 'ArrowDown' || event.key === 'j') result.nextElementSibling?.focus();
  else if (event.key === 'ArrowUp' || event.key === 'k') result.previousElementSibling?.focus();
  else if (event.key === 'Enter' || event.key === 'o') press('open');
  else if (event.key === 'a' || event.key === 'A') press('take');
  else return;
  event.preventDefault();
});
