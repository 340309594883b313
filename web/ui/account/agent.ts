/** By what they call themselves. The order counts: most browsers claim to be others as well. */
const browsers: readonly [RegExp, string][] = [
  [/\bEdgA?\/|\bEdgiOS\//, 'Edge'],
  [/\bOPR\/|\bOPT\//, 'Opera'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bChromium\//, 'Chromium'],
  [/\b(Headless)?Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
]

const systems: readonly [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
]

/**
 * The browser and the system that a User-Agent (RFC 9110, section 10.1.5) speaks of; `null` for what it does not tell. A program that
 * is no browser is called by its first product, such as "curl".
 */
export function agentOf(userAgent: string): { browser: string | null; system: string | null } {
  const named = (list: readonly [RegExp, string][]) =>
    list.find(([sign]) => sign.test(userAgent))?.[1] ?? null
  return { browser: named(browsers) ?? productOf(userAgent), system: named(systems) }
}

const productOf = (userAgent: string): string | null => {
  const product = /^[A-Za-z][\w.-]{0,40}/.exec(userAgent)?.[0]
  return product === undefined || product === 'Mozilla' ? null : product
}
