/** Who looks at the page. */
export interface Visitor {
  /** The page's address, without its path: "http://10.0.0.2:8080". */
  readonly origin: string;
  readonly userAgent: string;
  /** Fingers that the screen tells apart: an iPad calls itself a Macintosh, and no Macintosh has a touch screen. */
  readonly maxTouchPoints: number;
}

export type System = 'Windows' | 'macOS' | 'Linux' | 'ChromeOS' | 'Android' | 'iOS' | 'iPadOS';

/** The visitor's browser, as far as it tells. */
export interface BrowserSeen {
  /** "Samsung Internet" */
  readonly name: string;
  readonly engine: 'chromium' | 'gecko' | 'webkit' | undefined;
  /** Major version: of Chromium, Firefox or Safari; undefined where it is not told. */
  readonly version: number | undefined;
  readonly system: System | undefined;
  /** Its own pages are at "edge://". */
  readonly scheme: string;
  /** What starts it on Linux. */
  readonly program: string;
}

/** Names of browsers that are built on another one, and those in the order in which one names the other. */
const NAMES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bEdg(A|iOS)?\//, 'Edge'],
  [/\b(OPR|OPT|OPX)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bYaBrowser\//, 'Yandex Browser'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|CriOS)\//, 'Chrome'],
  [/\bChromium\//, 'Chromium'],
];

const PROGRAMS: Readonly<Record<string, string>> = {
  Edge: 'microsoft-edge',
  Opera: 'opera',
  Vivaldi: 'vivaldi',
};

export function browserOf(visitor: Visitor): BrowserSeen {
  const { userAgent } = visitor;
  const system = systemOf(visitor);
  const engine = engineOf(userAgent, system);
  const isApples = system === 'macOS' || system === 'iOS' || system === 'iPadOS';
  const plain = engine === 'webkit' ? (isApples ? 'Safari' : 'WebKitGTK') : 'This browser';
  const name = NAMES.find(([pattern]) => pattern.test(userAgent))?.[1] ?? plain;
  const version = {
    chromium: /Chrom(?:e|ium)\/(\d+)/,
    gecko: /Firefox\/(\d+)/,
    webkit: /Version\/(\d+)/,
  }[engine ?? 'webkit'].exec(userAgent)?.[1];
  return {
    name,
    engine,
    version: version === undefined ? undefined : Number(version),
    system,
    scheme: name === 'Edge' || name === 'Opera' ? name.toLowerCase() : 'chrome',
    program: PROGRAMS[name] ?? 'google-chrome',
  };
}

function systemOf({ userAgent, maxTouchPoints }: Visitor): System | undefined {
  if (/iPhone|iPod/.test(userAgent)) return 'iOS';
  if (/iPad/.test(userAgent)) return 'iPadOS';
  if (/Macintosh/.test(userAgent)) return maxTouchPoints > 1 ? 'iPadOS' : 'macOS';
  if (/Android/.test(userAgent)) return 'Android';
  if (/CrOS/.test(userAgent)) return 'ChromeOS';
  if (/Windows/.test(userAgent)) return 'Windows';
  return /Linux|X11/.test(userAgent) ? 'Linux' : undefined;
}

function engineOf(userAgent: string, system: System | undefined): BrowserSeen['engine'] {
  // whatever a browser is called there, Apple's engine is inside
  if (system === 'iOS' || system === 'iPadOS') return 'webkit';
  if (/Firefox\//.test(userAgent)) return 'gecko';
  if (/Chrom(e|ium)\//.test(userAgent)) return 'chromium';
  return /AppleWebKit\//.test(userAgent) ? 'webkit' : undefined;
}
