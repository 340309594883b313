const schemes = new Set(['http:', 'https:', 'mailto:'])

/**
 * The address a link may lead to, as the browser will read it (WHATWG URL), or `null`. Only whole addresses with a scheme of the list
 * pass: the parser drops tabs, line breaks and leading controls and folds case as the browser does, so no spelling of
 * `javascript:` hides from it.
 */
export function safeHref(written: string): string | null {
  const url = URL.canParse(written) ? new URL(written) : null
  return url && schemes.has(url.protocol) ? url.href : null
}
