// What the page does by itself; all else is asked of the server. No library, no address outside.

// Colours: the reader's choice lasts in this browser; without one, the system's.
const kept = () => { try { return localStorage.getItem('theme'); } catch { return null; } };
const paint = () => {
  const dark = kept() ? kept() === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.classList.toggle('dark', dark);
  document.body?.classList.toggle('dark', dark);
};
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);

function settle() {
  paint();
  new MutationObserver(() => { // Gradio sets the class on <body> once more when it starts
    const wanted = document.documentElement.classList.contains('dark');
    if (document.body.classList.contains('dark') !== wanted) paint();
  }).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  new MutationObserver(redrawn).observe(document.body, {
    childList: true, subtree: true, characterData: true,
    attributes: true, attributeFilter: ['class', 'data-item', 'data-key'],
  });
  announce();
}

// Gradio draws an area anew by changing the elements that are there into the wanted ones, one by
// one: a field, the keyboard's place, may then stand for something else than they did.
function redrawn(changes) {
  for (const { target } of changes) {
    const field = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
    if (field?.matches('.live textarea')) rewrite(field);
  }
  announce();
  refocus();
}

// A note stays with its excerpt: what was typed for another one does not stay in the field.
const written = new WeakMap();
function rewrite(field) {
  const other = written.has(field) && written.get(field) !== field.dataset.item;
  written.set(field, field.dataset.item);
  if (other || field !== document.activeElement) field.value = field.defaultValue;
}
addEventListener('focusin', ({ target }) => {
  if (target.matches('.live textarea')) written.set(target, target.dataset.item);
});

// What Gradio's own parts do not say to a screen reader.
function announce() {
  for (const area of document.querySelectorAll('.polite:not([aria-live])')) {
    area.setAttribute('aria-live', 'polite');
  }
  for (const fold of document.querySelectorAll('button.label-wrap')) {
    const open = String(fold.classList.contains('open'));
    if (fold.getAttribute('aria-expanded') !== open) fold.setAttribute('aria-expanded', open);
    fold.querySelector('.icon')?.setAttribute('aria-hidden', 'true');
  }
  const tab = document.querySelector('#tabs [role="tab"][aria-selected="true"]');
  for (const panel of document.querySelectorAll('#tabs [role="tabpanel"]:not([aria-label])')) {
    if (tab && panel.offsetParent) panel.setAttribute('aria-label', tab.textContent.trim());
  }
  const drop = document.querySelector('#upload .upload-container:not([data-named])');
  if (drop) {
    const said = [document.querySelector('#upload label'), drop.querySelector('.wrap')];
    drop.dataset.named = 'yes';
    drop.setAttribute('aria-label', said.map((part) => part?.innerText.trim()).join(' : '));
    drop.removeAttribute('aria-dropeffect');
  }
}

// The keyboard stays on what it was on, wherever that is now; when it is gone, on what stands there
// for the same thing (« up » for « down »), else on the same action for the next thing.
let held = null;
addEventListener('focusin', ({ target }) => {
  const area = target.closest('.live');
  if (!target.dataset.key || !area) { held = null; return; }
  const { key, act, item } = target.dataset;
  held = {
    key, act, item, area,
    among: same(area, 'item', item).indexOf(target),
    place: same(area, 'act', act).indexOf(target),
  };
});
addEventListener('pointerdown', () => { held = null; }, true);
const same = (area, name, value) => [...area.querySelectorAll(`[data-${name}="${CSS.escape(value ?? '')}"]`)];
function refocus() {
  const now = document.activeElement;
  if (!held || now?.dataset?.key === held.key) return;
  if (now && now !== document.body && !held.area.contains(now)) return;
  const { key, act, item, area, among, place } = held;
  const at = (found, nth) => found[Math.min(nth, found.length - 1)];
  const next = same(area, 'key', key)[0] ?? (item && at(same(area, 'item', item), among))
    ?? at(same(area, 'act', act), place);
  if (next) next.focus({ preventScroll: true });
  else if (now === document.body) { area.tabIndex = -1; area.focus({ preventScroll: true }); }
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
    return;
  }
  const opening = event.target.closest('[data-act="cite"], [data-act="evidence"], [data-act="open"], [data-act="open-kept"], [data-act="judge"], [data-act="say"], [data-act="skip"], [data-act="back"]');
  if (opening) lead(opening);
});

async function copied(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch { // an address without a certificate has no clipboard
    const field = document.createElement('textarea');
    field.value = words;
    document.body.append(field);
    field.select();
    const done = document.execCommand('copy');
    field.remove();
    return done;
  }
}

// Something is opened: when its source is drawn the keyboard goes there, and Escape back; unless
// the reader has gone elsewhere meanwhile.
let cameFrom = null;
function lead(opening) {
  const shows = opening.closest('#results, #basket') ? 'seen' : opening.closest('#samples, #judging') ? 'judging' : 'source';
  const panel = document.getElementById(shows);
  if (!panel) return;
  const wanted = shows === 'judging' ? '.judging' : '.source';
  const before = shows === 'judging' ? panel.querySelector(wanted) : null;
  const from = document.activeElement?.dataset?.key ? document.activeElement : opening;
  cameFrom = { area: opening.closest('.live'), key: from.dataset.key };
  const arrived = new MutationObserver(() => {
    const shown = panel.querySelector(wanted);
    if (!shown || shown === before) return;
    arrived.disconnect();
    const now = document.activeElement;
    if (now === from || now === document.body) shown.focus();
  });
  arrived.observe(panel, { childList: true, subtree: true, characterData: true, attributes: true });
  setTimeout(() => arrived.disconnect(), 30000);
}

// Gradio's lists take any key for something typed and open, even that with which one leaves.
addEventListener('keydown', (event) => {
  const typed = !event.ctrlKey && !event.altKey && !event.metaKey && event.key !== 'Tab' && event.key !== 'Shift';
  if (!typed && event.target.role === 'combobox') event.stopPropagation();
}, true);

addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && cameFrom && event.target.closest?.('.source')) {
    same(cameFrom.area, 'key', cameFrom.key)[0]?.focus();
    return;
  }
  const result = event.target.closest?.('.result');
  if (!result || event.target !== result || event.ctrlKey || event.altKey || event.metaKey) return;
  const press = (...acts) => acts.some((act) => {
    const found = result.querySelector(`[data-act="${act}"]`);
    found?.click();
    return found;
  });
  if (event.key === 'ArrowDown' || event.key === 'j') result.nextElementSibling?.focus();
  else if (event.key === 'ArrowUp' || event.key === 'k') result.previousElementSibling?.focus();
  else if (event.key === 'Enter' || event.key === 'o') press('open');
  else if (event.key === 'a' || event.key === 'A') press('take', 'take-all');
  else return;
  event.preventDefault();
});

if (document.body) settle(); // Gradio puts this script into the page when the page is there
else addEventListener('DOMContentLoaded', settle);

// Judging: the letter of a choice presses it, wherever the keyboard is in what is judged.
addEventListener('keydown', (event) => {
  const judged = event.target.closest?.('.judging');
  if (!judged || event.target.tagName === 'TEXTAREA' || event.ctrlKey || event.altKey || event.metaKey) return;
  const choice = judged.querySelector(`[data-letter="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!choice) return;
  event.preventDefault();
  choice.click();
});
