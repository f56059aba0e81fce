import { element } from './elements.ts';

const KEY = 'theme';
const system = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<(dark: boolean) => void>();

/** Whether the page is dark now; head.html settled it before the first paint. */
export function isDark(): boolean {
  return document.documentElement.dataset['theme'] === 'dark';
}

/** Calls the listener whenever light turns to dark or back. */
export function onTheme(listener: (dark: boolean) => void): void {
  listeners.add(listener);
}

/** Makes the masthead's button a switch; what it is set to is kept only while it differs from the system's. */
export function wireTheme(): void {
  const button = element('theme', HTMLButtonElement);
  const apply = (dark: boolean) => {
    button.setAttribute('aria-pressed', String(dark));
    if (dark === isDark()) return;
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
    for (const listener of listeners) listener(dark);
  };
  button.addEventListener('click', () => {
    const dark = !isDark();
    keep(dark === system.matches ? undefined : dark ? 'dark' : 'light');
    apply(dark);
  });
  system.addEventListener('change', () => {
    if (kept() === undefined) apply(system.matches);
  });
  // What another tab was switched to; null where its storage was cleared.
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY || key === null) {
      apply(newValue === null ? system.matches : newValue === 'dark');
    }
  });
  apply(isDark());
}

/** A browser that keeps nothing (storage refused) still switches, for this visit. */
function keep(theme: string | undefined): void {
  try {
    if (theme === undefined) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    remembered = theme;
  }
}

function kept(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return remembered;
  }
}

let remembered: string | undefined;
