/** What a page may do: run and show what this origin serves, and nothing written into it. `confab` makes addresses of our workers only. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types confab',
].join('; ')

/** What the page's service worker may do: ask this origin. */
export const workerPolicy = "default-src 'none'; connect-src 'self'"

/** What an answer may do that is no page: nothing. */
const answerPolicy = "default-src 'none'; frame-ancestors 'none'"
/** A file that somebody uploaded: opened by itself it has no origin, no script and no form. */
export const filePolicy = `${answerPolicy}; sandbox`

const own = ['microphone', 'publickey-credentials-create', 'publickey-credentials-get']
const nobody = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'clipboard-read',
  'compute-pressure',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'keyboard-map',
  'local-fonts',
  'magnetometer',
  'midi',
  'payment',
  'picture-in-picture',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'usb',
  'window-management',
  'xr-spatial-tracking',
]
const permissions = [...own.map(name => `${name}=(self)`), ...nobody.map(name => `${name}=()`)].join(', ')

/** The headers of every answer, whatever it is. `secure`: the site is on https (RFC 6797). */
export const everyAnswer = (secure: boolean): Readonly<Record<string, string>> => ({
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': permissions,
  'Content-Security-Policy': answerPolicy,
  ...(secure && { 'Strict-Transport-Security': 'max-age=31536000' }),
})
